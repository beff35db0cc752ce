"""What a region wants done before a municipality is there, or after its end, is not that one's business."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roadmap.domain import (
    Activity,
    Execution,
    Line,
    Municipality,
    RoadMap,
    Window,
    drafts,
    line,
    lines,
    nearest,
    report,
    spared,
    with_deadlines,
)
from tests.unit.roadmap.making import AT, activity, day, evidence, roadmap, told, unit, window

FEBRUARY, MAY = window("2022-02-01", "2022-02-28"), window("2022-05-01", "2022-05-31")
LATER = day("2023-01-10")
MARCH = unit(since="2022-03-01")


def standing(*activities: Activity, side: Municipality, on: date = LATER, given: Execution | None = None) -> list[Line]:
    return lines(activities, {given.id: given} if given else {}, side=side, on=on, roadmaps={"map": roadmap()})


def states(found: list[Line]) -> list[tuple[str, list[str]]]:
    return [(one.state, [each.state for each in one.occurrences]) for one in found]


@pytest.mark.parametrize(
    ("since", "stands"),
    [
        ("2022-02-28", [("overdue", ["overdue", "overdue"])]),
        ("2022-03-01", [("overdue", ["overdue"])]),
        ("2022-05-31", [("overdue", ["overdue"])]),
        ("2022-06-01", []),
    ],
)
def test_a_window_that_was_over_before_its_first_day_does_not_concern_it(since: str, stands: list[object]):
    assert states(standing(activity(FEBRUARY, MAY), side=unit(since=since))) == stands


@pytest.mark.parametrize(
    ("until", "on", "stands"),
    [
        ("2022-05-10", "2022-05-09", [("overdue", ["overdue", "open"])]),
        ("2022-05-10", "2022-05-10", [("overdue", ["overdue"])]),
        ("2022-06-01", "2023-01-10", [("overdue", ["overdue", "overdue"])]),
        ("2022-05-01", "2022-02-10", [("open", ["open"])]),
        ("2022-02-01", "2022-02-10", []),
    ],
    ids=["its last day", "the day after", "due on its last day", "begins after it, seen before", "all of it after"],
)
def test_from_its_end_on_nothing_more_is_coming(until: str, on: str, stands: list[object]):
    assert states(standing(activity(FEBRUARY, MAY), side=unit(until=until), on=day(on))) == stands


@pytest.mark.parametrize(
    ("side", "on", "there"),
    [
        (unit(since="2022-12-31"), "2023-01-10", True),
        (unit(since="2023-01-01"), "2023-01-10", False),
        (unit(until="2022-12-31"), "2022-12-30", True),
        (unit(until="2022-12-31"), "2022-12-31", False),
    ],
    ids=["its first day is the map's last", "came after the map", "its last day", "gone"],
)
def test_what_has_no_deadline_lasts_as_long_as_its_map(side: Municipality, on: str, *, there: bool):
    going_on = activity(kinds=("continuous",))
    assert [one.state for one in standing(going_on, side=side, on=day(on))] == ["open"] * there


def test_its_own_map_is_left_as_it_is():
    own = activity(FEBRUARY, municipality="74-a")
    assert states(standing(own, side=unit(since="2025-01-01"))) == [("overdue", ["overdue"])]


@pytest.mark.parametrize(
    ("planned", "stands"),
    [
        (activity(FEBRUARY, MAY), [("done_late", ["done_late"])]),
        (activity(kinds=("continuous",)), [("done", [])]),
    ],
    ids=["windows", "none"],
)
def test_evidence_that_it_has_given_all_the_same_does_not_vanish(planned: Activity, stands: list[object]):
    given = Execution("map:1", "74-a", (evidence("2023-01-05", "2022-02-01" if planned.windows else None),), revision=1)
    assert states(standing(planned, side=unit(since="2023-01-01"), given=given)) == stands


def test_evidence_without_a_window_named_is_for_one_that_is_its_business():
    both, worked = activity(FEBRUARY, MAY), evidence("2022-05-10")
    free = spared(both, MARCH, worked.done_on, roadmap())
    after = report(both, Execution("map:1", "74-a"), worked, today=LATER, free=free)
    assert states(standing(both, side=MARCH, given=after)) == [("done", ["done"])]
    early = report(activity(FEBRUARY), Execution("map:1", "74-a"), worked, today=LATER, free={FEBRUARY})
    assert [one.window for one in early.evidence] == [FEBRUARY.start], "where there are no others"


def test_a_draft_names_no_deadline_from_before_it_was_there():
    (draft,) = drafts([told(5, ("overall", "above_average", "medium"))], AT)
    on = day("2022-05-10")
    found = with_deadlines(draft, standing(activity(FEBRUARY, MAY), side=MARCH, on=on), on).recommendation.deadlines
    assert [(one.due, one.state) for one in found] == [(MAY.end, "open")]


DAYS = st.dates(date(2021, 12, 1), date(2023, 2, 1))
WINDOWS = st.tuples(DAYS, st.integers(0, 60)).map(lambda one: Window(one[0], one[0] + timedelta(days=one[1])))
PLANS = (
    st.lists(WINDOWS, max_size=4, unique_by=lambda one: one.start)
    .map(lambda some: sorted(some, key=lambda one: one.start))
    .map(lambda some: activity(*some, kinds=("month_window",) if some else ("continuous",)))
)
GIVEN = st.lists(DAYS.map(lambda worked: evidence(worked.isoformat())), max_size=3).map(
    lambda some: Execution("map:1", "74-a", tuple(some))
)


@given(PLANS, GIVEN, DAYS)
def test_for_who_is_there_all_the_time_nothing_changes(planned: Activity, given: Execution, on: date):
    assert standing(planned, side=unit(), on=on, given=given) == [line(planned, given, on)]


@given(PLANS, GIVEN, DAYS, st.tuples(DAYS, DAYS).map(sorted))
def test_no_named_deadline_ends_before_the_first_day_or_begins_after_the_last(
    planned: Activity, given: Execution, on: date, days: list[date]
):
    first, end = days
    side = unit(since=first.isoformat(), until=end.isoformat())
    found = standing(planned, side=side, on=on, given=given)
    named = [one.occurrence.window for one in nearest(found, on, 9)]
    assert all(one.end >= first and one.start < end for one in named)
    assert on < end or all(one.end < end for one in named)


@given(PLANS, GIVEN, DAYS, st.tuples(DAYS, DAYS).map(sorted))
def test_what_was_done_stays_done_whoever_was_there(planned: Activity, given: Execution, on: date, days: list[date]):
    side = unit(since=days[0].isoformat(), until=days[1].isoformat())
    done = [one for one in line(planned, given, on).occurrences if one.state.startswith("done")]
    found = standing(planned, side=side, on=on, given=given)
    assert [one for each in found for one in each.occurrences if one.state.startswith("done")] == done


def test_a_road_map_that_is_not_known_spares_nobody():
    going_on = activity(kinds=("continuous",))
    assert spared(going_on, unit(since="2030-01-01"), LATER, None) == frozenset()
    other: RoadMap = replace(roadmap(), end=day("2030-12-31"))
    assert spared(going_on, unit(since="2030-01-01"), LATER, other) == frozenset()
