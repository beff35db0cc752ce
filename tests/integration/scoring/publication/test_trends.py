"""Trends once editions exist: the public reads what was published, not what was corrected since."""

from typing import Any

from services.scoring.usecases import Scoring
from tests.integration.scoring.publication.conftest import FULL, People
from tests.integration.scoring.publication.test_ratings import correct
from tests.integration.scoring.told import take
from tests.unit.scoring.made import fact

PATH = "/v1/trends?until=2022&municipality=m1"


async def lines(people: People, who: str | None, path: str) -> list[tuple[str, Any]]:
    found = (await people.ask(who, "GET", path)).raise_for_status().json()
    return [
        (one["group"], {key: one["lines"][-1].get(key) for key in ("state", "points", "rank")})
        for one in found["series"]
    ]


async def test_a_year_without_an_edition_stays_closed(people: People):
    await people.frozen()
    for who, status in ((None, 401), ("expert", 403)):
        assert (await people.ask(who, "GET", PATH)).status_code == status


async def test_a_later_correction_is_in_the_live_trend_and_not_in_the_published_one(people: People, scoring: Scoring):
    await people.published()
    paths = (PATH, f"{PATH}&by=procedure")
    before = [await lines(people, None, path) for path in paths]
    assert before == [await lines(people, "m1", path) for path in paths], "they are equal until something is corrected"
    await correct(people, scoring)
    assert [await lines(people, None, path) for path in paths] == before
    assert [await lines(people, "expert", path) for path in paths] == before
    for path, published in zip(paths, before, strict=True):
        assert await lines(people, "m1", path) != published


async def test_years_that_were_not_published_are_named(people: People):
    await people.published()
    found = (await people.ask(None, "GET", PATH)).json()
    assert (found["periods"], found["withheld"]) == (["2022"], ["2020", "2021"])


async def test_how_many_procedures_have_data_is_the_same_live_and_published(people: People):
    await people.published()
    for who in ("m1", None):
        found = (await people.ask(who, "GET", PATH)).json()["series"]
        told = {one["group"]: one["lines"][-1]["coverage"] for one in found}
        assert told == {
            "overall": {"procedures": 1, "of": 3},
            "alpha": {"procedures": 1, "of": 2},
            "beta": {"procedures": 0, "of": 1},
        }, who
        by_procedure = (await people.ask(who, "GET", f"{PATH}&by=procedure")).json()["series"]
        assert {one["lines"][-1]["coverage"] for one in by_procedure} == {None}


async def test_the_edition_that_a_year_is_shown_of_is_named_to_who_reads_it(people: People):
    await people.published()
    edition = (await people.ask(None, "GET", "/v1/ratings/2022")).json()["edition"]
    assert (await people.ask(None, "GET", PATH)).json()["editions"] == {"2022": edition}
    assert (await people.ask("m1", "GET", PATH)).json()["editions"] == {}, "live"


async def test_who_is_not_in_the_edition_has_no_data_in_it(people: People):
    await people.published()
    found = (await people.ask(None, "GET", "/v1/trends?until=2022&group=overall")).json()
    states = {one["municipality"]["id"]: one["lines"][-1]["state"] for one in found["series"]}
    rating = (await people.ask(None, "GET", "/v1/ratings/2022")).json()
    expected = {row["municipality"]["id"]: "scored" for row in rating["rows"]}
    assert states == expected | {one["municipality"]["id"]: one["state"] for one in rating["no_data"]}


async def test_without_an_end_everybody_reads_up_to_the_last_year_that_they_see(people: People, scoring: Scoring):
    await people.published()
    await take(scoring, fact("later", period="2023", values=FULL))
    for who, last in ((None, "2022"), ("expert", "2022"), ("m1", "2023")):
        found = (await people.ask(who, "GET", "/v1/trends?municipality=m1")).raise_for_status().json()
        assert found["until"] == last


async def test_where_nothing_is_published_trends_stay_closed(people: People):
    assert (await people.ask(None, "GET", "/v1/trends?municipality=m1")).status_code == 401
