"""Procedures, sources and territory: described once, told once, known in every process."""

import asyncio
from typing import Any

import httpx
import pytest

from services.monitoring.domain import Dated, Municipality
from services.monitoring.store import SCHEMAS
from services.monitoring.usecases import Monitoring
from shared.kernel import Cause
from shared.mongo import Database
from shared.testing import eventually
from tests.integration.monitoring.made import ACTORS, monitoring, told, told_batch
from tests.unit.monitoring.made import TROITSK, ZLATOUST, body, procedure

BESIDE = ("key", "revision")
PUT = {
    "code": 12,
    "group": "results",
    "name": "Диагностика",
    "maximum": 3,
    "indicators": [{"key": "i1", "name": "a", "maximum": 2}, {"key": "i2", "name": "b", "maximum": "1.0"}],
    "subject": "municipality",
    "permitted_uses": ["analysis", "support"],
    "act": "письмо",
}


async def test_a_procedure_is_described_once_and_told_once(http: httpx.AsyncClient, database: Database):
    before = len(await told(database, "procedure"))
    one = await http.put("/v1/procedures/diag", json=PUT)
    two = await http.put("/v1/procedures/diag", json=PUT)
    assert (one.status_code, one.headers["etag"], two.status_code, two.headers["etag"]) == (201, '"1"', 200, '"1"')
    assert one.json() == two.json()
    three = await http.put("/v1/procedures/diag", json=PUT | {"name": "Иначе"}, headers={"If-Match": '"1"'})
    assert three.headers["etag"] == '"2"'
    payloads = (await told(database, "procedure"))[before - 2 :]
    assert [payload["revision"] for _, payload in payloads if payload["procedure"] == "diag"] == [1, 2]
    read = await http.get("/v1/procedures/diag")
    assert (read.json()["maximum"], read.json()["indicators"][1]["maximum"]) == ("3", "1")
    assert (await http.get("/v1/procedures/diag", headers={"If-None-Match": '"2"'})).status_code == 304
    listed = await http.get("/v1/procedures")
    assert [item["key"] for item in listed.json()["items"]] == ["vpr", "niko", "diag"]
    of_older_portals = await http.get("/v1/procedures", params={"limit": "200"})
    assert (of_older_portals.status_code, of_older_portals.content) == (200, listed.content)
    assert ("deprecation" in of_older_portals.headers, "deprecation" in listed.headers) == (True, False)
    unchanged = await http.get("/v1/procedures", headers={"If-None-Match": listed.headers["etag"]})
    assert unchanged.status_code == 304
    assert (await http.get("/v1/procedures/nothing")).status_code == 404


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"maximum": 4}, "/maximum"),
        ({"maximum": "x"}, "/maximum"),
        ({"maximum": None}, "/maximum"),
        ({"group": "other"}, "/group"),
        ({"pupils": []}, "/pupils"),
        ({"name": "Диагностика\0"}, "/name"),
        ({"permitted_uses": ["shaming"]}, "/permitted_uses/0"),
        ({"indicators": [{"key": "$x", "name": "a", "maximum": 2}]}, "/indicators/0/key"),
    ],
)
async def test_a_wrong_procedure_is_refused_with_its_place(http: httpx.AsyncClient, more: object, pointer: str):
    answer = await http.put("/v1/procedures/diag", json={**PUT, **dict(more)})
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_a_procedure_too_large_to_be_told_is_refused_with_what_to_shorten(
    http: httpx.AsyncClient, database: Database
):
    indicators = [{"key": f"i{n}", "name": "я" * 500, "maximum": 1} for n in range(200)]
    answer = await http.put("/v1/procedures/diag", json=PUT | {"maximum": 200, "indicators": indicators})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["errors"][0]["pointer"]) == (
        422, "event-too-large", "/indicators",
    )  # fmt: skip
    assert "65536" in problem["detail"]
    assert await database.count("procedures", {"_id": "diag"}) == 0
    shorter = [one | {"name": "я" * 100} for one in indicators]
    taken = await http.put("/v1/procedures/diag", json=PUT | {"maximum": 200, "indicators": shorter})
    assert taken.status_code == 201


async def test_a_source_is_registered_and_listed(http: httpx.AsyncClient):
    one = await http.put("/v1/sources/new", json={"name": "Новая", "procedures": "all", "clients": ["a"]})
    narrower = {"name": "Новая", "procedures": ["vpr"], "clients": ["a"]}
    two = await http.put("/v1/sources/new", json=narrower, headers={"If-Match": '"1"'})
    assert (one.status_code, two.status_code, two.json()["revision"]) == (201, 200, 2)
    listed = (await http.get("/v1/sources")).json()["items"]
    assert [(item["key"], item["procedures"]) for item in listed] == [
        ("gis-education", "all"), ("narrow", ["niko"]), ("new", ["vpr"]), ("portal", "all"),
    ]  # fmt: skip
    for actor, status in (("zlatoust", 200), ("school", 200), ("gis", 403)):
        headers = {"Authorization": f"Bearer {actor}"}
        assert (await http.get("/v1/sources", headers=headers)).status_code == status
        assert (await http.put("/v1/procedures/x", json=PUT, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/procedures/diag", PUT), ("/v1/sources/new", {"name": "Новая", "procedures": "all", "clients": ["a"]})],
)
async def test_a_description_says_what_it_is_written_over(http: httpx.AsyncClient, path: str, body: dict[str, Any]):
    """Two operators who both read revision 1 do not undo one another's change unseen."""

    async def put(name: str, if_match: str | None = None) -> tuple[int, str | None]:
        headers = {"If-Match": if_match} if if_match else {}
        answer = await http.put(path, json=body | {"name": name}, headers=headers)
        return answer.status_code, answer.headers.get("etag")

    async def only_new(**more: str) -> tuple[int, str | None]:
        answer = await http.put(path, json=body, headers={"If-None-Match": "*", **more})
        return answer.status_code, answer.json().get("code")

    assert await put("нет ещё", '"1"') == (412, None)
    first = await http.put(path, json=body, headers={"If-Match": '"0"'})
    assert (first.status_code, first.headers["location"]) == (201, path)
    read = await http.get(first.headers["location"])
    assert (read.status_code, read.headers["etag"], read.json()) == (200, '"1"', first.json())
    assert await put("Один", '"1"') == (200, '"2"')
    assert await put("Другой", '"1"') == (412, None)
    assert await put("Тоже новая", '"0"') == (412, None)
    assert await put("Другой", '"x"') == (412, None)
    assert await put("Другой", "*") == (400, None)
    unsaid = await http.put(path, json=body | {"name": "Без условия"})
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "if-match-required")
    assert (unsaid.json()["title"], f"GET {path}" in unsaid.json()["detail"]) == (
        "Не сказано, какая версия меняется",
        True,
    )
    assert await put("Один") == (200, '"2"')
    assert await only_new() == (412, "stale-revision")
    assert await only_new(**{"If-Match": '"2"'}) == (400, "invalid-if-none-match")
    assert await only_new(**{"If-None-Match": '"2"'}) == (400, "invalid-if-none-match")
    assert (await http.get(path.replace("diag", "none").replace("new", "none"))).status_code == 404


