"""Analytics documents over HTTP on a real MongoDB: drafted once, written, refused by name, frozen, versions, files."""

import asyncio
import hashlib
import io
from copy import deepcopy
from datetime import timedelta
from typing import Any

import docx
import httpx
import orjson
import pypdf
import pytest

from services.scoring.domain.names import Link, Municipality, Named
from services.scoring.domain.news import News
from services.scoring.events import AnalyticsFinished
from services.scoring.usecases import Scoring
from shared.mongo import Database, InsertOne
from shared.testing import FrozenClock
from tests.integration.scoring.told import outbox, take
from tests.unit.scoring.made import DOCUMENT, START, fact

AT = "/v1/analytics-documents"
MINE, EXPERT, OPERATOR = ({"Authorization": f"Bearer {who}"} for who in ("m1", "expert", "operator"))
WORDS = {"text": [{"paragraph": "Вывод. *Не разметка*."}, {"list": ["первое", "второе"]}]}


@pytest.fixture(autouse=True)
async def region(scoring: Scoring) -> None:
    """Three municipalities, two of them with results of two years, all recorded before now."""
    assert isinstance(scoring.clock, FrozenClock)
    scoring.clock.now = START + timedelta(hours=1)
    named = [
        Municipality(
            f"m{n}",
            1,
            "74",
            (Named(name, f"7570{n}000", "2014-01-01", "2025-01-01", "urban_okrug"),),
            population=n * 10_000,
        )
        for n, name in enumerate(("Ёлкинский", "Ашинский", "Яровой"), start=1)
    ]
    described = {
        "_id": "first", "revision": 1, "name": "Первая процедура", "indicators": [{"key": "i1", "name": "Охват"}],
    }  # fmt: skip
    await scoring.batches.take(None, News((), named, (described,)))
    await scoring.state.load_registers()
    await take(
        scoring,
        fact("e1", period="2021", values={"i1": "1", "i2": "10"}),
        fact("e2", municipality="m2", period="2021", values={"i1": "1", "i2": "40"}),
        fact("r1", values={"i1": "2", "i2": "40"}),
        fact("r2", municipality="m2", values={"i1": "1", "i2": "25"}),
    )


