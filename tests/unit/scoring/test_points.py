"""Points: the rules within their bounds, null apart from zero, words and data of each rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.methodology import Indicator, Procedure
from services.scoring.domain.points import points_of, procedure_points
from services.scoring.domain.rules import Direct, Linear, Rule, Steps

TWO = Fraction(2)
UP = Linear(TWO, Fraction(10), Fraction(40))
DOWN = Linear(TWO, Fraction(40), Fraction(10))
STEPS = Steps(TWO, ((Fraction(0), Fraction(1)), (Fraction(5), TWO)), Fraction(1, 2))


@pytest.mark.parametrize(
    ("rule", "text", "points"),
    [
        (Direct(TWO), "1.5", "3/2"),
        (Direct(TWO), "2.0001", "2"),
        (Direct(TWO), "-0.1", "0"),
        (UP, "10", "0"),
        (UP, "20", "2/3"),
        (UP, "40", "2"),
        (UP, "400", "2"),
        (UP, "-5", "0"),
        (DOWN, "40", "0"),
        (DOWN, "20", "4/3"),
        (DOWN, "1", "2"),
        (STEPS, "-1", "1/2"),
        (STEPS, "0", "1"),
        (STEPS, "4.9999", "1"),
        (STEPS, "5", "2"),
    ],
)
def test_a_rule_gives_exact_points(rule: Rule, text: str, points: str) -> None:
    assert points_of(rule, text) == Fraction(points)


@given(st.sampled_from([Direct(TWO), UP, DOWN, STEPS]), st.decimals(-(10**6), 10**6, places=4))
def test_points_never_leave_zero_to_the_maximum(rule: Rule, value: object) -> None:
    assert 0 <= points_of(rule, f"{value}") <= rule.maximum


def test_equal_rules_are_one_key_of_the_memory() -> None:
    assert len({Direct(TWO), Direct(Fraction(2)), UP, Linear(TWO, Fraction(10), Fraction(40)), DOWN, STEPS}) == 4


def test_the_sum_never_exceeds_the_procedure_and_unknown_indicators_give_nothing() -> None:
    parts = (Indicator("i1", TWO, Direct(TWO)), Indicator("i2", TWO, Direct(TWO)))
    procedure = Procedure("p", 1, "П", Fraction(3), parts)
    assert procedure_points(procedure, {"i1": "2", "i2": "2", "i9": "2"}) == (3, ())
    assert procedure_points(procedure, {"i1": "0", "i2": None}) == (0, ("i2",))
    assert procedure_points(procedure, {}) == (None, ("i1", "i2"))


def test_each_rule_is_told_in_words_and_as_data() -> None:
    assert (Direct(TWO).words(), Direct(TWO).data()) == ("баллы даны прямо, от 0 до 2", {"kind": "direct"})
    assert UP.words() == "равномерно: 10 даёт 0 баллов, 40 даёт 2"
    assert UP.data() == {"kind": "linear", "from": "10", "to": "40"}
    assert STEPS.words() == "ступени: ниже первой — 0.5; от 0 — 1; от 5 — 2"
    assert STEPS.data() == {"kind": "steps", "below": "0.5", "steps": [["0", "1"], ["5", "2"]]}


def test_the_memory_of_sums_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.scoring.domain.points.REMEMBERED", 3)
    procedure = Procedure("p", 1, "П", TWO, (Indicator("i1", TWO, Direct(TWO)),))
    for number in range(8):
        assert procedure_points(procedure, {"i1": f"0.{number}"}) == (Fraction(number, 10), ())
        assert len(procedure.summed_up) <= 3
