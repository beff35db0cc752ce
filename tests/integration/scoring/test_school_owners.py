"""Whose a school is in a year: by the first revision of what was told last of it; nobody else sees it."""

from itertools import permutations

import httpx

from services.scoring.usecases import Scoring
from shared.mongo import Database, UpdateMany
from tests.integration.scoring.schools import ask, describe, low, of_school, tell
from tests.unit.scoring.schools.made import SUBJECTS

MOVES = [("m1", "m2"), ("m1", None), (None, "m2")]
MOVED = [(move, both) for move in MOVES for both in permutations(SUBJECTS, 2)]


async def seen(http: httpx.AsyncClient) -> None:
    """Each municipality sees the schools that moved to it."""
    for path in ("low-results", "results"):
        for who in ("m1", "m2"):
            shown = low((await ask(http, f"/v1/schools/{path}?period=2022&limit=50", who)).json())
            assert sorted(shown) == sorted(f"x{n}" for n, ((_, after), _) in enumerate(MOVED) if after == who)


async def moved(scoring: Scoring) -> None:
    for time in (0, 1):
        facts = [
            of_school(f"x{n}", municipality=owners[time], procedure=procedures[time], at=time)
            for n, (owners, procedures) in enumerate(MOVED)
        ]
        await tell(scoring, *facts)


async def test_a_school_that_changes_hands_within_a_year_is_seen_by_its_new_owner_only(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await describe(scoring)
    await moved(scoring)
    await seen(http)


async def test_schools_whose_owner_was_known_by_an_id_are_judged_once_more(
    scoring: Scoring, empty: Database, http: httpx.AsyncClient
) -> None:
    await describe(scoring)
    await moved(scoring)
    before = {"$set": {"municipality": "m1"}}
    await empty.write("school_heard", [UpdateMany({}, {**before, "$unset": {"since": 1}})])
    await empty.write("school_standings", [UpdateMany({}, before)])
    await scoring.schools.judging.judge()
    await seen(http)


async def whose(http: httpx.AsyncClient, year: int) -> set[str]:
    """Who sees the school of a year, in lists and in results alike."""
    found = set()
    for who in ("m1", "m2"):
        listed, told = [
            low((await ask(http, f"/v1/schools/{path}?period={year}", who)).json())
            for path in ("low-results", "results")
        ]
        assert listed == told
        found |= {who} if listed else set()
    return found


async def test_a_correction_of_a_past_year_leaves_that_year_whose_it_was(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await describe(scoring)
    past = [of_school(procedure=one, period="2021", at=n) for n, one in enumerate(("vpr", "oge"))]
    await tell(scoring, *past, of_school(municipality="m2", at=10))
    assert [await whose(http, year) for year in (2021, 2022)] == [{"m1"}, {"m2"}]
    for procedure in ("vpr", "oge"):
        corrected = of_school(revision=2, procedure=procedure, period="2021", municipality="m2", at=20)
        await tell(scoring, corrected)
        assert [await whose(http, year) for year in (2021, 2022)] == [{"m1"}, {"m2"}]


async def test_a_correction_kept_under_the_former_owner_gives_the_school_back_to_nobody(
    scoring: Scoring, empty: Database, http: httpx.AsyncClient
) -> None:
    await describe(scoring)
    await tell(scoring, of_school(at=0), of_school(procedure="oge", municipality="m2", at=10))
    await tell(scoring, of_school(revision=2, at=20))
    assert await whose(http, 2022) == {"m2"}
    await empty.write("school_heard", [UpdateMany({}, {"$unset": {"since": 1}})])
    await scoring.schools.judging.judge()
    assert await whose(http, 2022) == {"m2"}
