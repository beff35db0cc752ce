"""The window of a trend: so many years, or school years, up to one."""

from dataclasses import dataclass

from services.scoring.domain.names import days_of
from services.scoring.domain.period import period_year
from shared.kernel import Refused

FEWEST, MOST = 2, 10
FIRST_YEAR = 1000


@dataclass(frozen=True, slots=True)
class Window:
    """Periods of one form, the oldest first."""

    periods: tuple[str, ...]

    @property
    def until(self) -> str:
        """The last period."""
        return self.periods[-1]


def window(until: str, years: int) -> Window:
    """The `years` periods that end with one; Refused (`unknown-period`, `years-out-of-bounds`) otherwise."""
    last = period_year(until)
    if not FEWEST <= years <= MOST:
        detail = f"years = {years}: нужно целое от {FEWEST} до {MOST}."
        raise Refused("years-out-of-bounds", "За столько лет динамика не строится", detail)
    ends = range(max(last - years + 1, FIRST_YEAR + 1), last + 1)
    return Window(tuple(f"{end - 1}-{end}" if "-" in until else str(end) for end in ends))


def first_day(period: str) -> str:
    """The first day of a period."""
    return days_of(period)[0]


def last_day(period: str) -> str:
    """The last day of a period: a municipality is what it is at the end of it."""
    return days_of(period)[1]
