"""Whom a result is about: codes that pass on, and who was there in its period."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.monitoring.domain import Dated, Directory, Municipality, Organization, days_of, read_submission
from services.monitoring.domain.checking import check
from shared.kernel import Refused
from tests.unit.monitoring.made import TROITSK, ZLATOUST, body, directory

OLD, UNION, LATER = "74-old", "74-union", datetime(2026, 3, 1, tzinfo=UTC)


def reformed() -> Directory:
    """A union of 2025 keeps the code of one of its districts, which is no more."""
    known = directory()
    old = Municipality(OLD, 1, (Dated("Район", "75600000", date(2006, 1, 1), date(2025, 1, 1)),))
    union = Municipality(UNION, 1, (Dated("Округ", "75600000", date(2025, 1, 1)),))
    known.learn(municipalities=[old, union])
    return known


def told(raw: dict[str, Any], known: Directory, *, key: str | None = None) -> Any:
    """The municipality that a result is about; or what is wrong with it."""
    try:
        return check(read_submission(raw), known, now=LATER, key=key).municipality
    except Refused as refused:
        return [(error.pointer, error.code) for error in refused.errors]


def meant(period: str, occurred_at: Any = ..., *, named: str = "75600000", key: str | None = None) -> Any:
    raw = body(subject={"municipality": named}, period=period, occurred_at=occurred_at)
    return told(raw, reformed(), key=key)


def test_a_code_is_taken_where_it_stood_on_the_date_or_in_the_period():
    assert meant("2022", named="75654000") == TROITSK.id
    day = "2022-11-01T09:00:00+05:00"
    assert meant("2022", day, named="75554000") == [("/subject/municipality", "code-not-valid")]
    assert meant("2024", "2025-05-01T00:00:00Z", named="75654000") == TROITSK.id


@pytest.mark.parametrize("occurred_at", [..., "2025-02-01T09:00:00+05:00", "2024-12-20T09:00:00+05:00"])
def test_a_code_that_passed_on_is_that_of_its_last_bearer_in_the_period(occurred_at: Any):
    """Results of a year usually come after it; and who asks for them by the code and the period must find them."""
    read = reformed().bearer("75600000", days_of("2024")[1])
    assert read is not None
    assert meant("2024", occurred_at) == read.id == OLD
    assert meant("2025", occurred_at) == UNION
    assert meant("2024-2025", occurred_at) == UNION


@pytest.mark.parametrize(
    ("named", "period"),
    [(UNION, "2024"), (OLD, "2025"), (OLD, "2025-2026"), (TROITSK.id, "2005"), ("75712000", "2005")],
)
def test_who_was_not_there_in_the_period_has_no_result_of_it(named: str, period: str):
    day = "2025-02-01T09:00:00+05:00"
    assert meant(period, day, named=named) == [("/period", "did-not-exist")]


@pytest.mark.parametrize(("named", "period"), [(OLD, "2024-2025"), (UNION, "2024-2025"), (TROITSK.id, "2025")])
def test_one_day_of_the_period_is_enough(named: str, period: str):
    assert meant(period, named=named) == named


def test_a_key_may_be_a_code_of_the_period_or_of_the_day():
    day = "2025-02-01T09:00:00+05:00"
    assert meant("2024", day, named=OLD, key="75600000") == OLD
    assert meant("2025", "2024-12-20T09:00:00+05:00", named=UNION, key="75600000") == UNION
    assert meant("2025", day, named=TROITSK.id, key="75654000") == [("", "foreign-key")]


@pytest.mark.parametrize(
    ("since", "until", "taken"),
    [
        (date(2000, 9, 1), None, True),
        (date(2000, 9, 1), date(2022, 1, 2), True),
        (date(2022, 12, 31), None, True),
        (None, None, True),
        (date(2000, 9, 1), date(2022, 1, 1), False),
        (date(2023, 1, 1), None, False),
    ],
)
def test_a_school_that_was_not_there_has_no_result(since: date | None, until: date | None, *, taken: bool):
    known = directory()
    known.learn(organizations=[Organization("school-1", 2, ZLATOUST.id, since=since, until=until)])
    found = told(body(subject={"organization": "school-1"}), known)
    assert found == (ZLATOUST.id if taken else [("/period", "did-not-exist")])


def test_the_day_of_a_result_is_that_of_the_region():
    # 1 January 2025 in the Urals is still 31 December in UTC: the new code holds already.
    assert meant("2024", "2025-01-01T01:00:00+05:00", named="75554000") == TROITSK.id


@pytest.mark.parametrize("key", [None, "", ZLATOUST.id, "75712000"])
def test_a_key_that_names_the_subject_or_nothing_is_taken(key: str | None):
    assert meant("2022", named=ZLATOUST.id, key=key) == ZLATOUST.id


@pytest.mark.parametrize("key", [TROITSK.id, "75654000", "nowhere"])
def test_a_foreign_key_is_refused(key: str):
    assert meant("2022", named=ZLATOUST.id, key=key) == [("", "foreign-key")]
