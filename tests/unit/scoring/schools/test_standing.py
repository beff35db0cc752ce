"""A school's standing of a year: of whom it is told, by which of its results, and how it is kept."""

from itertools import permutations

import pytest

from services.scoring.domain.schools import Region, Sheet, Standing, standing_document, standing_from, standings
from tests.unit.scoring.schools.made import CATALOGUE, WEAK, sheet, thresholds

LOW = {"participants": "20", "below_minimum": "50", "percent": "30"}
ORDINARY = {"participants": "20", "below_minimum": "0", "percent": "50"}


def standing(*sheets: Sheet, year: int = 2022, **more: object) -> Standing:
    found = standings("s1", sheets, Region([thresholds(**more)], CATALOGUE, ()))
    return {one.year: one for one in found}[year]


def said(of: Standing, key: str) -> tuple[str, list[str]]:
    """What a verdict says, and of which procedures its reasons are."""
    [verdict] = [one for one in of.verdicts if one.key == key]
    return verdict.state, [one.procedure for one in verdict.reasons]


def test_a_school_that_moved_belongs_in_past_years_to_whom_it_belonged_then():
    sheets = sheet(year=2021, values=WEAK), sheet(year=2022, municipality="m2")
    assert [standing(*sheets, year=year).municipality for year in (2021, 2022)] == ["m1", "m2"]


@pytest.mark.parametrize("period", ["2022", "2021-2022"])
@pytest.mark.parametrize("moved", [("m9", "m2"), ("m1", None), (None, "m2")])
def test_of_results_of_one_year_the_one_that_was_recorded_last_says_whose_a_school_is(
    moved: tuple[str | None, str | None], period: str
):
    before, after = moved
    for one, other in permutations(("vpr", "oge", "riko"), 2):
        first = sheet(one, municipality=before, recorded="2022-03-01")
        last = sheet(other, municipality=after, period=period, recorded="2022-09-01")
        for sheets in ((first, last), (last, first)):
            assert standing(*sheets).municipality == after


def test_what_makes_the_set_low_is_there_again_in_a_standing_that_was_kept():
    whole = standing(sheet(values=WEAK), sheet("riko", values=LOW))
    assert said(whole, "year.set") == ("low", ["vpr", "riko"])
    assert standing_from(standing_document(whole)) == whole


def test_a_set_names_only_the_criteria_that_make_it_low():
    one = standing(sheet(values=WEAK), sheet("riko", values=ORDINARY), set={"low": 1, "strong": 1})
    assert said(one, "year.metasubject")[0] == "neither"
    assert said(one, "year.set") == ("low", ["vpr"])


def test_over_three_years_only_procedures_that_are_low_over_the_years_are_reasons():
    twice = sheet("vpr", 2021, values=WEAK), sheet("vpr", 2022, values=WEAK)
    once = sheet("oge", 2021, values=WEAK)
    assert said(standing(*twice, once, sheet("oge", 2022)), "three_years.russian") == ("low", ["vpr", "vpr"])
    assert said(standing(*twice, once), "three_years.russian") == ("low", ["vpr", "vpr"])
    assert said(standing(once, sheet("oge", 2022)), "three_years.russian")[0] == "neither"


def test_a_result_of_which_only_the_low_ones_are_known_is_ordinary():
    counts = {"participants": "20", "below_minimum": "0"}
    assert said(standing(sheet(values=counts)), "year.russian") == ("neither", ["vpr"])
