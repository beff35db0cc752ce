"""The expert community over HTTP on a real MongoDB: reported, corrected, withdrawn, counted, compared, as CSV."""

import asyncio
import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.testing import FrozenClock
from tests.integration.scoring.told import take
from tests.unit.scoring.community.made import PERSON, SAYS
from tests.unit.scoring.made import fact

AT = "/v1/expert-community/m1"
OPERATOR, OWN, FOREIGN = ({"Authorization": f"Bearer {who}"} for who in ("operator", "m1", "m2"))


@pytest.fixture(autouse=True)
async def region(scoring: Scoring, clock: FrozenClock) -> None:
    """Two municipalities, one with a code; a result of one procedure of 2022; it is the summer of 2025."""
    clock.now = datetime(2025, 7, 1, tzinfo=UTC)
    named = [
        Municipality(f"m{n}", 1, "74", (Named(name, f"7570{n}000", "2014-01-01", "2025-01-01"),))
        for n, name in enumerate(("Ёлкинский", "Ашинский"), start=1)
    ]
    await scoring.batches.take(None, News((), named, ({"_id": "first", "revision": 1, "name": "Первая процедура"},)))
    await scoring.state.load_registers()
    await take(scoring, fact("r1", values={"i1": "1", "i2": "40"}))


def body(kind: str, **changes: Any) -> dict[str, Any]:
    told = {"kind": kind, "year": 2022, "on": "2022-06-01", "source": "приказ № 5", **SAYS[kind]}
    return {name: value for name, value in (told | changes).items() if value is not None}


async def put(http: httpx.AsyncClient, item: str, told: dict[str, Any], **headers: str) -> httpx.Response:
    return await http.put(f"{AT}/items/{item}", json=told, headers=OWN | headers)


async def indicators(http: httpx.AsyncClient, year: int = 2022) -> dict[str, Any]:
    found = await http.get(AT, params={"year": year}, headers=OWN)
    assert found.status_code == 200, found.text
    return {one["code"]: one for one in found.json()["indicators"]}


async def test_an_item_is_reported_repeated_corrected_and_withdrawn(http: httpx.AsyncClient) -> None:
    first = await put(http, "d-1", body("normative_document"))
    assert (first.status_code, first.headers["etag"]) == (201, '"1"')
    assert first.headers["location"] == f"{AT}/items/d-1"
    again = await put(http, "d-1", body("normative_document"))
    assert (again.status_code, again.json()) == (200, first.json())
    other = body("normative_document", current=False)
    unsaid = (await put(http, "d-1", other)).json()
    assert (unsaid["code"], f"GET {AT}/items/d-1" in unsaid["detail"]) == ("if-match-required", True)
    assert (await put(http, "d-1", other, **{"If-None-Match": "*"})).status_code == 412
    assert (await put(http, "d-1", other, **{"If-Match": '"1"'})).json()["code"] == "reason-required"
    corrected = await put(http, "d-1", other | {"reason": "утратил силу"}, **{"If-Match": '"1"'})
    assert (corrected.status_code, corrected.json()["revision"], len(corrected.json()["past"])) == (200, 2, 1)
    assert (await put(http, "d-1", body("normative_document"), **{"If-Match": '"1"'})).status_code == 412
    assert (await indicators(http))["E1"]["value"] == "0"
    gone = await http.post(
        f"{AT}/items/d-1/withdrawal", json={"reason": "внесён ошибочно"}, headers=OWN | {"If-Match": '"2"'}
    )
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert (await indicators(http))["E1"]["state"] == "no_data"
    read = await http.get(f"{AT}/items/d-1", headers=OWN)
    assert [one["state"] for one in (read.json(), *read.json()["past"])] == ["withdrawn", "in_force", "in_force"]
    assert {one["by"] for one in (read.json(), *read.json()["past"])} == {"municipality"}, "of who it was only the role"


