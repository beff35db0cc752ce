"""Periods: a year (`2022`) or a school year (`2021-2022`), from 2000 to the year after the present one."""

import re
from datetime import date

EARLIEST = 2000
_PERIOD = re.compile(r"(\d{4})(?:-(\d{4}))?")


def years_of(period: str) -> tuple[int, int] | None:
    """The first and the last year of a period, None for what is no period."""
    found = _PERIOD.fullmatch(period)
    if found is None or not period.isascii():
        return None
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    return (first, last) if last == first or last == first + 1 else None


def is_known(period: str, *, today: date) -> bool:
    """Whether results of this period are taken on this day."""
    years = years_of(period)
    if years is None or (years[0] == years[1] and "-" in period):
        return False
    return years[0] >= EARLIEST and years[1] <= today.year + 1


def days_of(period: str) -> tuple[date, date]:
    """The first and the last day of a known period; a school year lasts from 1 September to 31 August."""
    years = years_of(period)
    if years is None:
        raise ValueError(period)
    if "-" in period:
        return date(years[0], 9, 1), date(years[1], 8, 31)
    return date(years[0], 1, 1), date(years[1], 12, 31)