async def begin(http: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await http.post(AT, json={"procedure": "first", "period": "2022"} | body)


async def put(http: httpx.AsyncClient, section: str, revision: int, text: Any = WORDS, **more: str) -> httpx.Response:
    document = more.pop("document", "first.2022.v1")
    headers = {"If-Match": f'"{revision}"', **more}
    return await http.put(f"{AT}/{document}/sections/{section}", json=text, headers=headers)


async def whole(http: httpx.AsyncClient) -> dict[str, Any]:
    """A finished document of the first procedure."""
    await begin(http)
    for revision, section in enumerate(("motivation", "mechanism", "methods", "conclusions"), start=1):
        assert (await put(http, section, revision)).status_code == 200
    done = await http.post(f"{AT}/first.2022.v1/finish", headers={"If-Match": '"5"'})
    assert done.status_code == 200, done.text
    return dict(done.json())


async def test_a_draft_is_begun_once_filled_by_the_platform_and_says_what_is_missing(http: httpx.AsyncClient) -> None:
    first = await begin(http)
    assert (first.status_code, first.headers["etag"]) == (201, '"1"')
    assert first.headers["location"] == f"{AT}/first.2022.v1"
    told = first.json()
    assert told["missing"] == ["motivation", "mechanism", "methods", "conclusions"]
    data = {one["key"]: one["data"] for one in told["sections"]}
    assert data["sample"]["no_data"] == [{"id": "m3", "name": "Яровой", "oktmo": "75703000"}]
    assert [one["title"] for one in data["indicators"]["rows"]] == ["Охват", "i2"]
    assert data["effect"]["median"] == "0.25"
    assert {one["municipality"]["id"]: one["similar"] for one in data["effect"]["rows"]} == {
        "m1": {"by": "kind_and_population", "count": 1, "median": "-0.25", "reason": None},
        "m2": {"by": "kind_and_population", "count": 1, "median": "0.75", "reason": None},
        "m3": None,
    }
    again = await begin(http)
    assert (again.status_code, again.json()["code"], again.json()["document"]) == (
        409, "analytics-draft-exists", "first.2022.v1",
    )  # fmt: skip


@pytest.mark.parametrize("day", ["2022-01-01", "2022-06-01"])
async def test_reforms_between_the_periods_tell_who_did_not_exist_who_is_another_and_who_is_the_same(
    http: httpx.AsyncClient, scoring: Scoring, day: str
) -> None:
    days, of = ("2022-01-01", "2025-01-01"), Link("split", "m1", "predecessor", "2022-01-01")
    formed = Municipality("m4", 1, "74", (Named("Новый", "75704000", *days, "urban_okrug"),), (of,))
    old = Municipality("m5", 1, "74", (Named("Старый", "75705000", "2014-01-01", day, "urban_okrug"),))
    as_before = Link("rename", "m5", "predecessor", day)
    renamed = Municipality("m6", 1, "74", (Named("Старый МО", "75706000", day, days[1], "urban_okrug"),), (as_before,))
    await scoring.batches.take(None, News((), [formed, old, renamed]))
    await scoring.state.load_registers()
    facts = [fact(f"r{one}", municipality=one, values={"i1": "2", "i2": "40"}) for one in ("m4", "m6")]
    await take(scoring, *facts, fact("e5", municipality="m5", period="2021", values={"i1": "1", "i2": "10"}))
    data = {one["key"]: one["data"] for one in (await begin(http)).raise_for_status().json()["sections"]}
    states = {row["municipality"]["id"]: (row["state"], row["reason"]) for row in data["effect"]["rows"]}
    assert states == {
        "m1": ("not_comparable", "01.01.2022 разделение: Ёлкинский → Новый"),
        "m2": ("compared", None), "m3": ("no_data", None), "m4": ("did_not_exist", None),
        "m6": ("compared", None),
    }  # fmt: skip
    assert [one["id"] for one in data["sample"]["no_data"]] == ["m3"], "m5 is not there twice"


async def test_a_repeat_under_one_key_gives_the_same_draft(http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(http.post(AT, json={"procedure": "first", "period": "2022"}, headers={"Idempotency-Key": "k"}) for _ in "123")
    )
    assert {(one.status_code, one.json()["id"]) for one in answers} == {(201, "first.2022.v1")}
    assert len((await http.get(AT)).json()["items"]) == 1


async def test_it_is_refused_with_every_missing_section_until_it_is_whole(http: httpx.AsyncClient) -> None:
    await begin(http)
    refused = await http.post(f"{AT}/first.2022.v1/finish", headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "analytics-incomplete")
    assert [one["pointer"] for one in refused.json()["errors"]] == [
        f"/sections/{one}" for one in ("motivation", "mechanism", "methods", "conclusions")
    ]
    assert (await http.get(f"{AT}/first.2022.v1")).json()["state"] == "draft"


async def test_a_finished_one_is_frozen_byte_for_byte_and_told_once(
    http: httpx.AsyncClient, scoring: Scoring, empty: Database
) -> None:
    done = await whole(http)
    assert (done["state"], done["missing"], done["revision"]) == ("finished", [], 6)
    frozen = await http.get(f"{AT}/first.2022.v1/document.json")
    assert hashlib.sha256(frozen.content).hexdigest() == done["digest"]
    (event,) = await outbox(empty, AnalyticsFinished.TYPE)
    assert (event["document"], event["digest"]) == ("first.2022.v1", done["digest"])
    await take(scoring, fact("r3", municipality="m3", values={"i1": "0", "i2": "10"}, at=5))
    assert (await http.get(f"{AT}/first.2022.v1/document.json")).content == frozen.content
    refused = await put(http, "conclusions", 6)
    assert (refused.status_code, refused.json()["code"]) == (409, "analytics-finished")
    assert (await begin(http)).json()["errors"][0]["pointer"] == "/reason"
    second = (await begin(http, reason="пришли данные Ярового")).json()
    assert (second["id"], second["version"], second["missing"]) == ("first.2022.v2", 2, [])
    assert [one["data"]["scored"] for one in second["sections"] if one["key"] == "sample"] == [3]
    assert (await http.get(f"{AT}/first.2022.v1/document.json")).content == frozen.content
    assert [one["id"] for one in (await http.get(AT)).json()["items"]] == ["first.2022.v2", "first.2022.v1"]


async def test_drafts_are_for_their_writers_and_finished_ones_for_the_signed_in(http: httpx.AsyncClient) -> None:
    await begin(http)
    for who in (MINE, EXPERT):
        assert (await http.get(f"{AT}/first.2022.v1", headers=who)).status_code == 404
        assert (await http.get(f"{AT}/first.2022.v1/document.pdf", headers=who)).status_code == 404
        assert (await http.get(AT, headers=who)).json()["items"] == []
        assert (await http.get(AT, params={"state": "draft"}, headers=who)).json()["items"] == []
        assert (await http.post(AT, json={"procedure": "first", "period": "2022"}, headers=who)).status_code == 403
    assert (await http.get(AT, headers=OPERATOR)).json()["items"] != []
    del http.headers["Authorization"]
    assert (await http.get(AT)).status_code == 401
    http.headers["Authorization"] = "Bearer ministry"
    for revision, section in enumerate(("motivation", "mechanism", "methods", "conclusions"), start=1):
        await put(http, section, revision)
    await http.post(f"{AT}/first.2022.v1/finish", headers={"If-Match": '"5"'})
    assert (await http.get(f"{AT}/first.2022.v1", headers=EXPERT)).status_code == 200
    assert [one["state"] for one in (await http.get(AT, headers=MINE)).json()["items"]] == ["finished"]


async def test_the_files_are_read_back_and_a_reader_who_has_them_gets_none(http: httpx.AsyncClient) -> None:
    done = await whole(http)
    word = await http.get(f"{AT}/first.2022.v1/document.docx")
    found = docx.Document(io.BytesIO(word.content))
    assert sum(one.style.name == "Heading 1" for one in found.paragraphs) == 10
    assert done["digest"] in found.paragraphs[1].text
    pdf = await http.get(f"{AT}/first.2022.v1/document.pdf")
    assert pdf.headers["content-disposition"] == 'attachment; filename="first.2022.v1.pdf"'
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Ёлкинский" in text
    unchanged = await http.get(f"{AT}/first.2022.v1/document.pdf", headers={"If-None-Match": pdf.headers["etag"]})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["vary"]) == (304, b"", pdf.headers["vary"])
    assert (await http.get(f"{AT}/first.2022.v1/document.docx")).content == word.content


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"procedure": "nothing"}, "/procedure", "unknown-procedure"),
        ({"period": "1999"}, "/period", "unknown-period"),
        ({"period": "2022-2024"}, "", ""),
        ({"before": "2023"}, "/before", "not-earlier"),
        ({"author": "Иванов"}, "/author", "unknown-field"),
    ],
)
async def test_a_wrong_draft_is_refused_at_its_place(
    http: httpx.AsyncClient, body: dict[str, Any], pointer: str, code: str
) -> None:
    refused = await begin(http, **body)
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == ([(pointer, code)] if code else [])
    assert (await http.get(AT)).json()["items"] == []


