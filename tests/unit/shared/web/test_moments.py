"""Moments at the ends of the calendar are refused in words, not stumbled over in the store."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.web.moments import Moment

READ = TypeAdapter(Moment)


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_a_moment_that_utc_does_not_have_is_refused(told: str) -> None:
    with pytest.raises(ValidationError, match="назовите год от 2 до 9998"):
        READ.validate_python(told)


def test_a_moment_stays_as_it_was_told() -> None:
    assert READ.validate_python("2022-11-01T09:00:00+05:00").isoformat() == "2022-11-01T09:00:00+05:00"
