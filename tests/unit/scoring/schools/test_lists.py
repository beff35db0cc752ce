"""Lists of schools: what makes a verdict, what compares with what, and what is told when a school enters or leaves."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.schools import (
    Region,
    Sheet,
    Standing,
    Thresholds,
    Verdict,
    judged,
    standing_document,
    standing_from,
    standings,
    told,
    verdicts,
)
from tests.unit.scoring.schools.made import CATALOGUE, FINE, SUBJECTS, WEAK, document, marks, sheet, thresholds

ORDINARY = marks(2, 10, 6, 2)

SMALL = thresholds()


def verdict(*sheets: Sheet, key: str = "year.russian", year: int = 2022, rules: Thresholds = SMALL) -> Verdict:
    found = verdicts(judged(sheets, rules, subjects=SUBJECTS), rules, year=year)
    return {one.key: one for one in found}[key]


def test_a_low_result_lists_a_school_with_its_reason():
    found = verdict(sheet(values=WEAK), sheet("oge", values=FINE))
    assert found.state == "low"
    [reason] = found.reasons
    assert (reason.result, reason.revision, reason.procedure, reason.value) == ("vpr-2022", 1, "vpr", Fraction(2, 5))
    assert reason.limit is not None
    assert (reason.limit.measure, reason.limit.comparison, reason.limit.bound) == (
        "low_share", "at_least", Fraction(3, 10),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "state"),
    [
        (marks(3, 7, 0, 0), "low"),  # 30 % exactly
        (marks(299, 701, 0, 0), "neither"),
        (marks(0, 30, 40, 30), "strong"),
        (marks(0, 31, 40, 29), "neither"),
        (marks(3, 6, 0, 0), "too_few"),
        ({"m2": "9", "m3": "9", "m4": None, "m5": "9"}, "no_data"),
        (marks(0, 0, 0, 0), "no_data"),
        ({"participants": "20", "below_minimum": "30", "percent": "40"}, "low"),
        ({"participants": "20", "below_minimum": None, "percent": "40"}, "no_data"),
        ({"below_minimum": "90"}, "no_data"),
        ({**marks(9, 1, 0, 0), "participants": "12"}, "low"),
        ({**marks(1, 1, 0, 0), "participants": "25"}, "too_few"),
        ({**marks(9, 1, 0, 0), "participants": "9"}, "too_few"),
        ({**marks(9, 1, 0, 0), "m3": "1.5"}, "no_data"),
        (None, "no_data"),
    ],
)
def test_a_result_says_what_its_counts_say_and_nothing_where_it_cannot(values: dict[str, Any] | None, state: str):
    assert verdict(sheet(values=values)).state == state


def test_a_share_of_two_marks_makes_no_school_strong_whatever_its_other_measure_says():
    limits = {
        "procedure": "vpr",
        "low": {"measure": "mean_share", "at_most": "0.3"},
        "strong": {"measure": "high_share", "at_least": "0.7"},
    }
    [first, second] = document()["criteria"]
    rules = thresholds(criteria=[first | {"results": [limits]}, second])

    def state(percent: str, *counts: int) -> str:
        one = sheet(values={**marks(*counts), "participants": "25", "percent": percent})
        return verdict(one, rules=rules).state

    assert [state("50", 0, 0, 1, 1), state("50", 0, 0, 10, 10), state("20", 0, 0, 1, 1)] == ["neither", "strong", "low"]


def test_not_applicable_no_data_and_not_comparable_are_no_zeros():
    assert verdict(sheet(values=None, exempt=True)).state == "not_applicable"
    assert verdict().state == "no_data"
    assert verdict(sheet("riko", values=WEAK), key="year.russian").state == "no_data"
    described = {**SUBJECTS, "vpr": "mathematics"}
    found = verdicts(judged([sheet(values=WEAK)], SMALL, subjects=described), SMALL, year=2022)
    assert {one.key: one.state for one in found}["year.russian"] == "not_comparable"
    undescribed = verdicts(judged([sheet(values=WEAK)], SMALL, subjects={}), SMALL, year=2022)
    assert {one.key: one.state for one in undescribed}["year.russian"] == "not_comparable"


@pytest.mark.parametrize(
    ("years", "state"),
    [
        ({2022: WEAK}, "not_comparable"),
        ({2021: WEAK, 2022: WEAK}, "low"),
        ({2020: WEAK, 2022: WEAK}, "low"),
        ({2019: WEAK, 2022: WEAK}, "not_comparable"),
        ({2020: WEAK, 2021: FINE, 2022: FINE}, "neither"),
        ({2020: ORDINARY, 2021: FINE, 2022: FINE}, "strong"),
        ({2021: ORDINARY, 2022: FINE}, "neither"),
        ({2021: FINE, 2022: FINE}, "strong"),
        ({2020: FINE, 2021: None, 2022: FINE}, "strong"),
        ({2021: None, 2022: None}, "no_data"),
    ],
)
def test_over_three_years_a_procedure_is_compared_with_itself(years: dict[int, Any], state: str):
    found = verdict(*[sheet(year=year, values=values) for year, values in years.items()], key="three_years.russian")
    assert found.state == state
    if state == "low":
        assert {reason.state for reason in found.reasons} == {"low"}
        assert len(found.reasons) == 2


def test_low_in_one_procedure_last_year_and_in_another_this_year_is_not_low_over_three_years():
    found = verdict(sheet("vpr", 2021, values=WEAK), sheet("oge", 2022, values=WEAK), key="three_years.russian")
    assert found.state == "not_comparable"


def test_the_set_needs_so_many_criteria_and_names_all_their_reasons():
    weak = {"participants": "20", "below_minimum": "50", "percent": "30"}
    both = verdict(sheet(values=WEAK), sheet("riko", values=weak), key="year.set")
    assert (both.state, [one.procedure for one in both.reasons]) == ("low", ["vpr", "riko"])
    assert verdict(sheet(values=WEAK), key="year.set").state == "neither"
    fine = {"participants": "20", "below_minimum": "0", "percent": "80"}
    assert verdict(sheet(values=FINE), sheet("riko", values=fine), key="year.set").state == "strong"
    assert verdict(sheet(values=None), key="year.set").state == "no_data"


def region(*years: int) -> Region:
    return Region([SMALL], CATALOGUE, years)


def standing(*sheets: Sheet, year: int = 2022) -> Standing:
    return {one.year: one for one in standings("s1", sheets, region())}[year]


def test_entering_and_leaving_a_list_is_told_once_with_its_causes():
    low, fine = standing(sheet(values=WEAK)), standing(sheet(revision=2, values=FINE))
    [entered] = told(None, low, quiet=False)
    assert (entered.TYPE.split(".")[-2], entered.list, entered.criteria) == ("listed", "low_results", ("year.russian",))
    assert [(one.result, one.revision) for one in entered.causes] == [("vpr-2022", 1)]
    assert (entered.key, entered.school, entered.period, entered.thresholds) == ("m1", "s1", "2022", "small")
    assert told(low, low, quiet=False) == []
    left, strong = sorted(told(low, fine, quiet=True), key=lambda one: one.list)
    assert (left.TYPE.split(".")[-2], left.criteria, left.quiet) == ("delisted", ("year.russian",), True)
    assert (strong.TYPE.split(".")[-2], strong.list) == ("listed", "strong")
    assert [(one.result, one.revision) for one in left.causes] == [("vpr-2022", 2)]


def causes(before: Standing, after: Standing) -> list[tuple[str, int]]:
    [left] = told(before, after, quiet=False)
    assert left.TYPE.split(".")[-2] == "delisted"
    return [(one.result, one.revision) for one in left.causes]


MEANS = {"participants": "20", "below_minimum": "0", "percent": "80"}


@pytest.mark.parametrize(
    ("before", "after", "movers"),
    [
        # a low result became ordinary; another one, ordinary before and after, moved nothing
        ([sheet(values=WEAK), sheet("oge")], [sheet(revision=2), sheet("oge")], [("vpr-2022", 2)]),
        # a strong school got a second result, which is not strong
        ([sheet(values=FINE)], [sheet(values=FINE), sheet("oge")], [("oge-2022", 1)]),
        ([sheet(values=FINE), sheet("oge", values=FINE)], [sheet(revision=2), sheet("oge", values=FINE)],
         [("vpr-2022", 2)]),
        # the result that was low was withdrawn, and an ordinary one of the school year counts in its place
        ([sheet(values=WEAK), sheet(result="a", period="2021-2022")],
         [sheet(revision=2, values=None), sheet(result="a", period="2021-2022")], [("a", 1)]),
    ],
)  # fmt: skip
def test_leaving_a_list_for_the_ordinary_names_the_results_that_moved_it(before: Any, after: Any, movers: Any):
    kept = standing_from(standing_document(standing(*before)))
    assert causes(kept, standing(*after)) == movers


def test_leaving_the_list_over_three_years_names_the_year_that_moved_it():
    low = [sheet(year=year, values=WEAK) for year in (2021, 2022)]
    kept = standing_from(standing_document(standing(*low, sheet("oge", 2021))))
    assert causes(kept, standing(low[0], sheet(revision=2), sheet("oge", 2021))) == [("vpr-2022", 2)]


def test_leaving_the_list_of_the_set_alone_names_the_criterion_that_moved_it():
    strong = standing(sheet(values=FINE), sheet("riko", values=MEANS))
    assert strong.listed("strong") == ("year.russian", "year.metasubject", "year.set")
    fewer = standing(sheet(values=FINE), sheet("riko", revision=2, values=MEANS | {"percent": "60"}))
    [left] = told(standing_from(standing_document(strong)), fewer, quiet=False)
    assert left.criteria == ("year.metasubject", "year.set")
    assert [(one.result, one.revision) for one in left.causes] == [("riko-2022", 2)]


def test_where_other_limits_made_it_ordinary_the_results_are_named_that_were_low():
    low = standing(sheet(values=WEAK))
    other = thresholds(id="other", criteria=[one | {"key": "renamed"} for one in document()["criteria"][:1]],
                       set={"low": 1, "strong": 1})  # fmt: skip
    [after] = standings("s1", [sheet(values=WEAK)], Region([other], CATALOGUE, ()))
    left = next(one for one in told(low, after, quiet=True) if one.TYPE.endswith("delisted.v1"))
    assert (left.criteria, [one.result for one in left.causes]) == (("year.russian",), ["vpr-2022"])


def test_a_withdrawn_result_takes_its_school_off_the_list():
    low, gone = standing(sheet(values=WEAK)), standing(sheet(revision=2, values=None))
    assert [one.TYPE.split(".")[-2] for one in told(low, gone, quiet=False)] == ["delisted"]


def test_a_year_without_a_threshold_set_has_no_lists():
    assert standings("s1", [sheet(year=2019, values=WEAK)], region(2019)) == []


@pytest.mark.parametrize(
    ("own", "years", "judged_in"),
    [
        ((2020, 2021), (2020, 2021), [2020, 2021]),
        ((2020, 2021), (2020, 2021, 2022, 2023), [2020, 2021, 2022, 2023]),
        ((2020, 2021), (2020, 2021, 2024), [2020, 2021]),
        ((2020,), (2020, 2022), [2020, 2022]),
        ((2021,), (2020, 2021), [2021]),
        ((2019,), (2020,), [2020]),
    ],
)
def test_a_result_speaks_of_the_two_years_after_it_as_far_as_the_region_has_results(
    own: tuple[int, ...], years: tuple[int, ...], judged_in: list[int]
):
    found = standings("s1", [sheet(year=year, values=WEAK) for year in own], region(*years))
    assert [one.year for one in found] == judged_in


def test_low_in_two_years_a_school_is_on_the_list_of_the_third_though_it_has_nothing_of_that():
    before = sheet(year=2020, values=WEAK), sheet(year=2021, values=WEAK)
    missing, gone = (
        {one.year: one for one in standings("s1", sheets, region(2020, 2021, 2022))}[2022]
        for sheets in (before, (*before, sheet(values=None)))
    )
    assert missing.listed("low_results") == gone.listed("low_results") == ("three_years.russian",)
    assert {one.key: one.state for one in missing.verdicts}["year.russian"] == "no_data"
    assert (missing.municipality, missing.size, missing.levels) == ("m1", None, ())
    [entered] = told(None, missing, quiet=True)
    assert [one.result for one in entered.causes] == ["vpr-2020", "vpr-2021"]


def test_the_year_is_that_in_which_a_school_year_ends():
    found = verdict(sheet(values=WEAK, period="2021-2022", year=2022))
    assert found.state == "low"


def test_a_standing_is_kept_and_read_back_whole():
    whole = standing(sheet(values=WEAK), sheet("oge", 2021, values=FINE), sheet("oge", values=None, exempt=True))
    assert standing_from(standing_document(whole)) == whole
    assert (whole.size, whole.levels) == (20, ("primary",))


def test_nobody_and_unknown_are_two_sizes_of_a_school():
    assert standing(sheet(values={"percent": "40"})).size is None
    assert standing(sheet(values={"participants": "0", "percent": "40"})).size == 0


def test_size_is_that_of_the_results_that_count():
    many = sheet(values=marks(2, 150, 140, 8), period="2021-2022", result="a")
    assert standing(many, sheet(values=marks(2, 10, 6, 2), result="b")).size == 20


COUNTS = st.tuples(*[st.integers(0, 40)] * 4)


@given(COUNTS, COUNTS, COUNTS)
def test_lists_agree_with_the_plainest_way_to_say_them(one: Any, two: Any, three: Any):
    """An independent reference in floats-free arithmetic, by the words of the specification."""
    told_years = {2020: one, 2021: two, 2022: three}
    sheets = [sheet(year=year, values=marks(*counts)) for year, counts in told_years.items()]

    def plain(counts: tuple[int, ...]) -> str:
        whole = sum(counts)
        if whole == 0:
            return "no_data"
        if whole < 10:
            return "too_few"
        if 10 * counts[0] >= 3 * whole:
            return "low"
        return "strong" if 10 * (counts[2] + counts[3]) >= 7 * whole else "neither"

    states = [plain(counts) for counts in told_years.values()]
    speaking = [state for state in states if state in {"low", "strong", "neither"}]
    if speaking.count("low") >= 2:
        longer = "low"
    elif len(speaking) >= 2:
        longer = "strong" if speaking.count("strong") >= 2 and "low" not in speaking else "neither"
    elif speaking:
        longer = "not_comparable"
    else:
        longer = "too_few" if "too_few" in states else "no_data"
    assert verdict(*sheets).state == states[-1]
    assert verdict(*sheets, key="three_years.russian").state == longer
