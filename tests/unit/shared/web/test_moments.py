"""Moments: what is none is refused in words, at the ends of the calendar too."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.web.invalid import wrong_fields
from shared.web.moments import Moment

READ = TypeAdapter(Moment)
LOST_PLUS = "В адресе + пишется как %2B; можно также назвать время в UTC с Z."


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_moment_that_utc_does_not_have_is_refused(told: str) -> None:
    with pytest.raises(ValidationError, match="назовите год от 2 до 9998"):
        READ.validate_python(told)


def test_a_moment_stays_as_it_was_told() -> None:
    assert READ.validate_python("2022-11-01T09:00:00+05:00").isoformat() == "2022-11-01T09:00:00+05:00"


@pytest.mark.parametrize("told", ["2022", "1665360000", "1665360000000.5", "-1", 2022, 1665360000.5, True])
def test_a_number_is_no_moment(told: object) -> None:
    with pytest.raises(ValidationError, match="datetime_type"):
        READ.validate_python(told)


@pytest.mark.parametrize("told", ["2022-11-01T09:00:00 05:00", "2022-11-01T09:00:00", "2022"])
def test_a_query_is_told_how_its_plus_is_written(told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        READ.validate_python(told)
    found = [{**one, "loc": ("query", "since")} for one in caught.value.errors()]
    assert LOST_PLUS in wrong_fields(found, None)[0]["remedy"]
    found = [{**one, "loc": ("body", "since")} for one in caught.value.errors()]
    assert "%2B" not in wrong_fields(found, {"since": told})[0]["remedy"]
