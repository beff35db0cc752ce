"""Whose days count: moments are kept in UTC, days and deadlines are those of one time zone, whatever the machine's."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

ZONE_NAME: Final = "Asia/Yekaterinburg"
ZONE: Final = ZoneInfo(ZONE_NAME)


def local(moment: datetime) -> datetime:
    """The same moment by the clocks of the zone."""
    return moment.astimezone(ZONE)


def day_of(moment: datetime) -> date:
    """The day that a moment belongs to."""
    return local(moment).date()
