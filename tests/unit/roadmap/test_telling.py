"""What is told of an activity: how it is planned, and what a municipality has left to do of it."""

from dataclasses import replace

import pytest

from services.roadmap.domain import Declined, Evidence, Execution, planned, reported
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


@pytest.mark.parametrize("since", ["2022-01-01", "2022-12-01"])
def test_nothing_is_left_to_who_takes_no_part_also_from_a_later_day_on(since: str):
    assert left(declined=since) == []


def test_nothing_is_left_of_what_is_in_the_map_no_more():
    told = reported(replace(ONE, cancelled=True, revision=2), Execution("map:1", "74-a"), on=TODAY)
    assert told
    assert (told.key, told.revision, told.left) == ("map:1|74-a", 2, ())


def test_the_own_side_of_the_region_is_told_to_nobody():
    assert reported(ONE, Execution("map:1", None), on=TODAY) is None
