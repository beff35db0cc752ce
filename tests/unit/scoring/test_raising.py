"""What an indicator can be raised to: by every rule, and only to what monitoring takes."""

from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.monitoring.domain.checking import check_values
from services.monitoring.domain.procedure import Procedure
from services.monitoring.events import Indicator
from services.monitoring.events import Reported as MonitoringReported
from services.scoring.domain.next_level.raising import raises
from services.scoring.domain.reported import WHOLE, Reported, reported_of
from services.scoring.domain.rules import Direct, Linear, Steps

HALVES = ((Fraction(50), Fraction(2)), (Fraction(75), Fraction(6)))
FALLING = Steps(Fraction(2), ((Fraction(5), Fraction(1)), (Fraction(10), Fraction(0))), Fraction(2))


@pytest.mark.parametrize(
    ("rule", "present", "found"),
    [
        (Direct(Fraction(2)), "0.5", [("1", "1"), ("2", "2")]),
        (Direct(Fraction(2)), None, [("1", "1"), ("2", "2")]),
        (Direct(Fraction(5, 2)), "2", [("2.5", "2.5")]),
        (Direct(Fraction(2)), "2", []),
        (Linear(Fraction(2), Fraction(10), Fraction(40)), "10", [("25", "1"), ("40", "2")]),
        (Linear(Fraction(3), Fraction(0), Fraction(100)), "50", [("66.6667", "2.000001"), ("100", "3")]),
        (Linear(Fraction(2), Fraction(40), Fraction(10)), "30", [("25", "1"), ("10", "2")]),
        (Linear(Fraction(2), Fraction(5), Fraction(-5)), "4", [("0", "1")]),
        (Linear(Fraction(2), Fraction(10), Fraction(-5)), None, [("2.5", "1"), ("0", "4/3")]),
        (Linear(Fraction(2), Fraction(10), Fraction(-5)), "0", []),
        (Linear(Fraction(2), Fraction(-10), Fraction(-5)), None, [("0", "2")]),
        (Linear(Fraction(2), Fraction(-10), Fraction(40)), None, [("15", "1"), ("40", "2")]),
        (Steps(Fraction(6), HALVES), "10", [("50", "2"), ("75", "6")]),
        (FALLING, "12", [("9.9999", "1"), ("4.9999", "2")]),
        (FALLING, None, [("5", "1"), ("0", "2")]),
        (Steps(Fraction(2), ((Fraction(0), Fraction(1)),), Fraction(2)), "1", []),
    ],
)
def test_a_rule_names_the_values_that_give_more_points(rule: Any, present: str | None, found: list[tuple[str, str]]):
    assert [(one.value, one.points) for one in raises(rule, present)] == [(at, Fraction(to)) for at, to in found]


COUNTS, PERCENT = Reported(Fraction(7), WHOLE), Reported(Fraction(100))


@pytest.mark.parametrize(
    ("rule", "present", "reported", "found"),
    [
        (Linear(Fraction(2), Fraction(0), Fraction(7)), "1", COUNTS, [("4", "8/7"), ("7", "2")]),
        (Linear(Fraction(2), Fraction(7), Fraction(0)), None, COUNTS, [("3", "8/7"), ("0", "2")]),
        (Linear(Fraction(2), Fraction(0), Fraction(120)), None, PERCENT, [("60", "1"), ("100", "5/3")]),
        (Linear(Fraction(2), Fraction(200), Fraction(0)), None, PERCENT, [("100", "1"), ("0", "2")]),
        (Linear(Fraction(3), Fraction(200), Fraction(0)), "100", PERCENT, [("66.6666", "2.000001"), ("0", "3")]),
        (Linear(Fraction(2), Fraction(0), Fraction(120)), "100", PERCENT, []),
        (Direct(Fraction(5, 2)), None, COUNTS, [("1", "1"), ("2", "2"), ("3", "2.5")]),
        (Direct(Fraction(5, 2)), None, Reported(Fraction(5, 2), WHOLE), [("1", "1"), ("2", "2")]),
        (Direct(Fraction(4)), "1", Reported(Fraction(3)), [("2", "2"), ("3", "3")]),
        (Steps(Fraction(2), ((Fraction(5, 2), Fraction(1)), (Fraction(8), Fraction(2)))), None, COUNTS, [("3", "1")]),
        (FALLING, None, COUNTS, [("5", "1"), ("0", "2")]),
        (FALLING, "7", Reported(Fraction(20), WHOLE), [("4", "2")]),
    ],
)
def test_only_values_that_can_be_reported_are_named(
    rule: Any, present: str | None, reported: Reported, found: list[tuple[str, str]]
):
    told = raises(rule, present, reported)
    assert [(one.value, one.points) for one in told] == [(at, Fraction(to)) for at, to in found]


LIMIT = st.fixed_dictionaries({"unit": st.sampled_from(["count", "percent", "number"]), "maximum": st.integers(1, 12)})
HALF = st.integers(-8, 40).map(lambda one: Fraction(one, 2))


@st.composite
def rules(draw: st.DrawFn) -> Linear | Direct | Steps:
    most = draw(st.integers(1, 8).map(lambda one: Fraction(one, 2)))
    if draw(st.booleans()):
        start, end = draw(st.lists(HALF, min_size=2, max_size=2, unique=True))
        return draw(st.sampled_from([Linear(most, start, end), Direct(most)]))
    thresholds = sorted(draw(st.lists(HALF, min_size=1, max_size=3, unique=True)))
    points = draw(st.lists(st.integers(0, 4).map(Fraction), min_size=4, max_size=4))
    return Steps(most, tuple(zip(thresholds, points, strict=False)), points[-1])


@given(rules(), st.none() | st.integers(0, 12).map(str), LIMIT)
def test_whatever_is_proposed_monitoring_takes_and_no_whole_number_of_points_that_can_be_had_is_missed(
    rule: Any, present: str | None, limit: dict[str, Any]
):
    """Against every value in steps of a half that can be reported: as many points at most, reached where it can be."""
    reported = {"unit": limit["unit"], "maximum": str(limit["maximum"])}
    told = reported_of({"indicators": [{"key": "i1", "name": "x", "maximum": "99", "values": reported}]})["i1"]
    indicator = Indicator(key="i1", name="x", maximum="2", values=MonitoringReported(**reported))
    procedure = Procedure("p", 1, "results", "П", "2", (indicator,), "municipality", ())
    found = raises(rule, present, told)
    for one in found:
        assert list(check_values({"i1": one.value}, procedure)) == [], one
    now = Fraction(0) if present is None else rule.points(Fraction(present))
    unit = 1 if limit["unit"] == "count" else 2
    reachable = [rule.points(Fraction(at, unit)) for at in range(limit["maximum"] * unit + 1)]
    best = max(reachable)
    assert max([now, *(one.points for one in found)]) >= best
    for whole in range(ceil(now), int(best) + 1):
        if now < whole:
            assert any(one.points >= whole for one in found)
