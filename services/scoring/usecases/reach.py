"""How far a region has come with a period: how many municipalities have an overall score, of how many there were."""

from services.scoring.domain.league import League
from services.scoring.domain.methodology import OVERALL
from services.scoring.usecases.state import State


class Reach:
    """Counts those that existed once for each set of names and cards; the scored ones stand in a table anyway."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._existing: dict[League, tuple[tuple[int, int], int]] = {}

    def of(self, league: League) -> dict[str, int]:
        """`scored` of `municipalities` in the live rating of a league."""
        mirror, names = self._state.mirror, self._state.names
        seen = names.version, len(mirror.of(league))
        if self._existing.get(league, (None, 0))[0] != seen:
            listed = {*mirror.of(league), *names.ids(league.region)}
            self._existing[league] = seen, sum(names.existed(one, league.period) for one in listed)
        return {"scored": len(mirror.standings.table(league, OVERALL)), "municipalities": self._existing[league][1]}


# Of what a reader does not see live.
NOT_SEEN: dict[str, int | None] = {"scored": None, "municipalities": None}
