"""A league: the municipalities of one region in one period, which are ranked and compared among themselves."""

from functools import lru_cache
from typing import NamedTuple

REMEMBERED = 65_536
DIGITS = (2, 3)


class League(NamedTuple):
    """A region (its number; none where ids name none) and a period: ranks, scales and editions are of such a one."""

    region: str
    period: str

    def named(self, home: str) -> str:
        """How it is called in ids: by its period alone where it is of the home region, else behind its number."""
        return self.period if self.region == home else f"{self.region}-{self.period}"

    def within(self, url: str) -> str:
        """An address that asks for this region: whoever follows it may be of another one."""
        return f"{url}{'&' if '?' in url else '?'}region={self.region}" if self.region else url


@lru_cache(maxsize=REMEMBERED)
def region_of(identity: str) -> str:
    """The number of the region that an id of a municipality or a school begins with.

    The registry takes no id that begins with another number than its region. So the region is known with the first
    result, whether or not the registry was heard already, and never changes.
    """
    number, dash, _ = identity.partition("-")
    known = dash and number.isascii() and number.isdecimal() and len(number) in DIGITS
    return number if known else ""


@lru_cache(maxsize=REMEMBERED)
def league_of(municipality: str, period: str) -> League:
    """The league that a municipality is in in a period; remembered, for every card of a moved scale asks for it."""
    return League(region_of(municipality), period)
