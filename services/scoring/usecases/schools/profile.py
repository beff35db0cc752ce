"""The risk profile of a school: what speaks against it, with the procedures and years that it comes from."""

from collections.abc import Sequence
from typing import Any

from services.scoring.domain.period import period_year
from services.scoring.domain.schools import Standing
from services.scoring.domain.schools.reading import YEARS
from services.scoring.usecases.schools.listing import Listing
from services.scoring.usecases.schools.ports import KeepsStandings
from services.scoring.usecases.schools.signs import Signs
from shared.kernel import NotFound
from shared.policy import Actor, actor_may


class Profiles:
    """Answers risk profiles in the shape of the API."""

    def __init__(self, store: KeepsStandings, listing: Listing, signs: Signs) -> None:
        self._store = store
        self._listing = listing
        self._signs = signs

    async def profile(self, school: str, period: str | None, *, actor: Actor) -> dict[str, Any]:
        """The factors of the asked year (the latest) and the two before; NotFound where there is nothing to see."""
        found = await self._store.standings_of(school)
        allowed = [one for one in found if _may_see(actor, one)]
        last = period_year(period) if period else _last(allowed)
        years = [one for one in allowed if last - YEARS < one.year <= last]
        if not years:
            detail = f"О школе «{school[:100]}» за этот период нет сведений среди доступных вам."
            raise NotFound("school-not-found", "О школе нет сведений", detail)
        titles = await self._listing.titles()
        return {
            "school": self._listing.school(years[0]),
            "period": str(last),
            "factors": [self._factor(one, verdict, titles) for one in years for verdict in one.verdicts
                        if verdict.state == "low"],
            "signs": await self._signs.of_school(school, [one.year for one in years]),
            "years": [self._year(one, titles) for one in years],
            "periods": [str(one.year) for one in allowed],
        }  # fmt: skip

    def _factor(self, one: Standing, verdict: Any, titles: Any) -> dict[str, Any]:
        shown = self._listing.verdict(verdict, titles.get(one.thresholds, {}))
        return {"factor": "low_results", "period": str(one.year), "thresholds": one.thresholds, **shown}

    def _year(self, one: Standing, titles: Any) -> dict[str, Any]:
        named = titles.get(one.thresholds, {})
        return {
            "period": str(one.year),
            "thresholds": one.thresholds,
            "participants": one.size,
            "levels": list(one.levels),
            "criteria": [self._listing.verdict(verdict, named) for verdict in one.verdicts],
        }


def _last(found: Sequence[Standing]) -> int:
    """The latest year that the school itself told of; years after it stand only on the lists over three years."""
    return max((one.year for one in found if one.levels), default=max((one.year for one in found), default=0))


def _may_see(actor: Actor, one: Standing) -> bool:
    return actor_may(actor, "school.read", {"municipality": one.municipality, "organization": one.school})
