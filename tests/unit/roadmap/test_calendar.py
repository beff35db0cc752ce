"""How activities stand on a day, as the calendar and the evidence say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roadmap.domain import (
    STATES,
    UNDONE,
    Activity,
    Declined,
    Evidence,
    Execution,
    Line,
    Municipality,
    Window,
    due_until,
    line,
    lines,
    nearest,
    report,
)
from shared.calendar import day_of
from tests.unit.roadmap.making import AT, TODAY, activity, day, evidence, roadmap, unit, window

MAY = window("2022-05-01", "2022-05-31")
FEBRUARY = window("2022-02-01", "2022-02-28")
OURS = unit("74-a")


def standing(
    *activities: Activity, on: date, told: Execution | None = None, side: Municipality | None = OURS
) -> list[Line]:
    return lines(activities, {told.id: told} if told else {}, side=side, on=on, roadmaps={"map": roadmap()})


def state(on: str, *done: Evidence, of: tuple[Window, ...] = (MAY,), declined: str | None = None) -> str:
    said = Declined("нет участников", day(declined), "municipality:m", AT) if declined else None
    return line(activity(*of), Execution("map:1", "74-a", done, said), day(on)).state


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2022-04-30", "planned"), ("2022-05-01", "open"), ("2022-05-31", "open"), ("2022-06-01", "overdue")],
)
def test_without_evidence_the_calendar_decides(on: str, expected: str):
    assert state(on) == expected


def test_evidence_within_the_window_is_done_and_after_it_done_late():
    assert state("2022-06-05", evidence("2022-05-31", "2022-05-01")) == "done"
    assert state("2022-06-05", evidence("2022-06-01", "2022-05-01")) == "done_late"


def test_of_several_the_first_day_counts_in_whatever_order_they_were_given():
    early, late = evidence("2022-05-20", "2022-05-01"), evidence("2022-06-02", "2022-05-01")
    assert state("2022-06-05", early, late) == state("2022-06-05", late, early) == "done"


def test_evidence_of_a_later_day_is_not_known_yet():
    assert state("2022-05-15", evidence("2022-05-20", "2022-05-01")) == "open"
    assert state("2022-06-05", evidence("2022-06-10", "2022-05-01")) == "overdue"


def test_two_separate_months_are_two_occurrences_and_no_range():
    both = (FEBRUARY, MAY)
    assert state("2022-03-15", of=both) == "overdue"
    assert state("2022-03-15", evidence("2022-02-10", "2022-02-01"), of=both) == "planned"
    assert state("2022-05-15", evidence("2022-02-10", "2022-02-01"), of=both) == "open"
    done = (evidence("2022-03-10", "2022-02-01"), evidence("2022-05-10", "2022-05-01"))
    assert state("2022-06-15", *done, of=both) == "done_late"


def test_evidence_from_before_a_deadline_was_known_counts_for_the_first_window():
    assert state("2022-06-15", evidence("2022-05-10")) == "done"
    assert state("2022-06-15", evidence("2022-05-10", "2022-04-01")) == "done"
    assert (
        state("2022-06-15", evidence("2022-02-10"), evidence("2022-05-02", "2022-05-01"), of=(FEBRUARY, MAY)) == "done"
    )


@pytest.mark.parametrize(
    "given",
    [
        (evidence("2022-05-02"), evidence("2022-02-03", "2022-02-01")),
        (evidence("2022-02-03"), evidence("2022-05-02")),
    ],
    ids=["one of them says of which window it is", "neither does"],
)
def test_each_evidence_from_before_a_deadline_was_known_counts_for_a_window_of_its_own(
    given: tuple[Evidence, Evidence],
):
    found = line(activity(FEBRUARY, MAY), Execution("map:1", "74-a", given), day("2022-06-15"))
    assert [one.state for one in found.occurrences] == ["done", "done"]


def test_declining_counts_from_its_day_on():
    assert state("2022-06-15", declined="2022-06-15") == "declined"
    assert state("2022-06-14", declined="2022-06-15") == "overdue"


def test_work_done_later_changes_no_day_before_it():
    """Declined in March, done in October: in June nobody knew of October."""
    said = Declined("нет участников", day("2022-03-01"), "municipality:m", AT)
    execution = Execution("map:1", "74-a", (evidence("2022-10-01", "2022-05-01"),), said)
    found = {on: line(activity(MAY), execution, day(on)) for on in ("2022-02-28", "2022-06-30", "2022-10-01")}
    assert [one.state for one in found.values()] == ["planned", "declined", "done_late"]
    assert [one.declined for one in found.values()] == [said, said, None]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [(("missing",), "awaiting_schedule"), (("external_schedule",), "awaiting_schedule"), (("continuous",), "open")],
)
def test_without_windows_the_kind_of_the_deadline_says(kinds: tuple[str, ...], expected: str):
    found = line(activity(kinds=kinds), Execution("map:1", None), TODAY)
    assert (found.state, found.due) == (expected, None)
    assert line(activity(kinds=kinds), Execution("map:1", None, (evidence("2022-10-01"),)), TODAY).state == "done"


def test_what_was_taken_out_of_the_map_is_cancelled():
    assert line(activity(MAY, cancelled=True), Execution("map:1", None), TODAY).state == "cancelled"


def test_a_day_is_the_day_of_the_region():
    assert day_of(datetime(2022, 5, 31, 18, 59, tzinfo=UTC)) == day("2022-05-31")
    assert day_of(datetime(2022, 5, 31, 19, 0, tzinfo=UTC)) == day("2022-06-01")


def test_lines_stand_by_nearest_deadline_and_what_has_none_comes_last():
    known = [
        activity(kinds=("missing",), number="1"),
        activity(window("2022-11-01", "2022-12-31"), number="2"),
        activity(window("2022-10-01", "2022-11-30"), number="3"),
        activity(MAY, number="4"),
    ]
    found = standing(*known, on=TODAY)
    assert [one.activity.task.number for one in found] == ["4", "3", "2", "1"]
    assert [one.activity.task.number for one in due_until(found, day("2022-11-30"))] == ["4", "3"]
    assert [one.line.activity.task.number for one in nearest(found, TODAY, 3)] == ["3", "2", "4"]


def test_a_missed_occurrence_hides_no_coming_one():
    """«Февраль Май 2022 года», nothing reported: in May there is something to do by its end."""
    on = day("2022-05-10")
    both = activity(FEBRUARY, MAY)
    assert [(one.due, one.occurrence.state) for one in nearest(standing(both, on=on), on, 3)] == [
        (MAY.end, "open"),
        (FEBRUARY.end, "overdue"),
    ]
    done = Execution("map:1", "74-a", (evidence("2022-05-05", "2022-05-01"),))
    assert [one.due for one in nearest(standing(both, told=done, on=on), on, 3)] == [FEBRUARY.end]
    declined = Execution("map:1", "74-a", declined=Declined("нет участников", on, "municipality:m", AT))
    assert nearest(standing(activity(MAY), told=declined, on=on), on, 3) == []


def test_what_is_due_today_is_still_to_come():
    found = standing(activity(FEBRUARY, MAY), on=MAY.end)
    assert [one.due for one in nearest(found, MAY.end, 3)] == [MAY.end, FEBRUARY.end]


def test_each_side_stands_by_itself():
    done = Execution("map:1", "74-a", (evidence("2022-05-10", "2022-05-01"),))
    sides = unit("74-a"), unit("74-b"), None
    assert [standing(activity(MAY), told=done, side=side, on=TODAY)[0].state for side in sides] == [
        "done",
        "overdue",
        "overdue",
    ]


DAYS = st.dates(date(2021, 1, 1), date(2025, 12, 31))
WINDOWS = st.lists(st.tuples(DAYS, st.integers(0, 500)), max_size=4, unique_by=lambda one: one[0]).map(
    lambda found: tuple(Window(start, start + timedelta(days)) for start, days in sorted(found))
)
DONE = st.lists(st.tuples(DAYS, st.integers(0, 3)), max_size=6)


def executed(windows: tuple[Window, ...], done: list[tuple[date, int]]) -> Execution:
    starts = [one.start for one in windows]
    made = tuple(
        Evidence(starts[at % len(starts)] if starts else None, "сделано", None, done_on, "m", AT)
        for done_on, at in done
    )
    return Execution("map:1", None, made)


@given(WINDOWS, DONE, DAYS)
def test_every_day_has_one_state_and_a_due_day_only_where_something_is_left(
    windows: tuple[Window, ...], done: list[tuple[date, int]], on: date
):
    found = line(activity(*windows), executed(windows, done), on)
    assert found.state in STATES
    assert len(found.occurrences) == len(windows)
    assert (found.due is not None) == (found.state in UNDONE and bool(windows))
    if found.due is not None:
        assert (found.due < on) == (found.state == "overdue")
    for one in found.occurrences:
        assert (one.state == "planned") <= (on < one.window.start)
        assert (one.state == "open") <= (one.window.start <= on <= one.window.end)
        assert (one.state == "overdue") <= (on > one.window.end)


@given(WINDOWS, DAYS, DAYS)
def test_without_evidence_no_day_takes_overdue_back(windows: tuple[Window, ...], one: date, other: date):
    earlier, later = sorted((one, other))
    nothing = Execution("map:1", None)
    if line(activity(*windows), nothing, earlier).state == "overdue":
        assert line(activity(*windows), nothing, later).state == "overdue"


@given(WINDOWS, DONE, DAYS, st.none() | DAYS)
def test_what_is_reported_later_changes_no_earlier_day(
    windows: tuple[Window, ...], done: list[tuple[date, int]], on: date, declined: date | None
):
    of = activity(*windows)
    said = Declined("нет участников", declined, "m", AT) if declined else None
    known = replace(executed(windows, [one for one in done if one[0] <= on]), declined=said)
    later = known
    for one in executed(windows, [one for one in done if one[0] > on]).evidence:
        later = report(of, later, one, today=date.max)
    assert line(of, later, on).state == line(of, known, on).state
