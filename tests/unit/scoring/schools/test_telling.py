"""Whom a school that is on a list alarms: news of the year itself, not a list that goes on from the years before."""

from services.scoring.domain.schools import Region, Sheet, Standing, standings
from services.scoring.domain.schools.standing import told
from tests.unit.scoring.schools.made import CATALOGUE, WEAK, sheet, thresholds

BEFORE = sheet("vpr", 2020, values=WEAK), sheet("vpr", 2021, values=WEAK)


def standing(*sheets: Sheet, year: int = 2022) -> Standing:
    found = standings("s1", sheets, Region([thresholds()], CATALOGUE, {2020, 2021, 2022}))
    return {one.year: one for one in found}[year]


ON_THE_LIST = standing(*BEFORE, year=2021)


def listed(
    *sheets: Sheet, before: Standing | None = None, earlier: Standing | None = ON_THE_LIST, quiet: bool = False
) -> list[tuple[tuple[str, ...], bool]]:
    """By which criteria the low list is entered in 2022, and whether quietly."""
    events = told(before, standing(*sheets), earlier=earlier, quiet=quiet)
    return [(one.criteria, one.quiet) for one in events if one.list == "low_results"]


def test_a_first_result_of_the_year_that_makes_nobody_low_tells_the_list_over_three_years_quietly():
    assert listed(*BEFORE, sheet("riko", 2022)) == [(("three_years.russian",), True)]


def test_what_a_result_of_the_year_adds_is_told_aloud_beside_it():
    assert listed(*BEFORE, sheet("oge", 2022, values=WEAK)) == [
        (("year.russian",), False),
        (("three_years.russian",), True),
    ]


def test_what_a_result_of_the_year_confirms_is_told_aloud():
    entered = "year.russian", "three_years.russian"
    assert listed(*BEFORE, sheet("vpr", 2022, values=WEAK)) == [(entered, False)]
    assert listed(*BEFORE, sheet("vpr", 2022, values=WEAK), quiet=True) == [(entered, True)]


def test_late_results_of_the_years_before_are_news_where_the_school_was_on_no_list():
    entered = [(("three_years.russian",), False)]
    assert listed(*BEFORE, earlier=None) == entered
    assert listed(*BEFORE, earlier=standing(BEFORE[1], year=2021)) == entered


def test_a_late_result_of_a_year_before_is_news_where_the_year_had_begun():
    began = standing(BEFORE[1], sheet("riko", 2022))
    assert began.listed("low_results") == ()
    assert listed(*BEFORE, sheet("riko", 2022), before=began) == [(("three_years.russian",), False)]
