"""The outermost days and numbers that are taken, and the first beyond them."""

import tracemalloc
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.monitoring.domain import read_value
from services.monitoring.domain.checking import check_time
from services.monitoring.domain.period import days_of
from shared.kernel import FieldError
from tests.unit.monitoring.made import NOW

FIRST = datetime(1999, 12, 31, 19, tzinfo=UTC)  # the year 2000 has begun in the Urals
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("occurred_at", "codes"),
    [
        (FIRST - MOMENT, ["occurred-too-early"]),
        (FIRST, []),
        (NOW + timedelta(minutes=10), []),
        (NOW + timedelta(minutes=10) + MOMENT, ["occurred-in-future"]),
    ],
)
def test_results_are_from_2000_on_and_at_most_ten_minutes_ahead(occurred_at: datetime, codes: list[str]):
    assert [one.code for one in check_time(occurred_at, NOW)] == codes


def test_a_year_is_all_its_days_and_a_school_year_begins_in_september():
    assert days_of("2022") == (date(2022, 1, 1), date(2022, 12, 31))
    assert days_of("2021-2022") == (date(2021, 9, 1), date(2022, 8, 31))


@pytest.mark.parametrize("given", [Decimal("1E+16"), Decimal("1E-41"), Decimal("1E+20000000"), 10**15])
def test_a_number_of_another_size_is_none_before_it_is_written_out(given: Decimal | int):
    """Written out, its digits would take the memory of the process: this one's 20 MB, another's a gigabyte."""
    tracemalloc.start()
    found = read_value(given, "/x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, FieldError)
    assert found.code == "not-a-number"
    assert peak < 1_000_000
