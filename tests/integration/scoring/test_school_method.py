"""Schools that were listed by an older method are listed anew, and once."""

import httpx

from services.scoring.usecases import Scoring
from shared.mongo import Database, DeleteOne, UpdateMany
from tests.integration.scoring.schools import ask, describe, low, of_school, tell
from tests.unit.scoring.schools.made import FINE, marks

ORDINARY = marks(2, 10, 6, 2)


async def strong(http: httpx.AsyncClient) -> list[str]:
    return low((await ask(http, "/v1/schools/strong?period=2022&span=three_years")).json())


async def test_who_was_strong_in_two_of_three_years_is_listed_also_where_an_older_method_did_not(
    scoring: Scoring, empty: Database, http: httpx.AsyncClient
) -> None:
    await describe(scoring)
    years = {"2020": FINE, "2021": FINE, "2022": ORDINARY}
    await tell(scoring, *[of_school(period=year, values=values) for year, values in years.items()])
    assert await strong(http) == ["s1"]
    older = UpdateMany({}, {"$set": {"strong": [], "verdicts": []}})
    await empty.write("school_standings", [older])
    await scoring.schools.judging.judge()
    assert await strong(http) == []
    await empty.write("meta", [DeleteOne({"_id": "school-lists"})])
    await scoring.schools.judging.judge()
    assert await strong(http) == ["s1"]
