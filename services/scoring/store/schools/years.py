"""The years of schools in the store: one row for each region and year, of the home region named by the year alone."""

from collections.abc import Iterable
from typing import Any

from services.scoring.domain.league import League, league_of
from shared.mongo import UpdateOne

YEARS = "school_years"


def year_of(identity: str, home: str) -> League:
    """The region and year behind the name of a row."""
    region, _, year = identity.rpartition("-")
    return League(region or home, year)


def wanting(heard: Iterable[tuple[str, int]], *, home: str) -> list[UpdateOne]:
    """Let these schools' years be looked at again, and those after them: a jump is one from a year to the next."""
    both = sorted({league_of(school, str(year + more)) for school, year in heard for more in (0, 1)})
    return [_update(one, {"$inc": {"wanted": 1}}, home) for one in both]


def beginning(leagues: Iterable[League], *, home: str) -> list[UpdateOne]:
    """Note that some school of a region has results of a year."""
    return [_update(one, {"$set": {"heard": True}, "$inc": {"wanted": 1}}, home) for one in sorted(leagues)]


def _update(league: League, change: dict[str, Any], home: str) -> UpdateOne:
    return UpdateOne({"_id": league.named(home)}, change, upsert=True)