@pytest.mark.parametrize(
    "text",
    [
        {"text": [{"html": "<b>"}]},
        {"text": [{"paragraph": ""}]},
        {"text": [{"paragraph": " \n "}]},
        {"text": [{"list": []}]},
        {"text": [{"paragraph": "а", "list": ["б"]}]},
        {"text": [{"paragraph": "а" * 5_001}]},
        {"text": "просто текст"},
        {},
    ],
)
async def test_a_text_is_of_paragraphs_and_lists_only(http: httpx.AsyncClient, text: dict[str, Any]) -> None:
    await begin(http)
    assert (await put(http, "conclusions", 1, text)).status_code == 422


async def test_sections_and_revisions_that_are_not_there_are_told_apart(http: httpx.AsyncClient) -> None:
    await begin(http)
    assert (await put(http, "eleventh", 1)).json()["code"] == "section-not-found"
    assert (await put(http, "conclusions", 9)).status_code == 412
    assert (await put(http, "conclusions", 1, document="first.2022.v7")).json()[
        "code"
    ] == "analytics-document-not-found"
    url = f"{AT}/first.2022.v1/sections/conclusions"
    assert (await http.put(url, json=WORDS)).json()["code"] == "if-match-required"
    too_large = {"text": [{"paragraph": "а" * 4_000}] * 40}
    assert (await put(http, "conclusions", 1, too_large)).status_code == 413