async def test_a_source_names_procedures_that_are_there(http: httpx.AsyncClient):
    answer = await http.put("/v1/sources/new", json={"name": "Новая", "procedures": ["vpr", "nope"], "clients": ["a"]})
    [wrong] = answer.json()["errors"]
    assert (answer.status_code, wrong["pointer"], wrong["code"]) == (422, "/procedures/1", "unknown-procedure")
    assert wrong["remedy"]


@pytest.mark.parametrize("more", [{"name": "Нов\0ая"}, {"clients": ["a\1"]}])
async def test_a_source_is_called_by_what_can_be_shown(http: httpx.AsyncClient, more: dict[str, Any]):
    told = {"name": "Новая", "procedures": "all", "clients": ["a"]}
    answer = await http.put("/v1/sources/new", json=told | more)
    assert [one["code"] for one in answer.json()["errors"]] == ["unreadable-text"]


async def test_a_source_is_limited_to_subjects_by_ids_or_codes(http: httpx.AsyncClient):
    plain = {"name": "Новая", "procedures": "all", "clients": ["a"]}
    one = await http.put("/v1/sources/new", json=plain)
    assert [one.json()[name] for name in ("municipalities", "subject", "people")] == ["all", "either", False]
    limited = plain | {"municipalities": ["75712000"], "subject": "municipality"}
    two = await http.put("/v1/sources/new", json=limited, headers={"If-Match": '"1"'})
    named = {"id": ZLATOUST.id, "name": "Златоустовский ГО", "oktmo": "75712000"}
    assert (two.json()["municipalities"], two.json()["subject"]) == ([named], "municipality")
    read = (await http.get("/v1/sources/new")).json()
    back = await http.put("/v1/sources/new", json={key: told for key, told in read.items() if key not in BESIDE})
    assert (back.status_code, back.json()) == (200, read), "what was read is put back as it came"
    foreign = await http.post("/v1/results", json=body(source="new", subject={"municipality": TROITSK.id}))
    assert [error["code"] for error in foreign.json()["errors"]] == ["subject-not-allowed"]
    assert (await http.post("/v1/results", json=body(source="new"))).status_code == 201
    unknown = await http.put("/v1/sources/new", json=plain | {"municipalities": [ZLATOUST.id, "nowhere"]})
    assert [(unknown.status_code, error["pointer"]) for error in unknown.json()["errors"]] == [
        (422, "/municipalities/1")
    ]


async def test_another_process_learns_before_it_refuses(uses: Monitoring, database: Database):
    other = await monitoring(database)
    await uses.directing.describe(procedure(key="late", code=20), cause=Cause("c"))
    moved = Municipality("74-new-go", 1, (Dated("Новый ГО", "75999000", ZLATOUST.history[0].since),))
    await uses.directing.territory_told(told_batch(), [moved], [])
    raw = body(procedure="late", subject={"municipality": "75999000"})
    answer = await other.submitting.submit(raw, actor=ACTORS["operator"], cause=Cause("c"))
    assert answer["item"]["subject"]["municipality"]["id"] == "74-new-go"


async def test_a_process_follows_the_changes_of_others(uses: Monitoring, database: Database):
    other = await monitoring(database)
    follow = asyncio.create_task(other.directing.follow())
    try:
        await uses.directing.describe(procedure(name="Иначе"), cause=Cause("c"), expected=1)
        await eventually(lambda: other.directing.directory.procedures["vpr"].name == "Иначе")
    finally:
        follow.cancel()
        await asyncio.gather(follow, return_exceptions=True)


async def test_states_heard_again_or_late_change_nothing(uses: Monitoring, database: Database):
    newer = Municipality(ZLATOUST.id, 3, (Dated("Иначе", "75712000", ZLATOUST.history[0].since),))
    older = Municipality(ZLATOUST.id, 2, ZLATOUST.history)
    await uses.directing.territory_told(told_batch(), [newer, older], [])
    [before] = await database.find("municipalities", {"_id": ZLATOUST.id})
    await uses.directing.territory_told(told_batch(), [older, newer], [])
    [after] = await database.find("municipalities", {"_id": ZLATOUST.id})
    assert before == after
    assert after["revision"] == 3


async def test_the_schemas_are_applied_repeatably(uses: Monitoring, database: Database):
    del uses
    assert await database.apply(SCHEMAS) == 0
