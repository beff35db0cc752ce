"""Plans where a procedure's maximum is less than its indicators together: the fewest, as by trying everything."""

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.scoring.domain import Card, Fact, last_facts, read_methodology, recount
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.next_level import Goal, Plan, capped, maximum_of, plan
from tests.unit.scoring.made import document, fact

RULE = {"kind": "linear", "from": 0, "to": 100}


def edition(maxima: list[int]) -> Methodology:
    """Procedures of indicators of two points each, evenly from 0 to 100, that together exceed the maximum by one."""
    procedures = [
        {
            "key": f"p{number}",
            "code": number,
            "title": "Процедура",
            "maximum": maximum,
            "indicators": [{"key": f"i{one}", "maximum": 2, "rule": RULE} for one in range(maximum // 2 + 1)],
        }
        for number, maximum in enumerate(maxima)
    ]
    group = {"key": "alpha", "title": "Альфа", "procedures": procedures}
    return read_methodology(document(applicability=[], overall={}, groups=[group]))


def held(methodology: Methodology, values: list[list[str]]) -> tuple[Card, list[Fact]]:
    facts = [
        fact(f"r{number}", procedure=f"p{number}", values={f"i{place}": one for place, one in enumerate(some)})
        for number, some in enumerate(values)
    ]
    return recount(facts, methodology_of=lambda _: methodology)["m1", "2022"], facts


def planned(methodology: Methodology, card: Card, facts: list[Fact], points: Fraction) -> Plan:
    goal = Goal(points, maximum_of(card, "alpha", methodology))
    return plan(card, "alpha", goal, facts=last_facts(facts), methodology=methodology)


def brute(maxima: list[int], values: list[list[str]], points: Fraction) -> tuple[int, Fraction, list[int]] | None:
    """Indicators, points and order (by indicator its new points, staying last) of the cheapest that reaches them."""
    present = [[Fraction(one) / 50 for one in some] for some in values]
    now = sum(min(sum(some), Fraction(maximum)) for some, maximum in zip(present, maxima, strict=True))
    choices = [[one for one in (1, 2, 3) if one == 3 or one > had] for some in present for had in some]
    found = []
    for chosen in product(*choices):
        new, after = iter(chosen), Fraction(0)
        for some, maximum in zip(present, maxima, strict=True):
            after += min(sum(had if (to := next(new)) == 3 else to for had in some), Fraction(maximum))
        if after >= points:
            found.append((sum(one != 3 for one in chosen), after - now, list(chosen)))
    return min(found, default=None)


def order(found: Plan, values: list[list[str]]) -> list[int]:
    taken = {(step.procedure.key, step.indicator.key): int(step.to.points) for step in found.steps}
    return [taken.get((f"p{one}", f"i{place}"), 3) for one, some in enumerate(values) for place in range(len(some))]


COARSE = st.sampled_from(["0", "25", "50", "75"])
FINE = st.integers(0, 1_000_000).map(lambda one: f"{one / 10_000:.4f}")


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[int], list[list[str]], Fraction]:
    """Maxima of two procedures, the values of their indicators, and the points of a goal."""
    maxima = [draw(st.sampled_from([3, 5])), draw(st.sampled_from([1, 3]))]
    value = draw(st.sampled_from([COARSE, FINE]))
    values = [[draw(value) for _ in range(maximum // 2 + 1)] for maximum in maxima]
    return maxima, values, sum(maxima) * draw(st.fractions(0, 1, max_denominator=40) | st.just(Fraction(1)))


# What one great raise gains, two small ones gain together.
EQUAL = [7, 3], [["75", "50", "0", "50"], ["25", "50"]], Fraction(37, 4)


@settings(max_examples=150, deadline=None)
@example(EQUAL, capped.MOST_SUMS)
@given(questions(), st.sampled_from([capped.MOST_SUMS, 60, 1]))
def test_a_plan_in_procedures_with_a_limit_takes_the_fewest_indicators_however_few_ways_are_looked_at(
    question: tuple[list[int], list[list[str]], Fraction], sums: int
) -> None:
    maxima, values, points = question
    methodology = edition(maxima)
    card, facts = held(methodology, values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capped, "MOST_SUMS", sums)
        found = planned(methodology, card, facts, points)
    wanted = brute(maxima, values, points)
    assert found.reached == (wanted is not None)
    assert found.proven or sums < capped.MOST_SUMS
    if wanted is not None:
        assert len(found.steps) == wanted[0]
        assert found.gained >= max(wanted[1], points - (card.scores["alpha"].points or 0))
        if found.proven:
            assert (found.gained, order(found, values)) == wanted[1:]


@pytest.mark.parametrize(("indicators", "seed"), [(18, 1), (20, 2), (20, 3), (50, 4)])
def test_a_limit_just_below_what_many_indicators_give_together_is_no_hindrance(indicators: int, seed: int) -> None:
    chance = random.Random(seed)
    values = [f"{chance.uniform(20, 95):.4f}" for _ in range(indicators)]
    maximum = 2 * indicators - 1
    methodology = edition([maximum])
    card, facts = held(methodology, [values])
    gains = sorted((2 - Fraction(one) / 50 for one in values), reverse=True)
    now = 2 * indicators - sum(gains)
    for percent in (90, 100):
        points = Fraction(maximum * percent, 100)
        found = planned(methodology, card, facts, points)
        assert (found.reached, found.proven) == (True, True)
        fewest = next(one for one in range(indicators + 1) if now + sum(gains[:one]) >= points)
        assert len(found.steps) == fewest
