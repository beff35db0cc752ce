"""Deadlines of a region's map from before a municipality was there, or for after its end, are not its business."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain import (
    MUNICIPALITY,
    DatedName,
    Facts,
    Item,
    LeftFact,
    NameFact,
    Names,
    PlanFact,
    PlannedFact,
    ScoreFact,
)
from services.notification.usecases.coming import Coming
from services.notification.usecases.ports import KeepsComing
from shared.testing import FrozenClock

YEAR = ("2022-11-01", "2022-12-31")
SEMINAR = PlannedFact("region:9", 1, "region", "74", None, 9, "9", "Семинар", (YEAR,), cancelled=False)


def municipality(first: str, end: str | None = None) -> NameFact:
    """One that was called otherwise for its first years, the later name told first."""
    names = DatedName("Р", "1", first, "2020-01-01"), DatedName("О", "2", max("2020-01-01", first), end)
    return NameFact(MUNICIPALITY, "a", 1, names[::-1] if first < "2020-01-01" else names[1:], "74")


def near(whose: NameFact | None, *plans: PlanFact, on: str) -> list[str]:
    """What an item of the inbox names on a day."""
    at = datetime.combine(date.fromisoformat(on), datetime.min.time().replace(hour=7), UTC)
    coming = Coming(cast(KeepsComing, None), clock=FrozenClock(at))
    coming.hear(Facts(plans=plans))
    fact = ScoreFact("a", "2022", 1, "m", (), (), 0, at, quiet=False)
    found = coming.after(Item(fact, 1, at), Names([whose] if whose else []))
    return [f"{one.due} {one.state}" for one in found.deadlines]


@pytest.mark.parametrize(
    ("first", "named"),
    [
        ("2025-01-01", []),
        ("2023-01-01", []),
        ("2022-12-31", ["2022-12-31 overdue"]),
        ("2006-01-01", ["2022-12-31 overdue"]),
    ],
    ids=["years after", "the day after", "its last day", "long before"],
)
def test_what_was_over_before_its_first_day_it_did_not_miss(first: str, named: list[str]):
    assert near(municipality(first), SEMINAR, on="2026-11-01") == named
    told = LeftFact("region:9", 2, "a", (YEAR,))
    assert near(municipality(first), SEMINAR, told, on="2026-11-01") == named, "road maps tell what is left, not whose"


@pytest.mark.parametrize(
    ("end", "on", "named"),
    [
        ("2022-12-01", "2022-11-30", ["2022-12-31 open"]),
        ("2022-12-01", "2022-12-01", []),
        ("2022-12-31", "2026-11-01", []),
        ("2023-01-01", "2026-11-01", ["2022-12-31 overdue"]),
        ("2022-11-01", "2022-10-31", []),
        ("2022-11-02", "2022-10-31", ["2022-12-31 planned"]),
    ],
    ids=["its last day", "the day after", "due after it", "due on it", "begins after it", "begins on it"],
)
def test_from_its_end_on_nothing_more_is_coming(end: str, on: str, named: list[str]):
    assert near(municipality("2006-01-01", end), SEMINAR, on=on) == named


def test_its_own_map_is_its_business_whatever_its_days():
    own = replace(SEMINAR, municipality="a")
    assert near(municipality("2025-01-01"), own, on="2026-11-01") == ["2022-12-31 overdue"]
    assert near(municipality("2006-01-01", "2022-11-01"), own, on="2022-11-05") == ["2022-12-31 open"]


def test_of_whom_nothing_was_told_every_deadline_is_named():
    assert near(None, SEMINAR, on="2026-11-01") == ["2022-12-31 overdue"]


ISO = st.dates(date(2021, 6, 1), date(2023, 6, 30)).map(date.isoformat)
WINDOWS = st.lists(st.tuples(ISO, ISO).map(sorted).map(tuple), max_size=3).map(tuple)


@given(WINDOWS, ISO)
def test_for_who_is_there_all_the_time_nothing_changes(windows: tuple[tuple[str, str], ...], on: str):
    planned = replace(SEMINAR, windows=windows)
    assert near(municipality("2006-01-01"), planned, on=on) == near(None, planned, on=on)


@given(WINDOWS, ISO, st.tuples(ISO, ISO).map(sorted))
def test_no_named_deadline_ends_before_the_first_day_or_begins_after_the_last(
    windows: tuple[tuple[str, str], ...], on: str, days: list[str]
):
    first, end = days
    starts = {due: start for start, due in sorted(windows, reverse=True)}
    named = [one.split()[0] for one in near(municipality(first, end), replace(SEMINAR, windows=windows), on=on)]
    assert all(due >= first and starts[due] < end for due in named)
    assert on < end or all(due < end for due in named)
