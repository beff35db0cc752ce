"""The bounds of a sign, the expected figures that words name, and a spike against a curve known beforehand."""

from math import exp

import numpy as np
import pytest
from numpy.random import default_rng

from services.scoring.domain.signs import Outcome, found
from services.scoring.domain.signs.shift import jump, school_marks
from services.scoring.domain.signs.spike import spike
from services.scoring.domain.signs.table import Origin
from services.scoring.domain.signs.tables import Wanted, signs_of
from tests.unit.scoring.signs.made import BOUNDARIES, HIGHEST, MARKS, marks, scores_table, table

MINIMUM, LEAST, FDR = 10, 0.25, 0.05


def outcome(n: float, p: float, effect: float) -> Outcome:
    """A test of one school, whose corrected probability is its own."""
    one = {name: np.array([0.0]) for name in ("statistic", "observed", "expected")}
    origin = Origin("s1", "m1", "r1", 1)
    return Outcome("jump", "vpr", [origin], p=np.array([p]), effect=np.array([effect]), n=np.array([n]), **one)


@pytest.mark.parametrize(
    ("n", "p", "effect", "signs"),
    [
        (MINIMUM, FDR, LEAST, 1),
        (MINIMUM, FDR, -LEAST, 1),
        (MINIMUM - 1, FDR, LEAST, 0),
        (MINIMUM, FDR + 1e-9, LEAST, 0),
        (MINIMUM, FDR, LEAST - 1e-9, 0),
    ],
)
def test_the_bounds_of_a_sign_belong_to_it(n: float, p: float, effect: float, signs: int):
    told = found(outcome(n, p, effect), fdr=FDR, minimum=MINIMUM, least_effect=LEAST)
    assert (told["summary"]["signs"], told["summary"]["tested"]) == (signs, int(n >= MINIMUM))


@pytest.mark.parametrize("test", [school_marks, jump])
def test_what_is_expected_of_every_school_is_what_is_usual_and_the_effect_is_what_is_beyond(test: type[object]):
    first, second = marks(default_rng(1), np.zeros(12)), marks(default_rng(2), np.full(12, 0.6))
    made = test("vpr", table(first, MARKS), table(second, MARKS), minimum=MINIMUM)
    usual = float(np.median(made.observed))
    assert made.expected == pytest.approx([usual] * 12)
    assert made.effect == pytest.approx(made.observed - usual)


def test_a_spike_is_held_against_the_curve_of_the_region_tilted_to_the_mean_of_the_school():
    """Two schools that together have as many works at each score, but for those lifted at the boundaries."""
    rising = np.arange(HIGHEST + 1) + 10
    counts = np.stack([rising, rising[::-1]])
    for boundary in BOUNDARIES:
        counts[0, boundary - 2 : boundary + 1] += [-3, -3, 6]
    made = spike("vpr", scores_table(counts), BOUNDARIES)
    scores = range(HIGHEST + 1)
    region = [sum(int(school[score]) for school in counts) for score in scores]
    mean = sum(score * region[score] for score in scores) / sum(region)
    variance = sum((score - mean) ** 2 * region[score] for score in scores) / sum(region)
    for place, school in enumerate(counts.tolist()):
        tilt = (sum(score * school[score] for score in scores) / sum(school) - mean) / variance
        chance = 1 / sum(exp(-tilt * step) for step in range(3))
        near = [sum(school[boundary - 2 : boundary + 1]) for boundary in BOUNDARIES]
        assert made.expected[place] == pytest.approx(sum(near) * chance, rel=1e-9)
        assert made.observed[place] == sum(school[boundary] for boundary in BOUNDARIES)


def test_a_result_with_participants_but_without_its_share_of_low_ones_is_looked_at_nowhere():
    needs = {"minimum": 1, "effect": "0.01"}
    parameters = {"fdr": "0.05", "boundaries": {}, "pairs": [], "medallists": None, "needs": {"jump": needs}}
    wanted = Wanted(2022, {"riko": ["participants", "below_minimum"]}, parameters)
    rows = [
        {"procedure": "riko", "period": period, "organization": "s1", "result": period, "revision": 1,
         "values": {"participants": "50", "below_minimum": below}}
        for period, below in (("2021", "2"), ("2022", None))
    ]  # fmt: skip
    assert [one["tested"] for one in signs_of(wanted, rows)["tests"]] == [0]
