"""Facts as they are stored: an instant is one UTC text, whatever zone it came in, and sorts as time does."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.facts import instant_text

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds, without a zone


@given(MOMENTS)
def test_the_text_of_an_instant_is_that_of_isoformat_in_utc(moment: datetime):
    assert instant_text(moment) == moment.astimezone(UTC).isoformat(timespec="microseconds")


@given(MOMENTS, MOMENTS)
def test_texts_sort_as_the_instants_do(one: datetime, other: datetime):
    assert (instant_text(one) < instant_text(other)) == (one < other)
