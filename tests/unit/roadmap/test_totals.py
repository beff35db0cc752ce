"""The report of execution equals a recount of every activity on every side, and its parts add up."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roadmap.domain import (
    Activity,
    Declined,
    Execution,
    Municipality,
    Report,
    RoadMap,
    execution_report,
    lines,
)
from tests.unit.roadmap.making import AT, activity, day, evidence, roadmap, task, unit, window

FEBRUARY, MAY = window("2022-02-01", "2022-02-28"), window("2022-05-01", "2022-05-31")
ON = day("2022-06-01")
REGION = roadmap()


def report_of(
    *activities: Activity, told: tuple[Execution, ...] = (), units: tuple[Municipality, ...] = (), on: date = ON,
    maps: tuple[RoadMap, ...] = (REGION,),
) -> Report:  # fmt: skip
    return execution_report({one.id: one for one in maps}, activities, told, municipalities=units, on=on)


def test_the_region_and_each_of_its_municipalities_stand_by_themselves():
    done = Execution("map:1", "74-a", (evidence("2022-02-10", "2022-02-01"),))
    found = report_of(activity(FEBRUARY), told=(done,), units=(unit("74-a"), unit("74-b"), unit("24-v", region="24")))
    assert found.sides == {None: {"overdue": 1}, "74-a": {"done": 1}, "74-b": {"overdue": 1}}
    assert found.sections == {("map", "I"): {"overdue": 2, "done": 1}}
    assert found.months == {(2022, 2): {"overdue": 2, "done": 1}}
    assert found.total == {"overdue": 2, "done": 1}


def test_a_municipal_map_concerns_its_owner_only():
    own = roadmap(municipality="74-a")
    found = report_of(activity(FEBRUARY, municipality="74-a"), units=(unit("74-a"), unit("74-b")), maps=(own,))
    assert found.sides == {"74-a": {"overdue": 1}}


@pytest.mark.parametrize(
    ("who", "counted"),
    [
        (unit("74-a", until="2022-06-02"), True),
        (unit("74-a", until="2022-06-01"), False),
        (unit("74-a", since="2022-06-02"), False),
        (unit("74-a", since="2022-06-01"), True),
    ],
    ids=["its last day", "gone", "not yet there", "its first day"],
)
def test_who_is_not_there_on_the_day_has_nothing_to_do(who: Municipality, *, counted: bool):
    summer = window("2022-05-01", "2022-06-30")
    assert ("74-a" in report_of(activity(summer), units=(who,)).sides) is counted


def test_who_came_into_being_after_the_map_missed_nothing_of_it():
    born = unit("74-new", since="2023-01-01")
    assert report_of(activity(FEBRUARY), units=(born,), on=day("2023-06-01")).sides == {None: {"overdue": 1}}


def test_who_came_into_being_amid_the_map_missed_nothing_of_what_was_over_before():
    born = unit("74-new", since="2022-03-01")
    found = report_of(activity(FEBRUARY), activity(FEBRUARY, MAY, number="2"), units=(born,))
    assert found.sides == {None: {"overdue": 2}, "74-new": {"overdue": 1}}
    assert found.months == {(2022, 2): {"overdue": 2}, (2022, 5): {"overdue": 2}}


def test_months_count_each_deadline_by_itself():
    held = Execution("map:1", "74-a", (evidence("2022-03-05", "2022-02-01"),))
    refused = Execution("map:1", "74-b", declined=Declined("нет", day("2022-01-10"), "municipality:b", AT))
    found = report_of(activity(FEBRUARY, MAY), told=(held, refused), units=(unit("74-a"), unit("74-b")))
    assert found.months == {
        (2022, 2): {"overdue": 1, "done_late": 1, "declined": 1},
        (2022, 5): {"overdue": 2, "declined": 1},
    }
    assert found.total == {"overdue": 2, "declined": 1}
    assert found.occurrences.total() == 6


def test_what_has_no_deadline_or_was_left_out_is_counted_as_such():
    going_on = replace(activity(kinds=("continuous",), number="2"), task=task("2", kinds=("continuous",)))
    gone = activity(FEBRUARY, number="3", cancelled=True)
    found = report_of(activity(kinds=("missing",)), going_on, gone)
    assert found.months == {None: {"awaiting_schedule": 1, "open": 1}, (2022, 2): {"cancelled": 1}}


def test_nothing_planned_is_nothing_counted():
    assert report_of(units=(unit("74-a"),)).total.total() == 0


WINDOWS = st.sets(st.sampled_from([FEBRUARY, MAY, window("2022-08-01", "2022-10-31")]))
DAYS = st.dates(date(2022, 1, 1), date(2022, 12, 31))
SIDES = st.sampled_from([None, "74-a", "74-b", "74-c"])


@st.composite
def units(draw: st.DrawFn) -> tuple[Municipality, ...]:
    """One that is there all the time, one that comes and one that goes, some time of the year or not at all."""
    came, gone = draw(DAYS), draw(DAYS)
    return unit("74-a"), unit("74-b", since=came.isoformat()), unit("74-c", until=gone.isoformat())


@st.composite
def activities(draw: st.DrawFn) -> list[Activity]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        windows = sorted(draw(WINDOWS), key=lambda one: one.start)
        kinds = ("month_window",) if windows else (draw(st.sampled_from(["missing", "continuous"])),)
        found.append(activity(*windows, kinds=kinds, number=str(number), cancelled=draw(st.booleans())))
    return found


@st.composite
def executions(draw: st.DrawFn) -> dict[str, Execution]:
    found = {}
    for key in draw(st.sets(st.tuples(st.sampled_from([f"map:{number}" for number in range(4)]), SIDES))):
        proofs = tuple(evidence(worked.isoformat()) for worked in draw(st.lists(DAYS, max_size=3)))
        refused = draw(st.none() | DAYS.map(lambda one: Declined("нет", one, "municipality:m", AT)))
        one = Execution(*key, proofs, refused)
        found[one.id] = one
    return found


@given(activities(), executions(), units(), DAYS)
def test_it_equals_a_recount_of_the_states(
    planned: list[Activity], told: dict[str, Execution], there: tuple[Municipality, ...], on: date
):
    found = report_of(*planned, told=tuple(told.values()), units=there, on=on)
    stands = {
        side and side.id: lines(planned, told, side=side, on=on, roadmaps={"map": REGION})
        for side in (None, *there)
        if side is None or side.existed(on)
    }
    assert found.sides == {side: Counter(one.state for one in some) for side, some in stands.items() if some}
    assert found.total == sum(found.sections.values(), Counter()) == sum(found.sides.values(), Counter())
    windows = sum(len(one.occurrences) or 1 for some in stands.values() for one in some)
    assert found.occurrences.total() == windows
