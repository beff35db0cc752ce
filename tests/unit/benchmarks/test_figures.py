"""The arithmetic of the report: ratios, goals on either side, percentiles, growth, the table."""

from typing import Literal

import pytest

from benchmarks.figures import COLUMNS, Figure, Sample, number, percentile, slope, table

Values = tuple[float, ...]
Side = Literal["more", "less"]


def figure(ours: Values, floor: Values | None, goal: float | None, better: Side) -> Figure:
    beside = None if floor is None else Sample(floor)
    return Figure(name="x", what="что", unit="мс", ours=Sample(ours), floor=beside, goal=goal, better=better)


@pytest.mark.parametrize(
    ("made", "met"),
    [
        (((7.0,), (10.0,), 0.7, "more"), True),
        (((6.9,), (10.0,), 0.7, "more"), False),
        (((15.0,), (10.0,), 1.5, "less"), True),
        (((15.1,), (10.0,), 1.5, "less"), False),
        (((100.0, 130.0), None, 120.0, "less"), False),
        (((100.0, 119.0), None, 120.0, "less"), True),
        (((1.0,), (2.0,), None, "less"), None),
    ],
)
def test_a_goal_is_on_the_ratio_of_medians_or_on_the_greatest_value(
    made: tuple[Values, Values | None, float | None, Side], *, met: bool | None
) -> None:
    assert figure(*made).met is met


def test_one_slow_round_does_not_move_the_ratio():
    assert figure((10.0, 11.0, 90.0), (10.0, 11.0, 12.0), 1.5, "less").ratio == 1.0


def test_a_sample_shows_its_median_and_its_ends():
    assert Sample((3.0, 1.0, 2.0)).text() == "2 (1…3)"
    assert Sample((12_345.0,)).text() == "12\u202f345"


def test_an_empty_sample_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Sample(())


def test_the_99th_percentile_of_300_leaves_three_above():
    assert percentile([float(value) for value in range(1, 301)], 0.99) == 297.0


def test_growth_is_told_per_unit_and_a_flat_line_has_none():
    assert slope([(0.0, 100.0), (1.0, 102.0), (2.0, 104.0)]) == pytest.approx(2.0)
    assert slope([(0.0, 100.0), (1.0, 100.0)]) == 0.0
    assert slope([]) == 0.0


@pytest.mark.parametrize(
    ("value", "text"), [(0.0712, "0.0712"), (4.561, "4.56"), (99.99, "100"), (1234.0, "1\u202f234")]
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_the_table_names_its_columns_and_says_what_is_missed():
    lines = table([figure((6.0,), (10.0,), 0.7, "more")]).splitlines()
    assert all(column in lines[0] for column in COLUMNS)
    assert "НЕТ" in lines[1]
    assert "0.60" in lines[1]