async def test_two_writers_of_one_revision_are_one_after_another(http: httpx.AsyncClient) -> None:
    await begin(http)
    texts = [{"text": [{"paragraph": f"Вариант {n}"}]} for n in range(4)]
    answers = await asyncio.gather(*(put(http, "conclusions", 1, text) for text in texts))
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412]


async def test_the_newest_version_comes_first_also_behind_the_ninth(http: httpx.AsyncClient, empty: Database) -> None:
    await whole(http)
    row = await empty.find_one("analytics_documents", {})
    assert row is not None
    more = [row | {"_id": f"first.2022.v{number}", "version": number} for number in range(2, 12)]
    await empty.transact(lambda tx: tx.write("analytics_documents", [InsertOne(one) for one in more]))
    listed, cursor = [], None
    while cursor is not None or not listed:
        page = (await http.get(AT, params={"limit": 4} | ({"cursor": cursor} if cursor else {}))).json()
        listed, cursor = [*listed, *(one["version"] for one in page["items"])], page["next"]
    assert listed == list(range(11, 0, -1))


async def test_a_draft_stays_readable_when_a_newer_edition_drops_its_procedure(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    await begin(http)
    await put(http, "conclusions", 1)
    without = deepcopy(DOCUMENT) | {"id": "newer", "in_force": {"from": 2022}}
    without["groups"][0]["procedures"] = without["groups"][0]["procedures"][1:]
    await scoring.methodologies.put("newer", without)
    read = await http.get(f"{AT}/first.2022.v1")
    assert read.status_code == 200, read.text
    assert {one["key"]: bool(one["text"]) for one in read.json()["sections"]}["conclusions"]
    assert all(one["data"] is None for one in read.json()["sections"])
    for file in ("document.json", "document.docx", "document.pdf"):
        assert (await http.get(f"{AT}/first.2022.v1/{file}")).status_code == 200
    assert (await put(http, "methods", 2)).status_code == 200
    refused = await http.post(f"{AT}/first.2022.v1/finish", headers={"If-Match": '"3"'})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown-procedure")


async def test_lists_come_in_pages_the_latest_period_first(http: httpx.AsyncClient) -> None:
    for period in ("2021", "2022"):
        for procedure in ("first", "second", "third"):
            assert (await begin(http, procedure=procedure, period=period)).status_code == 201
    first = (await http.get(AT, params={"limit": 4})).json()
    rest = (await http.get(AT, params={"limit": 4, "cursor": first["next"]})).json()
    assert [one["id"] for one in (*first["items"], *rest["items"])] == [
        f"{procedure}.{period}.v1" for period in ("2022", "2021") for procedure in ("first", "second", "third")
    ]
    assert rest["next"] is None
    assert orjson.loads((await http.get(AT, params={"procedure": "third"})).content)["items"][0]["period"] == "2022"


async def test_a_filter_by_what_is_no_period_is_no_empty_list(http: httpx.AsyncClient) -> None:
    for door in (AT, "/v1/applicability", "/v1/editions"):
        assert (await http.get(f"{door}?period=2022-1999")).json().get("code") == "unknown-period"
