"""Medallists under 70: schools that differ honestly are no signs, few schools neither; planted bias is found."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from numpy.random import default_rng
from scipy.stats import betabinom, hypergeom, norm, t

from services.scoring.domain.signs import Outcome, found
from services.scoring.domain.signs.medals import medallists
from services.scoring.domain.signs.outcome import Skipped
from tests.unit.scoring.signs.made import MEDALS, honest_medals, medals, table

FAMILIES, MINIMUM = 40, 4
# Of 40 clean families each may have a sign with a probability of 5 %: more than 6 come once in 300 suites.
MOST_CLEAN = 6


class Region(NamedTuple):
    """Schools, the mean and the deviation of their honest chances."""

    schools: int
    mean: float
    deviation: float


def families(region: Region, *, planted: int = 0, more: float = 0.0) -> Iterator[set[str]]:
    """The signs of each family; the first schools have so much more."""
    for seed in range(FAMILIES):
        rng = default_rng(seed)
        chances = honest_medals(rng, *region)
        chances[:planted] += more
        made = medallists("medallists", medals(rng, chances), minimum=MINIMUM)
        assert isinstance(made, Outcome)
        told = found(made, fdr=0.05, minimum=MINIMUM, least_effect=0.2)
        yield {one["organization"] for one in told["signs"]}


@pytest.mark.parametrize(
    "region",
    [
        Region(10, 0.08, 0.05),
        Region(20, 0.2, 0.1),
        Region(60, 0.08, 0.08),
        Region(200, 0.2, 0.1),
    ],
)
def test_schools_that_differ_for_reasons_of_their_own_are_no_signs(region: Region):
    assert sum(map(bool, families(region))) <= MOST_CLEAN


def test_where_a_few_have_most_of_a_small_share_there_are_no_more_false_signs_than_is_told():
    """Up to 26 % of families, outside the range of the claim above: more than 18 of 40 come once in 300 suites."""
    assert sum(map(bool, families(Region(200, 0.04, 0.1)))) <= 18


@pytest.mark.parametrize(("schools", "planted"), [(20, 1), (60, 3), (200, 10)])
def test_planted_bias_of_a_stated_size_is_found_at_the_stated_power(schools: int, planted: int):
    """90 points of a hundred more, among schools that differ honestly; a few do not hide one another."""
    biased = {f"s{number:04}" for number in range(planted)}
    told = list(families(Region(schools, 0.08, 0.05), planted=planted, more=0.9))
    assert sum(len(one & biased) for one in told) >= 0.8 * planted * FAMILIES
    assert sum(len(one - biased) for one in told) <= 0.05 * sum(map(len, told))


ROWS = [(10, 1), (8, 0), (6, 5), (12, 2), (9, 0), (14, 3), (3, 3), (7, 1), (5, 0), (11, 4), (20, 1), (4, 1)]


def plain_likeness(rows: list[tuple[int, int]]) -> float:
    """The correlation within schools by the definition: what the sum of squares is beyond its expectation."""
    n, k = sum(row[0] for row in rows), sum(row[1] for row in rows)
    share = (k + 0.5) / (n + 1)
    squares = 1.6 * sum(one * (under / one - k / n) ** 2 for one, under in rows) / (share * (1 - share))
    beyond = squares - (len(rows) - 1)
    return min(max(beyond / sum((1 - one / n) * (one - 1) for one, _ in rows), 0.0), 1 - 1e-6)


def test_a_school_is_held_against_the_share_of_all_others_and_the_spread_of_those_without_the_most():
    made = medallists("medallists", table(np.array(ROWS), MEDALS), minimum=4)
    assert isinstance(made, Outcome)
    all_n, all_k = sum(row[0] for row in ROWS), sum(row[1] for row in ROWS)
    for place, (n, k) in enumerate(ROWS):
        share = (all_k - k + 0.5) / (all_n - n + 1)
        others = [row for at, row in enumerate(ROWS) if at != place and row[0] >= 4 and row != (6, 5)]
        size = 1 / plain_likeness(others) - 1
        wide = betabinom.sf(k - 1, n, share * size, (1 - share) * size)
        fat = t.sf(norm.isf(wide), len(others) - 1)
        assert made.p[place] == pytest.approx(max(fat, hypergeom.sf(k - 1, all_n, all_k, n)))
        assert made.effect[place] == pytest.approx(k / n - share)


def test_no_probability_is_smaller_than_fishers_however_alike_the_schools_are():
    rows = [(20, 2)] * 9 + [(20, 9)]
    made = medallists("medallists", table(np.array(rows), MEDALS), minimum=4)
    assert isinstance(made, Outcome)
    assert made.p[-1] >= hypergeom.sf(8, 200, 27, 20)


def test_where_nobody_or_everybody_is_under_70_nobody_is_a_sign():
    for under in (0, 10):
        made = medallists("medallists", table(np.array([(10, under)] * 12), MEDALS), minimum=4)
        assert isinstance(made, Outcome)
        assert np.isfinite(np.stack([made.p, made.effect, made.statistic])).all()
        assert found(made, fdr=0.05, minimum=4, least_effect=0.2)["signs"] == []


@pytest.mark.parametrize(("others", "skipped"), [([], True), ([20], True), ([9] * 8 + [3], True), ([4] * 9, False)])
def test_fewer_than_ten_schools_with_enough_medallists_are_compared_with_nothing(others: list[int], *, skipped: bool):
    """Of a few nobody knows how much they differ honestly: two of twenty each had a false sign in 16 % of cases."""
    made = medallists("medals", table(np.array([(6, 6), *((n, 0) for n in others)]), MEDALS), minimum=4)
    assert isinstance(made, Skipped) == skipped
    if isinstance(made, Skipped):
        assert (made.why, made.too_few) == (
            "Сравнить не с чем: школ, у которых данных достаточно, меньше 10.", sum(n < 4 for n in others),
        )  # fmt: skip
