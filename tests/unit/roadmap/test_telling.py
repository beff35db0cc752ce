"""What is told of an activity: how it is planned, and what a municipality has left to do of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roadmap.domain import Declined, Evidence, Execution, line, planned, reported
from tests.unit.roadmap.making import AT, TODAY, activity, day, evidence, window

MAY = window("2022-05-01", "2022-05-31")
FEBRUARY = window("2022-02-01", "2022-02-28")
ONE = activity(FEBRUARY, MAY)


def left(*done: Evidence, declined: str | None = None, on: str = "2022-11-01") -> list[str]:
    said = Declined("нет участников", day(declined), "municipality:m", AT) if declined else None
    told = reported(ONE, Execution("map:1", "74-a", done, said, revision=len(done)), on=day(on))
    assert told
    assert told.revision == 1 + len(done)
    return [f"{one.start}" for one in told.left]


def test_a_planned_one_tells_the_windows_that_hold():
    told = planned(ONE)
    assert (told.key, told.task_number, told.region, told.municipality) == ("map:1", "1", "74", None)
    assert [(one.start, one.end) for one in told.windows] == [(one.start, one.end) for one in (FEBRUARY, MAY)]
    assert planned(activity(MAY, cancelled=True)).cancelled


def test_what_is_done_is_left_no_more_and_the_calendar_alone_changes_nothing():
    assert left() == ["2022-02-01", "2022-05-01"]
    assert left(on="2021-01-01") == left(on="2023-01-01") == left()
    assert left(evidence("2022-03-01", "2022-02-01")) == ["2022-05-01"]
    assert left(evidence("2022-03-01", "2022-02-01"), evidence("2022-05-01", "2022-05-01")) == []


@pytest.mark.parametrize("since", ["2022-01-01", "2022-11-01"])
def test_nothing_is_left_to_who_takes_no_part(since: str):
    assert left(declined=since) == []


def test_who_takes_no_part_from_a_later_day_has_everything_left_until_then():
    assert left(declined="2022-12-01") == left()
    said = Declined("нет участников", day("2022-12-01"), "municipality:m", AT)
    later, none = Execution("map:1", "74-a", declined=said), Execution("map:1", "74-a")
    assert [told.declined_on for each in (later, none) if (told := reported(ONE, each, on=TODAY))] == [said.on, None]


@given(st.lists(st.integers(-300, 0), max_size=3), st.none() | st.integers(-40, 60), st.integers(0, 400))
def test_what_was_told_holds_on_every_later_day(done: list[int], declined: int | None, after: int):
    def days(number: int) -> date:
        return TODAY + timedelta(days=number)

    said = Declined("нет участников", days(declined), "municipality:m", AT) if declined is not None else None
    execution = Execution("map:1", "74-a", tuple(evidence(days(one).isoformat()) for one in done), said)
    told = reported(ONE, execution, on=TODAY)
    assert told
    over = told.declined_on is not None and told.declined_on <= days(after)
    unmet = [one.window for one in line(ONE, execution, days(after)).unmet]
    assert [(one.start, one.end) for one in told.left if not over] == [(one.start, one.end) for one in unmet]


def test_nothing_is_left_of_what_is_in_the_map_no_more():
    told = reported(replace(ONE, cancelled=True, revision=2), Execution("map:1", "74-a"), on=TODAY)
    assert told
    assert (told.key, told.revision, told.left) == ("map:1|74-a", 2, ())


def test_the_own_side_of_the_region_is_told_to_nobody():
    assert reported(ONE, Execution("map:1", None), on=TODAY) is None
