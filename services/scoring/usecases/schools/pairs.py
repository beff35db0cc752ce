"""Strong schools with the weak ones that they could help."""

from services.scoring.domain.period import period_year
from services.scoring.domain.schools.pairing import Pair, pair_up
from services.scoring.usecases.schools.listing import Asked, Listing, Page
from services.scoring.usecases.schools.ports import KeepsStandings
from services.scoring.usecases.state import State
from shared.policy import Scope


class Pairs:
    """Joins the pages of the strong list with pairs."""

    def __init__(self, store: KeepsStandings, state: State, listing: Listing) -> None:
        self._store = store
        self._state = state
        self._listing = listing

    async def page(self, asked: Asked, *, scope: Scope) -> Page:
        """Strong schools, each with the weak ones it is the best partner of, as far as the reader may see those.

        `elsewhere` counts partners that belong to somebody else: their names are for the operator only.
        """
        found = await self._listing.page(asked, scope=scope)
        pairs = await self._pairs(period_year(asked.period))
        for item in found.items:
            own = pairs.get(item["school"]["id"], [])
            seen = [one for one in own if scope.covers(_resource(one))]
            item["pairs"] = [{"school": self._listing.school(one.weak), "near": one.near} for one in seen]
            item["elsewhere"] = len(own) - len(seen)
        return found

    async def _pairs(self, year: int) -> dict[str, list[Pair]]:
        """The pairs of the whole region by their strong school: whoever asks, they are the same."""
        weak = await self._store.listed_schools(year, "low_results")
        strong = await self._store.listed_schools(year, "strong")
        found: dict[str, list[Pair]] = {}
        for pair in pair_up(weak, strong, self._state.names.neighbours):
            found.setdefault(pair.strong.school, []).append(pair)
        return found


def _resource(pair: Pair) -> dict[str, str | None]:
    return {"municipality": pair.weak.municipality, "organization": pair.weak.school}
