"""Moments as callers name them: with an offset, and such that UTC, which the store keeps, has them too."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def in_range(told: datetime) -> datetime:
    """The moment as told; ValueError at the ends of the calendar, where its offset leads out of it."""
    try:
        told.astimezone(UTC)
    except OverflowError:
        raise ValueError("Такого времени в UTC нет: назовите год от 2 до 9998.") from None
    return told


Moment = Annotated[AwareDatetime, AfterValidator(in_range)]