async def test_an_item_is_read_with_the_name_that_its_municipality_has_since(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    tag = (await put(http, "d-1", body("normative_document"))).headers["etag"]
    renamed = Municipality("m1", 2, "74", (Named("Ёлочный", "75701000", "2014-01-01", "2025-01-01"),))
    await scoring.batches.take(None, News((), [renamed]))
    again = await http.get(f"{AT}/items/d-1", headers=OWN | {"If-None-Match": tag})
    assert (again.status_code, again.headers["etag"], again.json()["municipality"]["name"]) == (200, tag, "Ёлочный")


async def test_shares_list_their_items_and_procedures_come_from_results(http: httpx.AsyncClient) -> None:
    before = (await indicators(http))["E2"]
    assert (before["state"], before["of"], before["unreported"]) == ("no_data", 1, ["r1"])
    await put(http, "p-1", body("procedure", procedure="first"))
    for number, percent in enumerate(("60", "60.0", 60.5, "99.9999"), start=1):
        told = body("assessed_specialist", expert=PERSON.format(number), percent=percent, in_register=number == 3)
        assert (await put(http, f"s-{number}", told)).status_code == 201
    found = await indicators(http)
    assert found["E2"]["denominator"]["items"] == [
        {"what": "Первая процедура", "id": "r1", "date": "2023-01-01", "source": "test", "origin": "event",
         "reported_by": "p-1"}
    ]  # fmt: skip
    assert (found["E2"]["value"], found["E2"]["percent"]) == ("1", 100)
    assert (found["E4"]["value"], found["E4"]["percent"], found["E4"]["of"]) == ("0.5", 50, 2)
    assert [one["id"] for one in found["E4"]["denominator"]["items"]] == ["s-3", "s-4"]
    assert found["E5"]["state"] == "no_data"
    await put(http, "n-1", body("none", of="register_entry"))
    assert (await indicators(http))["E5"]["state"] == "not_applicable"


async def test_only_own_rows_are_read_and_written_and_the_ministry_only_reads(http: httpx.AsyncClient) -> None:
    await put(http, "d-1", body("normative_document"))
    assert (await http.get(AT, params={"year": 2022}, headers=FOREIGN)).status_code == 403
    assert (await http.get(f"{AT}/items", params={"year": 2022}, headers=FOREIGN)).status_code == 403
    assert (await http.put(f"{AT}/items/d-2", json=body("material"), headers=FOREIGN)).status_code == 403
    assert (await http.put(f"{AT}/items/d-2", json=body("material"))).status_code == 403
    assert (await http.get(AT, params={"year": 2022})).status_code == 200
    assert (await http.put(f"{AT}/items/d-2", json=body("material"), headers=OPERATOR)).status_code == 201
    by_code = await http.get("/v1/expert-community/75701000", params={"year": 2022}, headers=OWN)
    assert by_code.json()["municipality"] == {"id": "m1", "name": "Ёлкинский", "oktmo": "75701000"}
    unknown = await http.get("/v1/expert-community/m9", params={"year": 2022})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "municipality-not-found")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"full_name": "Иванов Иван"}, "/full_name", "unknown-field"),
        ({"phone": "8 351 000 00 00"}, "/phone", "unknown-field"),
        ({"expert": "ivanov-ivan"}, "/expert", "invalid"),
        ({"percent": "101"}, "/percent", "invalid"),
        ({"percent": "6e1"}, "/percent", "invalid"),
        ({"source": "справка, ivanov@example.org"}, "/source", "invalid"),
        ({"source": "звонить +7 (351) 263-00-00"}, "/source", "invalid"),
        ({"year": 1999}, "/year", "out-of-range"),
        ({"on": "2022-13-01"}, "/on", "not-a-date"),
        ({"in_register": "да"}, "/in_register", "not-a-boolean"),
        ({"kind": "person"}, "", "not-allowed"),
    ],
)
async def test_what_looks_like_a_person_or_is_no_item_is_refused_at_its_place(
    http: httpx.AsyncClient, changes: Mapping[str, Any], pointer: str, code: str
) -> None:
    refused = await put(http, "s-1", body("assessed_specialist") | dict(changes))
    assert refused.status_code == 422, refused.text
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [(pointer, code)]
    assert (await http.get(f"{AT}/items", params={"year": 2022}, headers=OWN)).json()["items"] == []


async def test_a_day_that_has_not_come_is_refused_by_the_clock_of_the_service(
    http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    clock.now = datetime(2022, 3, 1, tzinfo=UTC)
    refused = await put(http, "m-1", body("material", on="2022-12-31"))
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-community-item")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/on", "in-the-future")]
    assert (await put(http, "m-1", body("material", on="2022-03-01"))).status_code == 201


