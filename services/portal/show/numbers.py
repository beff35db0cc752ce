"""Exact numbers and moments as Russian readers write them."""

import re
from datetime import date, datetime
from fractions import Fraction

from babel.dates import format_date

from shared.calendar import local

PLACES = 4
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
NBSP = "\N{NO-BREAK SPACE}"


def number(told: object, places: int = PLACES) -> str:
    """A decimal or fraction text as `1 234,5`; what has more places is rounded half up to so many, with ≈."""
    if told is None or told == "":
        return "—"
    scaled = Fraction(str(told)) * 10**places
    rounded = (abs(scaled) * 2 + 1) // 2
    whole, rest = divmod(rounded, 10**places)
    tail = f"{rest:0{places}d}".rstrip("0")
    text = f"{whole:,}".replace(",", NBSP) + (f",{tail}" if tail else "")
    return ("≈" if scaled.denominator != 1 else "") + ("−" if scaled < 0 and rounded else "") + text


def commas(words: str) -> str:
    """The decimals within words as they are printed: `не засчитаны: 0,5.`"""
    return _POINT.sub(",", words)


def signed(told: int) -> str:
    """A change: `+3`, `−2`, `0`."""
    return f"+{told}" if told > 0 else f"−{-told}" if told < 0 else "0"


def percent(told: int | None) -> str:
    """`78 %`, a dash for nothing."""
    return "—" if told is None else f"{told}{NBSP}%"


def _moment(told: str | datetime) -> datetime:
    found = told if isinstance(told, datetime) else datetime.fromisoformat(told)
    return local(found)


def moment(told: str | datetime | None) -> str:
    """`15 апреля 2026, 14:05` by the clocks of Yekaterinburg."""
    if not told:
        return "—"
    at = _moment(told)
    return f"{day(at.date())}, {at:%H:%M}"


def short_moment(told: str | datetime | None) -> str:
    """`15.04.2026 14:05` by the clocks of Yekaterinburg, for tables."""
    return f"{_moment(told):%d.%m.%Y %H:%M}" if told else "—"


def day(told: str | date | None) -> str:
    """`15 апреля 2026`; a moment is taken by the clocks of Yekaterinburg."""
    if not told:
        return "—"
    if isinstance(told, str):
        told = date.fromisoformat(told) if len(told) == len("2022-12-30") else _moment(told).date()
    return format_date(told, "d MMMM y", locale="ru").replace(" ", NBSP)


def short_day(told: str | None) -> str:
    """`15.04.2026` of a day or of a moment."""
    if not told:
        return "—"
    found = date.fromisoformat(told) if len(told) == len("2022-12-30") else _moment(told).date()
    return f"{found:%d.%m.%Y}"


def iso(told: str | datetime | None) -> str:
    """The same moment for the `datetime` attribute."""
    return _moment(told).isoformat() if told else ""
