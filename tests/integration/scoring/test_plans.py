"""Facts are found by an index: those of schools are hundreds of thousands, and of one school a few."""

import pytest

from services.scoring.domain.league import League
from services.scoring.domain.news import News
from services.scoring.store import Store
from services.scoring.usecases import Scoring
from shared.kernel import Cause
from shared.mongo import Database
from tests.integration.scoring.schools import describe, of_school
from tests.plans import looking
from tests.unit.scoring.made import fact
from tests.unit.scoring.schools.made import document

SCHOOLS, MUNICIPALITIES = 30, 4


@pytest.fixture
async def full(scoring: Scoring) -> Scoring:
    """Three results of each of thirty schools, one of each of four municipalities, all judged."""
    await describe(scoring)
    years = ("2020", "2021", "2022")
    schools = [of_school(f"s{n}", period=year, municipality=f"m{n % 4}") for n in range(SCHOOLS) for year in years]
    own = [fact(f"r{n}", municipality=f"m{n}") for n in range(MUNICIPALITIES)]
    await scoring.batches.take(None, News([*schools, *own]))
    await scoring.schools.judging.judge()
    return scoring


async def test_a_school_is_judged_by_its_own_facts_alone(full: Scoring, empty: Database) -> None:
    await full.batches.take(None, News([of_school("s7", 2)]))
    async with looking(empty) as looks:
        await full.schools.judging.judge()
    assert max(one.documents for one in looks.of("facts")) == 4, "three years, one of them twice"


async def test_results_of_schools_are_found_by_the_schools(full: Scoring, empty: Database) -> None:
    async with looking(empty) as looks:
        found = await Store(empty, home="").facts_of_schools(["s1", "s2"], 2022)
    assert [(one.documents, len(found)) for one in looks.of("facts")] == [(2, 2)]


async def test_own_results_of_municipalities_are_found_past_those_of_their_schools(
    full: Scoring, empty: Database
) -> None:
    async with looking(empty) as looks:
        found = await Store(empty, home="").facts_of(League("", "2022"))
    (look,) = looks.of("facts")
    assert (look.documents, len(found)) == (MUNICIPALITIES, MUNICIPALITIES)
    assert look.keys <= 3 * MUNICIPALITIES + 1, "the schools of each are leapt over"


async def test_whose_scores_there_are_is_found_past_the_results_of_schools(full: Scoring, empty: Database) -> None:
    async with looking(empty) as looks:
        found = await Store(empty, home="").scored_keys()
    assert [(one.documents, len(found)) for one in looks.of("facts")] == [(MUNICIPALITIES, MUNICIPALITIES)]


async def test_which_schools_have_results_is_read_of_the_index_alone(full: Scoring, empty: Database) -> None:
    await full.schools.thresholds.put("other", document() | {"id": "other"}, cause=Cause("c"))
    async with looking(empty) as looks:
        await full.schools.judging.judge()
    (look,) = [one for one in looks.of("facts") if one.command == "aggregate"]
    assert (look.documents, look.found) == (0, SCHOOLS)
