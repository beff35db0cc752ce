"""Scoring over HTTP in process: ratings public or not, as of, CSV, scores, explanations, editions."""

import io
from datetime import timedelta

import httpx
import pypdf
import pytest

from services.scoring.api import ratings
from services.scoring.domain import instant_text
from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.mongo import Database, ReplaceOne
from shared.testing import FrozenClock
from tests.integration.scoring.told import take
from tests.unit.scoring.made import DOCUMENT, START, document, fact

FULL = {"i1": "2", "i2": "40"}
LESS = {"i1": "1", "i2": "10"}


@pytest.fixture(autouse=True)
async def region(scoring: Scoring, clock: FrozenClock) -> None:
    """Four municipalities, three of them with results; one correction an hour later, the day before today."""
    named = [
        Municipality(f"m{n}", 1, "74", (Named(name, f"7570{n}000", "2014-01-01", "2025-01-01"),))
        for n, name in enumerate(("Ёлкинский", "Ашинский", "Яровой", "Белый"), start=1)
    ]
    await scoring.batches.take(None, News((), named))
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=FULL))
    await take(scoring, fact("r3", municipality="m3", values=FULL), fact("r1", 2, values=FULL, at=60))
    clock.now = START + timedelta(days=1)


def ranks(body: dict[str, object]) -> list[tuple[int, str]]:
    return [(row["rank"], row["municipality"]["id"]) for row in body["rows"]]


async def test_a_rating_ranks_densely_and_lists_ties_alphabetically(http: httpx.AsyncClient) -> None:
    body = (await http.get("/v1/ratings/2022")).json()
    assert ranks(body) == [(1, "m3"), (2, "m2"), (2, "m1")]
    assert body["rows"][1]["municipality"] == {"id": "m2", "name": "Ашинский", "oktmo": "75702000"}
    assert body["rows"][0]["data_at"] <= body["data_at"] == max(row["data_at"] for row in body["rows"])
    assert body["rows"][0] | {"municipality": None, "data_at": None} == {
        "rank": 1, "municipality": None, "data_at": None, "points": "4", "maximum": "5", "share": "0.8", "percent": 80,
        "level": "above_average", "level_conflict": False, "change": None,
    }  # fmt: skip
    assert [(one["municipality"]["id"], one["state"]) for one in body["no_data"]] == [("m4", "no_data")]
    assert body["data_at"] == instant_text(START + timedelta(minutes=60))


async def test_a_rating_as_of_an_instant_knows_no_later_record(http: httpx.AsyncClient) -> None:
    instant = (START + timedelta(minutes=59)).isoformat()
    body = (await http.get("/v1/ratings/2022", params={"as_of": instant})).json()
    assert ranks(body) == [(1, "m3"), (2, "m2"), (3, "m1")]
    later = (START + timedelta(minutes=60)).isoformat()
    body = (await http.get("/v1/ratings/2022", params={"as_of": later})).json()
    assert ranks(body) == [(1, "m3"), (2, "m2"), (2, "m1")]