async def test_a_body_over_the_limit_is_not_read(http: httpx.AsyncClient) -> None:
    assert (await put(http, "d-1", body("normative_document", title="я" * 20_000))).status_code == 413


async def test_two_reports_about_one_specialist_at_the_same_moment_count_once(http: httpx.AsyncClient) -> None:
    told = body("register_entry")
    answers = await asyncio.gather(*(put(http, f"r-{n}", told) for n in range(6)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409, 409]
    assert (await indicators(http))["E7"]["of"] == 1


async def test_items_come_in_pages(http: httpx.AsyncClient) -> None:
    for number in range(5):
        await put(http, f"m-{number}", body("material"))
    first = (await http.get(f"{AT}/items", params={"year": 2022, "limit": 3}, headers=OWN)).json()
    rest = (await http.get(f"{AT}/items", params={"year": 2022, "cursor": first["next"]}, headers=OWN)).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [f"m-{n}" for n in range(5)]
    assert rest["next"] is None


async def test_all_municipalities_are_compared_by_counts_and_taken_along_as_csv(http: httpx.AsyncClient) -> None:
    await put(http, "d-1", body("normative_document", title="=Опасный документ"))
    listed = (await http.get("/v1/expert-community", params={"year": 2022}, headers=FOREIGN)).json()["items"]
    assert [one["municipality"]["id"] for one in listed] == ["m2", "m1"]
    assert [one["indicators"][0]["value"] for one in listed] == [None, "1"]
    assert "items" not in listed[1]["indicators"][0]
    told = {"Accept": "text/csv"}
    every = await http.get("/v1/expert-community", params={"year": 2022}, headers=FOREIGN | told)
    rows = list(csv.DictReader(io.StringIO(every.text)))
    assert [(row["municipality"], row["code"], row["state"], row["value"]) for row in rows if row["code"] == "E1"] == [
        ("m2", "E1", "no_data", ""),
        ("m1", "E1", "scored", "1"),
    ]
    one = await http.get(AT, params={"year": 2022}, headers=OWN | told)
    items = [row for row in csv.DictReader(io.StringIO(one.text)) if row["id"]]
    assert [(row["code"], row["part"], row["what"]) for row in items if row["code"] == "E1"] == [
        ("E1", "numerator", "'=Опасный документ № 12-п")
    ]


@pytest.mark.parametrize(("many", "told"), [(4, (None, None, None, None)), (5, ("0.6", 60, 3, 5))])
async def test_of_few_specialists_others_compare_no_number(
    http: httpx.AsyncClient, many: int, told: tuple[object, ...]
) -> None:
    for n in range(many):
        entry = body("register_entry", expert=PERSON.format(n), trained=n < 3, involved=False)
        assert (await put(http, f"r-{n}", entry)).status_code == 201
    for reader, few in ((FOREIGN, many < 5), (OWN, False), (OPERATOR, False)):
        listed = (await http.get("/v1/expert-community", params={"year": 2022}, headers=reader)).json()["items"]
        [shown] = [one["indicators"] for one in listed if one["municipality"]["id"] == "m1"]
        [trained] = [one for one in shown if one["code"] == "E7"]
        numbers = tuple(trained[name] for name in ("value", "percent", "counted", "of"))
        assert (numbers == told, trained["state"]) == (few or many == 5, "scored")
        assert trained["reason"] == ("мало специалистов: не показывается" if few else None)
        assert [one["of"] for one in shown if one["code"] == "E2"] == [1], "no persons are counted there"


async def test_an_item_is_read_and_withdrawn_under_the_code_that_it_was_reported_under(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    """Codes changed since, and one was given to another municipality: the year of the item decides whose it is."""
    named = [
        Municipality("m1", 2, "74", (Named("Ёлкинский", "75701000", "2014-01-01", "2025-01-01"),
                                     Named("Ёлкинский", "75501000", "2025-01-01"))),
        Municipality("m2", 2, "74", (Named("Ашинский", "75702000", "2014-01-01", "2025-01-01"),
                                     Named("Ашинский", "75701000", "2025-01-01"))),
    ]  # fmt: skip
    await scoring.batches.take(None, News((), named, ()))

    def at(code: str, item: str) -> str:
        return f"/v1/expert-community/{code}/items/{item}"

    async def read(code: str, item: str, headers: Mapping[str, str] = OPERATOR) -> tuple[int, Any]:
        answer = await http.get(at(code, item), headers=headers)
        told = answer.json()
        return answer.status_code, told["municipality"]["id"] if answer.status_code == 200 else told["code"]

    for code, item, year in (("75702000", "a", 2022), ("75701000", "b", 2022), ("75701000", "c", 2025)):
        told = body("material", year=year, on=f"{year}-06-01")
        assert (await http.put(at(code, item), json=told, headers=OPERATOR)).status_code == 201
    assert await read("75702000", "a") == (200, "m2")
    assert await read("m2", "a") == (200, "m2")
    assert await read("75701000", "b") == (200, "m1")
    assert await read("75701000", "c") == (200, "m2")
    assert await read("75701000", "a") == (404, "community-item-not-found"), "the code was not m2's in 2022"
    assert await read("75501000", "b") == (200, "m1"), "a code that only one ever had is its"
    assert await read("75701000", "b", OWN) == (200, "m1")
    assert await read("75701000", "b", FOREIGN) == await read("75701000", "none", FOREIGN), "it tells nothing of others"
    assert await read("75702000", "a", OWN) == (403, "forbidden")
    assert await read("75709000", "a") == (404, "municipality-not-found")
    gone = {"json": {"reason": "внесена ошибочно"}, "headers": OPERATOR | {"If-Match": '"1"'}}
    assert (await http.post(f"{at('75701000', 'a')}/withdrawal", **gone)).status_code == 404
    withdrawn = await http.post(f"{at('75701000', 'b')}/withdrawal", **gone)
    assert (withdrawn.status_code, withdrawn.json()["state"]) == (200, "withdrawn")
    foreign = await http.post(f"{at('75702000', 'a')}/withdrawal", json=gone["json"], headers=OWN | {"If-Match": '"1"'})
    assert foreign.status_code == 403


async def test_a_procedure_was_held_on_the_regions_day(scoring: Scoring, http: httpx.AsyncClient) -> None:
    """Half past one at night of New Year's Day is still the year before in UTC."""
    await take(
        scoring, replace(fact("r1", 2, values={"i1": "1"}), occurred_at=datetime(2021, 12, 31, 20, 30, tzinfo=UTC))
    )
    assert [one["date"] for one in (await indicators(http))["E2"]["denominator"]["items"]] == ["2022-01-01"]


async def test_a_year_before_the_municipality_was_there_says_so(http: httpx.AsyncClient) -> None:
    found = await indicators(http, 2010)
    assert {one["state"] for one in found.values()} == {"did_not_exist"}
    refused = await put(http, "d-1", body("normative_document", year=2010, on="2010-06-01"))
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-community-item")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/year", "did-not-exist")]
    assert (await http.get(f"{AT}/items", params={"year": 2010}, headers=OWN)).json()["items"] == []


