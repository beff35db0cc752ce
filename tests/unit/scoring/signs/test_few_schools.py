"""Where a region has few schools, what is usual is known badly: clean ones are no signs all the same; what is found."""

from collections.abc import Callable, Iterator

import pytest
from numpy.random import default_rng

from services.scoring.domain.signs import Outcome, found
from services.scoring.domain.signs.shift import jump, school_marks
from tests.unit.scoring.signs.made import MARKS, marks, table

FAMILIES, PUPILS = 40, 60
# Of 40 clean families each may have a sign with a probability of 5 %: more than 6 come once in 300 suites.
MOST_CLEAN = 6
Test = Callable[..., Outcome]
NEEDS = {school_marks: (15, 0.2), jump: (20, 0.3)}


def families(test: Test, schools: int, between: float, *, planted: float = 0.0) -> Iterator[set[str]]:
    """The signs of each family: schools differ by so much for reasons of their own, the first by so much more."""
    minimum, effect = NEEDS[test]
    for seed in range(FAMILIES):
        rng = default_rng(seed)
        latent = rng.normal(0, 0.5, schools)
        first = marks(rng, latent, PUPILS)
        latent += rng.normal(0, between, schools)
        latent[0] += planted
        made = test("oge", table(first, MARKS), table(marks(rng, latent, PUPILS), MARKS), minimum=minimum)
        told = found(made, fdr=0.05, minimum=minimum, least_effect=effect)
        yield {one["organization"] for one in told["signs"]}


@pytest.mark.parametrize("test", NEEDS)
@pytest.mark.parametrize(("schools", "between"), [(10, 0.5), (15, 0.5), (20, 0.25), (60, 0.25)])
def test_few_clean_schools_are_no_signs(test: Test, schools: int, between: float):
    assert sum(map(bool, families(test, schools, between))) <= MOST_CLEAN


@pytest.mark.parametrize("test", NEEDS)
@pytest.mark.parametrize(("schools", "planted", "power"), [(10, 2.0, 0.25), (20, 2.0, 0.65), (60, 1.5, 0.8)])
def test_large_bias_is_found_among_few_schools_too(test: Test, schools: int, planted: float, power: float):
    told = list(families(test, schools, 0.15, planted=planted))
    assert sum("s0000" in one for one in told) >= power * FAMILIES
    assert sum(len(one - {"s0000"}) for one in told) <= MOST_CLEAN