async def test_a_live_rating_is_public_only_where_published(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/ratings/2022", headers={"Authorization": "Bearer expert"})).status_code == 403
    del http.headers["Authorization"]
    assert (await http.get("/v1/ratings/2022")).status_code == 401
    act = {"public": True, "act": "приказ № 1"}
    assert (await http.put("/v1/periods/2022/publication", json=act)).status_code == 401
    ministry = {"Authorization": "Bearer ministry"}
    path = "/v1/periods/2022/publication"
    assert (await http.put(path, json=act, headers=ministry)).status_code == 200
    listed = (await http.get("/v1/periods")).json()["items"]
    assert [(one["period"], one["public"]) for one in listed] == [("2022", True)]
    assert [(one["scored"], one["municipalities"]) for one in listed] == [(3, 4)]
    first = await http.get("/v1/ratings/2022")
    again = await http.get("/v1/ratings/2022", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    closed = await http.put(path, json={**act, "public": False}, headers=ministry | {"If-Match": '"1"'})
    assert closed.headers["etag"] == '"2"'
    assert (await http.get("/v1/ratings/2022")).status_code == 401
    assert (await http.get("/v1/periods")).json()["items"] == []


async def test_a_kept_answer_goes_when_a_score_changes(http: httpx.AsyncClient, scoring: Scoring) -> None:
    first = await http.get("/v1/ratings/2022", params={"group": "alpha"})
    assert (await http.get("/v1/ratings/2022", params={"group": "alpha"})).content == first.content
    await take(scoring, fact("r4", municipality="m4", values=FULL))
    known = {"If-None-Match": first.headers["etag"]}
    second = await http.get("/v1/ratings/2022", params={"group": "alpha"}, headers=known)
    assert second.status_code == 200
    assert [one for _, one in ranks(second.json())] == ["m2", "m4", "m1", "m3"]


async def test_ratings_are_kept_by_what_they_show_and_weighed(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        assert (await http.get("/v1/ratings/2022", params={"junk": number})).status_code == 422
    first = await http.get("/v1/ratings/2022")
    shelf = http._transport.app.state.rating_shelf
    assert [query for _, query, *_ in shelf.kept] == [b""]
    assert shelf.size == len(first.content)
    monkeypatch.setattr(ratings, "KEPT_BYTES", len(first.content) + 1)
    second = await http.get("/v1/ratings/2022", params={"group": "overall"})
    assert ([query for _, query, *_ in shelf.kept], shelf.size) == ([b"group=overall"], len(second.content))


async def test_a_rating_as_csv_has_a_line_per_municipality(http: httpx.AsyncClient) -> None:
    for json_rather in ("text/csv;q=0, application/json", "application/json, text/csv;q=0.1"):
        answer = await http.get("/v1/ratings/2022", headers={"Accept": json_rather})
        assert answer.headers["content-type"] == "application/json"
    answer = await http.get("/v1/ratings/2022", headers={"Accept": "TEXT/CSV"})
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert lines[0].startswith("rank,id,name,oktmo,points,maximum")
    assert lines[1] == "1,m3,Яровой,75703000,4,5,0.8,80,above_average,false,,scored,,4.000000,0.800000"
    assert len(lines) == 5


async def test_a_procedure_can_be_left_out(http: httpx.AsyncClient, scoring: Scoring) -> None:
    await take(scoring, fact("r5", procedure="second", municipality="m1", values={"i1": "1"}))
    whole = (await http.get("/v1/ratings/2022", params={"group": "alpha"})).json()
    without = (await http.get("/v1/ratings/2022", params={"group": "alpha", "exclude": "second"})).json()
    assert {row["maximum"] for row in whole["rows"]} == {"6"}
    assert {row["maximum"] for row in without["rows"]} == {"4"}


@pytest.mark.parametrize("listed", ["editions", "applicability", "analytics-documents"])
async def test_a_filter_by_what_is_no_period_is_refused(http: httpx.AsyncClient, listed: str) -> None:
    answer = await http.get(f"/v1/{listed}?period=foo")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/period")


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("/v1/ratings/2019", "period-not-found", "GET /v1/periods."),
        ("/v1/ratings/2023", "period-not-found", "GET /v1/periods."),
        ("/v1/ratings/soon", "period-not-found", "GET /v1/periods."),
        ("/v1/ratings/2022?group=gamma", "group-not-found", "overall, alpha, beta"),
        ("/v1/ratings/2022?exclude=nothing", "procedure-not-found", "nothing"),
        ("/v1/ratings/2022?edition=e1", "edition-not-found", "e1"),
        ("/v1/scores/nobody?period=2022", "municipality-not-found", "ОКТМО"),
        ("/v1/scores/66-m?period=soon", "period-not-found", "GET /v1/periods?region=66."),
        ("/v1/scores/m1?period=soon", "period-not-found", "GET /v1/periods."),
        ("/v1/methodologies/other", "methodology-not-found", "small"),
    ],
)
async def test_what_is_not_there_is_refused_with_what_is(
    http: httpx.AsyncClient, path: str, code: str, says: str
) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert says in answer.json()["detail"]


async def test_a_score_is_found_by_id_and_by_code(http: httpx.AsyncClient) -> None:
    by_id = await http.get("/v1/scores/m1", params={"period": "2022"})
    by_code = await http.get("/v1/scores/75701000", params={"period": "2022"})
    assert by_id.json() == by_code.json()
    body = by_id.json()
    assert (body["overall"]["points"], body["overall"]["rank"], body["revision"]) == ("4", 2, 2)
    assert (body["procedures"]["first"]["rank"], body["procedures"]["third"]["state"]) == (1, "no_data")
    assert (await http.get("/v1/scores/m1")).json() == body
    nothing = (await http.get("/v1/scores/m4", params={"period": "2022"})).json()
    assert nothing["overall"] == {"state": "no_data"}


async def test_procedures_are_shown_to_their_own_municipality_only(http: httpx.AsyncClient) -> None:
    own = {"Authorization": "Bearer m1"}
    assert "procedures" in (await http.get("/v1/scores/m1", headers=own)).json()
    assert "procedures" not in (await http.get("/v1/scores/m2", headers=own)).json()
    assert (await http.get("/v1/scores/m2/explain", headers=own)).status_code == 403
    assert (await http.get("/v1/scores/m1/explain", headers=own)).status_code == 200


async def test_an_explanation_reaches_the_value_and_its_revision(http: httpx.AsyncClient) -> None:
    body = (await http.get("/v1/scores/m1/explain", params={"period": "2022"})).json()
    first = body["overall"]["groups"][0]["procedures"][0]
    assert (first["procedure"], first["result"]["id"], first["result"]["revision"]) == ("first", "r1", 2)
    assert [one["points"] for one in first["indicators"]] == ["2", "2"]
    assert body["municipality"] == {"id": "m1", "name": "Ёлкинский", "oktmo": "75701000"}
    earlier = await http.get("/v1/scores/m1/explain", params={"period": "2022", "as_of": START.isoformat()})
    assert earlier.json()["overall"]["groups"][0]["procedures"][0]["result"]["revision"] == 1


async def test_an_explanation_is_a_paper_too_the_same_bytes_for_the_same_instant(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"period": "2022", "as_of": START.isoformat()}
    paper = {"Accept": "application/pdf"}
    answers = [await http.get("/v1/scores/m1/explain", params=asked, headers=paper) for _ in range(2)]
    assert [one.headers["content-type"] for one in answers] == ["application/pdf"] * 2
    assert answers[0].content == answers[1].content
    assert answers[0].headers["content-disposition"] == 'inline; filename="explain-m1-2022.pdf"'
    first = pypdf.PdfReader(io.BytesIO(answers[0].content)).pages[0].extract_text()
    assert "Объяснение оценки: Ёлкинский, 2022 год" in first
    now = await http.get("/v1/scores/m1/explain", params={"period": "2022"}, headers=paper)
    assert now.content != answers[0].content
    monkeypatch.setattr("services.scoring.api.scores.typeset", lambda _: pytest.fail("typeset again"))
    known = {**paper, "If-None-Match": answers[0].headers["etag"]}
    again = await http.get("/v1/scores/m1/explain", params=asked, headers=known)
    told = [[one.headers.get(name) for name in ("vary", "cache-control", "etag")] for one in (again, answers[0])]
    assert (again.status_code, told[0]) == (304, told[1])
    monkeypatch.setattr("services.scoring.api.papers.explanation.template", lambda _: "another layout")
    with pytest.raises(pytest.fail.Exception, match="typeset again"):
        await http.get("/v1/scores/m1/explain", params=asked, headers=known)


async def test_what_if_ranks_before_and_after_and_stores_nothing(http: httpx.AsyncClient) -> None:
    kept = (await http.get("/v1/scores/m1", params={"period": "2022"})).json()
    told = {"period": "2022", "values": {"first": {"i1": 1.5}, "second": {"i1": "0"}}}
    body = (await http.post("/v1/scores/75701000/what-if", json=told)).json()
    before, after = body["before"]["overall"], body["after"]["overall"]
    assert (before["points"], before["rank"]) == ("4", 2)
    assert (after["points"], after["percent"], after["rank"]) == ("5.5", 61, 2)
    assert body["after"]["procedures"]["second"]["rank"] == 1
    assert body["before"]["groups"]["alpha"]["rank"] == 1
    assert (await http.get("/v1/scores/m1", params={"period": "2022"})).json() == kept


async def test_what_if_is_for_the_own_municipality_and_names_wrong_places(http: httpx.AsyncClient) -> None:
    told = {"period": "2022", "values": {"first": {"i1": 2}}}
    own = {"Authorization": "Bearer m1"}
    assert (await http.post("/v1/scores/m1/what-if", json=told, headers=own)).status_code == 200
    assert (await http.post("/v1/scores/m2/what-if", json=told, headers=own)).status_code == 403
    wrong = await http.post("/v1/scores/m1/what-if", json={**told, "values": {"first": {"i1": 3}}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-what-if")
    assert wrong.json()["errors"][0]["pointer"] == "/values/first/i1"
    never = await http.post("/v1/scores/m1/what-if", json={**told, "period": "2019"})
    assert (never.status_code, never.json()["code"]) == (404, "period-not-found")


async def test_history_lists_the_periods_in_order(http: httpx.AsyncClient, scoring: Scoring) -> None:
    await take(scoring, fact("r9", period="2021", values=LESS))
    items = (await http.get("/v1/scores/m1/history")).json()["items"]
    assert [one["period"] for one in items] == ["2021", "2022"]


async def test_an_edition_is_put_once_and_never_edited(http: httpx.AsyncClient) -> None:
    assert (await http.put("/v1/methodologies/small", json=DOCUMENT)).json()["status"] == "unchanged"
    edited = await http.put("/v1/methodologies/small", json=document(title="Иначе"))
    assert (edited.status_code, edited.json()["code"]) == (409, "methodology-in-use")
    other = document(id="later", in_force={"from": 2030, "to": None, "act": "приказ № 3"})
    assert (await http.put("/v1/methodologies/later", json=other)).status_code == 201
    again = await http.put("/v1/methodologies/later", json=other | {"title": "Иначе"})
    assert (again.status_code, again.json()["code"]) == (409, "methodology-in-use")
    assert (await http.get("/v1/methodologies/later")).json()["title"] == other["title"]
    misnamed = await http.put("/v1/methodologies/other", json=other)
    assert (misnamed.status_code, misnamed.json()["code"]) == (422, "methodology-misnamed")
    assert [one["id"] for one in (await http.get("/v1/methodologies")).json()["items"]] == ["later", "small"]


async def test_a_wrong_yaml_is_refused_with_its_line(http: httpx.AsyncClient) -> None:
    answer = await http.put(
        "/v1/methodologies/x", content="id: x\ntitle: [\n", headers={"Content-Type": "application/yaml"}
    )
    assert answer.status_code == 422
    assert "строка" in answer.json()["errors"][0]["message"]
    assert (
        await http.put("/v1/methodologies/x", content="x", headers={"Content-Type": "text/html"})
    ).status_code == 415


async def test_contradictions_of_an_edition_are_listed(http: httpx.AsyncClient) -> None:
    codes = [one["code"] for one in (await http.get("/v1/methodologies/small/check")).json()["items"]]
    assert codes


async def test_operators_verify_and_rebuild(http: httpx.AsyncClient) -> None:
    assert (await http.post("/v1/operations/verify")).json() == {"items": [], "next": None}
    assert (await http.post("/v1/operations/rebuild")).json() == {"cards": 3, "changed": 0}
    assert (await http.post("/v1/operations/rebuild", headers={"Authorization": "Bearer m1"})).status_code == 403


async def test_who_is_between_the_bands_has_a_place_and_no_level(http: httpx.AsyncClient, scoring: Scoring) -> None:
    levels = DOCUMENT["levels"] | {"low": [0, 28]}
    await scoring.methodologies.put("gapped", document(id="gapped", in_force={"from": 2024}, levels=levels))
    await take(scoring, fact("r9", period="2024", values={"i1": "2", "i2": "19"}))
    [row] = (await http.get("/v1/ratings/2024")).raise_for_status().json()["rows"]
    assert (row["rank"], row["percent"], row["level"]) == (1, 29, None)
    for path in ("/v1/scores/m1", "/v1/scores/m1/explain", "/v1/scores/m1/next-level"):
        told = (await http.get(path, params={"period": "2024"})).raise_for_status().json()
        assert told.get("overall", told.get("from"))["level"] is None
    pdf = await http.get("/v1/scores/m1/explain?period=2024", headers={"Accept": "application/pdf"})
    assert "не определён" in pypdf.PdfReader(io.BytesIO(pdf.raise_for_status().content)).pages[0].extract_text()


async def test_an_edition_with_a_maximum_that_is_refused_by_now_is_still_checked_where_it_is_stored(
    http: httpx.AsyncClient, scoring: Scoring, empty: Database
) -> None:
    vast = document(id="vast", overall={"maximum": 10**12})
    refused = await http.put("/v1/methodologies/vast", json=vast)
    assert (refused.status_code, [one["code"] for one in refused.json()["errors"]]) == (422, ["too-large"])
    stored = {"_id": "vast", "document": vast, "at": scoring.clock()}
    await empty.write("methodologies", [ReplaceOne({"_id": "vast"}, stored, upsert=True)])
    await scoring.state.load_registers()
    found = (await http.get("/v1/methodologies/vast/check")).raise_for_status().json()["items"]
    assert [(one["code"], one["where"]) for one in found] == [("maximum-differs", "overall")]