async def test_a_procedure_was_held_by_its_result_in_force_whatever_the_methodology_makes_of_it(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    """Added to the catalogue alone, without any value, or taken out by an act afterwards; not what did not apply."""
    await take(scoring, fact("new", procedure="regional_new", values={"i1": "1"}))
    await take(scoring, fact("blank", procedure="third", period="2021-2022", values={"i1": None, "i2": None}))
    await take(scoring, fact("gone", procedure="second", values={"i1": "5"}))
    act = {"procedure": "first", "period": "2022", "municipalities": ["m1"], "reason": "нет школ",
           "act": {"number": "приказ № 5", "date": "2022-10-10"}}  # fmt: skip
    (await http.post("/v1/applicability", json=act, headers=OPERATOR)).raise_for_status()

    async def held() -> list[str]:
        told = (await indicators(http))["E2"]
        everywhere = (await http.get("/v1/expert-community", params={"year": 2022}, headers=OPERATOR)).json()["items"]
        [own] = [one["indicators"] for one in everywhere if one["municipality"]["id"] == "m1"]
        assert [one["of"] for one in own if one["code"] == "E2"] == [told["of"]]
        return sorted(one["id"] for one in told["denominator"]["items"])

    assert await held() == ["blank", "gone", "new", "r1"]
    await take(scoring, fact("gone", 2, procedure="second", at=60), fact("r1", 2, exempt=True, at=60))
    assert await held() == ["blank", "new"]
    await take(scoring, fact("again", procedure="second", values={"i1": "5"}, at=30))
    assert await held() == ["again", "blank", "new"]
