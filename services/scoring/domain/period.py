"""Periods of results and scores: a year (`2022`) or a school year (`2021-2022`)."""

import re
from functools import lru_cache

from shared.kernel import Refused

_PERIOD = re.compile(r"([12][0-9]{3})(?:-([12][0-9]{3}))?", re.ASCII)


@lru_cache(maxsize=1_024)
def period_year(period: str) -> int:
    """The year in which a period ends; refused (`unknown-period`) when the text is no period."""
    found = _PERIOD.fullmatch(period)
    if found:
        first, last = int(found[1]), int(found[2] or found[1])
        if found[2] is None or last == first + 1:
            return last
    raise Refused("unknown-period", "Период не понят", f"«{period[:40]}»: нужен год (2022) или учебный год (2021-2022)")


def period_words(period: str) -> str:
    """`2022 год`, `2021/2022 учебный год`."""
    first, _, last = period.partition("-")
    return f"{first}/{last} учебный год" if last else f"{first} год"
