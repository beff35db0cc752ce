"""A school that changes hands within a year is seen by whom it belongs to now, and by nobody else."""

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
