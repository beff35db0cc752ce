"""Looking for signs of bias beside the main path: a year is looked at again when its results have changed."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain.league import League
from services.scoring.domain.schools.thresholds import Needs, SignParameters
from services.scoring.usecases.schools.ports import KeepsSigns
from services.scoring.usecases.schools.thresholds import ThresholdSets
from shared.ports import Clock

NOTHING: Mapping[str, Any] = {"tests": [], "signs": []}


class Looking:
    """Keeps signs level with results, a run per year and change."""

    def __init__(self, store: KeepsSigns, thresholds: ThresholdSets, *, clock: Clock) -> None:
        self._store = store
        self._thresholds = thresholds
        self._clock = clock

    async def look(self, _: str = "") -> None:
        """Look at every region's year whose results are newer than its signs and that no other process has taken."""
        for row in await self._store.years_of_schools():
            taken = await self._store.take_year(row["_id"], now=self._clock())
            if taken is not None:
                await self._look(taken, row["league"])

    async def _look(self, taken: Mapping[str, Any], league: League) -> None:
        year = int(league.period)
        thresholds = await self._thresholds.in_force(year)
        try:
            found = NOTHING
            if thresholds is not None:
                parameters = parameters_of(thresholds.signs)
                keys = await self._store.school_keys()
                wanted = {"year": year, "region": league.region, "keys": keys, "parameters": parameters}
                found = await self._store.look_for_signs(wanted)
            named = None if thresholds is None else thresholds.id
            await self._store.keep_signs(taken, found, thresholds=named, now=self._clock())
        except BaseException:
            await self._store.leave_year(taken["_id"])
            raise


def parameters_of(signs: SignParameters) -> dict[str, Any]:
    """The parameters as plain data for the other process."""
    return {
        "fdr": str(signs.fdr),
        "boundaries": {procedure: list(scores) for procedure, scores in signs.boundaries.items()},
        "pairs": [list(pair) for pair in signs.pairs],
        "medallists": signs.medallists,
        "needs": {kind: {"minimum": one.minimum, "effect": str(one.effect)} for kind, one in needs_of(signs).items()},
    }


def needs_of(signs: SignParameters) -> dict[str, Needs]:
    """What each kind of test needs."""
    return {
        "boundary_spike": signs.spike,
        "school_marks": signs.marks,
        "jump": signs.jump,
        "medallists": signs.medals,
    }
