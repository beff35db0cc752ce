"""Results over HTTP on a real MongoDB: submit, repeat, correct, withdraw, race, list, scope."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from services.monitoring.domain import Dated, Municipality
from services.monitoring.usecases import Monitoring
from shared.mongo import Database
from shared.web import write_cursor
from tests.integration.monitoring.made import by, posted, told, told_batch
from tests.plans import looking
from tests.unit.monitoring.made import TROITSK, ZLATOUST, body


async def test_one_result_is_stored_and_told(http: httpx.AsyncClient, database: Database):
    answer = await http.post("/v1/results", json=body(), headers={"X-Correlation-Id": "story-1"})
    item = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"/v1/results/{item['id']}"
    assert (item["status"], item["revision"], item["values"]) == ("accepted", 1, {"i1": "2", "i2": "1.5"})
    assert item["subject"]["municipality"] == {"id": ZLATOUST.id, "name": "Златоустовский ГО", "oktmo": "75712000"}
    [(participle, payload)] = await told(database)
    assert (participle, payload["result"], payload["quiet"]) == ("accepted", item["id"], False)
    assert payload["submitted_by"]["role"] == item["submitted_by"]
    [row] = await database.find("outbox", {"topic": "monitoring.result.v1"})
    assert row["headers"]["ce_correlationid"] == "story-1"
    assert row["key"] == ZLATOUST.id.encode()


async def test_a_second_result_names_the_first(http: httpx.AsyncClient, database: Database):
    first = await posted(http)
    for subject in (ZLATOUST.id, "75712000"):
        again = await http.post("/v1/results", json=body(subject={"municipality": subject}))
        assert (again.status_code, again.json()["code"], again.json()["result"]) == (409, "result-exists", first)
    assert len(await told(database)) == 1


async def test_the_same_key_gives_the_same_answer(http: httpx.AsyncClient, database: Database):
    one = await http.post("/v1/results", json=body(), headers={"Idempotency-Key": "k"})
    two = await http.post("/v1/results", json=body(), headers={"Idempotency-Key": "k"})
    assert (one.status_code, two.status_code) == (201, 201)
    assert (one.json(), one.headers["etag"]) == (two.json(), two.headers["etag"])
    other = await http.post("/v1/results", json=body(period="2021"), headers={"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await told(database)) == 1


async def test_a_race_under_one_key_has_one_answer(http: httpx.AsyncClient, database: Database):
    answers = await asyncio.gather(
        *(http.post("/v1/results", json=body(), headers={"Idempotency-Key": "k"}) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await told(database)) == 1


async def test_a_race_without_a_key_has_one_winner(http: httpx.AsyncClient, database: Database):
    answers = await asyncio.gather(*(http.post("/v1/results", json=body()) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    assert len(await told(database)) == 1


async def test_a_correction_and_a_withdrawal_are_revisions(http: httpx.AsyncClient, database: Database):
    found = await posted(http)
    at = f"/v1/results/{found}/revisions"
    two = await http.post(at, json={"values": {"i1": 0, "i2": None}, "reason": "ошибка"}, headers={"If-Match": '"1"'})
    assert (two.status_code, two.headers["etag"], two.json()["status"]) == (201, '"2"', "corrected")
    gone = await http.post(at, json={"withdrawn": True, "reason": "снято"}, headers={"If-Match": '"2"'})
    assert (gone.status_code, gone.json()["status"], gone.json()["values"]) == (201, "withdrawn", None)
    na = {"not_applicable": {"reason": "не участвовал", "act": "приказ 1"}, "reason": "уточнено"}
    back = await http.post(at, json=na, headers={"If-Match": '"3"'})
    assert (back.status_code, back.json()["not_applicable"]["act"]) == (201, "приказ 1")
    listed = (await http.get(at)).json()["items"]
    assert [(item["revision"], item["status"]) for item in listed] == [
        (1, "accepted"), (2, "corrected"), (3, "withdrawn"), (4, "corrected"),
    ]  # fmt: skip
    paged = (await http.get(at, params={"limit": 3})).json()
    rest = (await http.get(at, params={"limit": 3, "cursor": paged["next"]})).json()
    assert ([item["revision"] for item in rest["items"]], rest["next"]) == ([4], None)
    assert [kind for kind, _ in await told(database)] == ["accepted", "corrected", "withdrawn", "corrected"]


async def test_the_same_content_again_makes_no_revision(http: httpx.AsyncClient, database: Database):
    found = await posted(http)
    same = await http.post(
        f"/v1/results/{found}/revisions",
        json={"values": {"i1": "2.0", "i2": 1.5}, "reason": "то же"},
        headers={"If-Match": '"1"'},
    )
    assert (same.status_code, same.headers["etag"], same.json()["status"]) == (200, '"1"', "unchanged")
    assert len(await told(database)) == 1


@pytest.mark.parametrize(("if_match", "status"), [(None, 428), ('"2"', 412), ("*", 400), ('"x"', 412), ('W/"1"', 400)])
async def test_a_revision_names_what_it_follows(http: httpx.AsyncClient, if_match: str | None, status: int):
    found = await posted(http)
    headers = {} if if_match is None else {"If-Match": if_match}
    answer = await http.post(f"/v1/results/{found}/revisions", json={"withdrawn": True, "reason": "x"}, headers=headers)
    assert answer.status_code == status, answer.text


async def test_a_race_of_revisions_has_one_winner(http: httpx.AsyncClient, database: Database):
    found = await posted(http)
    answers = await asyncio.gather(
        *(
            http.post(
                f"/v1/results/{found}/revisions",
                json={"values": {"i1": 0, "i2": f"0.{n + 1}"}, "reason": "гонка"},
                headers={"If-Match": '"1"'},
            )
            for n in range(8)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, *[412] * 7]
    assert [payload["revision"] for _, payload in await told(database)] == [1, 2]


async def test_a_revision_repeated_under_its_key_is_made_once(http: httpx.AsyncClient, database: Database):
    found = await posted(http)
    answers = await asyncio.gather(
        *(
            http.post(
                f"/v1/results/{found}/revisions",
                json={"withdrawn": True, "reason": "x"},
                headers={"If-Match": '"1"', "Idempotency-Key": "r"},
            )
            for _ in range(4)
        )
    )
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert len(await told(database)) == 2
    other = await http.post(
        f"/v1/results/{found}/revisions",
        json={"withdrawn": True, "reason": "x"},
        headers={"If-Match": '"2"', "Idempotency-Key": "r"},
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_wrong_revision_is_refused_in_words(http: httpx.AsyncClient):
    found = await posted(http)
    answer = await http.post(
        f"/v1/results/{found}/revisions",
        json={"values": {"i1": 9, "i2": 0}, "reason": "x", "occurred_at": "2999-01-01T00:00:00Z"},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 422
    answer = await http.post(
        f"/v1/results/{found}/revisions",
        json={"values": {"i1": 9, "i2": 0}, "reason": "x"},
        headers={"If-Match": '"1"'},
    )
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/values/i1"]


async def test_a_list_is_filtered_and_paged_in_the_order_of_recording(http: httpx.AsyncClient):
    made = [await posted(http, period=f"{2010 + n}") for n in range(5)]
    other = await posted(http, subject={"municipality": TROITSK.id}, period="2010")
    walked: list[str] = []
    params: dict[str, Any] = {"municipality": "75712000", "limit": 2}
    while True:
        page = (await http.get("/v1/results", params=params)).json()
        walked += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert walked == made
    year = (await http.get("/v1/results", params={"period": "2010", "procedure": "vpr"})).json()["items"]
    assert [item["id"] for item in year] == [made[0], other]
    after = year[0]["recorded_at"]
    changed = (await http.get("/v1/results", params={"changed_after": after})).json()["items"]
    assert [item["id"] for item in changed] == [*made[1:], other]
    for thing, code in (
        ("municipality", "unknown-municipality"),
        ("procedure", "unknown-procedure"),
        ("period", "wrong-format"),
    ):
        nowhere = await http.get("/v1/results", params={thing: "nowhere"})
        [wrong] = nowhere.json()["errors"]
        assert (nowhere.status_code, wrong["pointer"], wrong["code"]) == (422, f"/{thing}", code)
    assert (await http.get("/v1/refusals", params={"code": "Не код"})).status_code == 422
    assert (await http.get("/v1/results", params={"cursor": "forged"})).status_code == 400
    # As handed out before `since` was told.
    before = {**params, "cursor": write_cursor("results", [after, made[0]])}
    left = (await http.get("/v1/results", params={**before, "limit": 10})).json()
    assert [item["id"] for item in left["items"]] == made[1:]
    assert left["changed_after"] < after, "those who go on from there miss nothing"


async def test_a_code_means_its_bearer_in_the_period_at_both_doors(http: httpx.AsyncClient, uses: Monitoring):
    """The code of Zlatoust passes to another municipality, which comes before it in the alphabet."""
    heir = Municipality("74-an-heir", 1, (Dated("Наследник", "75712000", date(2023, 1, 1)),))
    dated = replace(ZLATOUST.history[0], until=date(2023, 1, 1))
    await uses.directing.territory_told(told_batch(), [heir, replace(ZLATOUST, revision=2, history=(dated,))], [])
    old = await posted(http, subject={"municipality": ZLATOUST.id}, period="2022")
    new = await posted(http, subject={"municipality": heir.id}, period="2023", occurred_at="2023-11-01T09:00:00+05:00")
    for asked, expected in (({"period": "2022"}, old), ({"period": "2023"}, new), ({}, new)):
        listed = await http.get("/v1/results", params={"municipality": "75712000", **asked})
        assert [item["id"] for item in listed.json()["items"]] == [expected], asked
    by_code = body(subject={"municipality": "75712000"}, period="2022", occurred_at=...)
    again = await http.post("/v1/results", json=by_code)
    assert (again.status_code, again.json()["result"]) == (409, old), "what is sent is what is found"
    unborn = await http.post("/v1/results", json=body(subject={"municipality": heir.id}, period="2022"))
    assert [(one["pointer"], one["code"]) for one in unborn.json()["errors"]] == [("/period", "did-not-exist")]


async def test_a_result_and_a_source_are_read_with_the_name_that_came_since(http: httpx.AsyncClient, uses: Monitoring):
    """Names are the registry's: no revision of ours moves with them."""
    whose = {"name": "Район", "procedures": "all", "clients": ["a"], "municipalities": [ZLATOUST.id]}
    assert (await http.put("/v1/sources/local", json=whose)).status_code == 201
    at = (f"/v1/results/{await posted(http)}", "/v1/sources/local")
    tags = [(await http.get(one)).headers["etag"] for one in at]
    assert tags == ['"1"', '"1"']
    renamed = Municipality(ZLATOUST.id, 2, (replace(ZLATOUST.history[0], name="Златоустовский МО"),))
    await uses.directing.territory_told(told_batch(), [renamed], [])
    result, source = [await http.get(one, headers={"If-None-Match": '"1"'}) for one in at]
    assert (result.status_code, result.json()["subject"]["municipality"]["name"]) == (200, "Златоустовский МО")
    assert (source.status_code, source.json()["municipalities"][0]["name"]) == (200, "Златоустовский МО")
    assert [one.headers["etag"] for one in (result, source)] == tags, "it is for If-Match"
    assert (await http.get("/v1/results/nothing")).status_code == 404


async def test_a_school_finds_its_results_past_those_of_all_others(http: httpx.AsyncClient, database: Database):
    for period in ("2020", "2021", "2022"):
        await posted(http, period=period)
    school = await posted(http, subject={"organization": "school-1"})
    async with looking(database) as looks:
        answer = await http.get("/v1/results?period=2022", headers=by("school"))
    assert [one["id"] for one in answer.json()["items"]] == [school]
    assert [(one.documents, one.found) for one in looks.of("results")] == [(1, 1)]
