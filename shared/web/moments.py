"""Moments as callers name them: with an offset, and such that UTC, which the store keeps, has them too.

By itself pydantic takes seconds since 1970 for moments, also as strings: `2022` would be the evening of the first day.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticKnownError

_BEGINS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def written(value: Any) -> Any:
    """The value, if it is a moment or begins with a day as one does; pydantic's `datetime_type` otherwise."""
    if isinstance(value, datetime) or (isinstance(value, str) and _BEGINS.match(value)):
        return value
    raise PydanticKnownError("datetime_type")


def in_range(told: datetime) -> datetime:
    """The moment as told; ValueError at the ends of the calendar, where its offset leads out of it."""
    try:
        told.astimezone(UTC)
    except OverflowError:
        raise ValueError("Такого времени в UTC нет: назовите год от 2 до 9998.") from None
    return told


Moment = Annotated[
    AwareDatetime, BeforeValidator(written, json_schema_input_type=AwareDatetime), AfterValidator(in_range)
]
