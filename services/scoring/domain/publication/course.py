"""The course of a region and period: its editions so far, and what somebody plans to draft next."""

from dataclasses import dataclass
from datetime import date

from services.scoring.domain.league import League


@dataclass(frozen=True, slots=True)
class Course:
    """The editions of a region and period so far: how many, the one under way, the one published last.

    `at_home`: of the home region, whose number does not stand in ids.
    """

    period: str
    count: int = 0
    under_way: str | None = None
    last: str | None = None
    region: str = ""
    at_home: bool = True

    @property
    def id(self) -> str:
        """How it is called, and what the ids of its editions begin with."""
        return self.period if self.at_home else f"{self.region}-{self.period}"

    @property
    def following(self) -> str:
        """The id of the next edition."""
        return f"{self.id}-{self.count + 1}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants to draft."""

    period: str
    title: str | None
    reply_until: date
    region: str = ""

    @property
    def league(self) -> League:
        """Whose rating is meant."""
        return League(self.region, self.period)
