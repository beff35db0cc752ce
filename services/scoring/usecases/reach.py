"""How far a period has come: how many municipalities have an overall score, of how many there were."""

from services.scoring.domain.methodology import OVERALL
from services.scoring.usecases.state import State


class Reach:
    """Counts those that existed once for each set of names and cards; the scored ones stand in a table anyway."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._existing: dict[str, tuple[tuple[int, int], int]] = {}

    def of(self, period: str) -> dict[str, int]:
        """`scored` of `municipalities` in the live rating of a period."""
        mirror, names = self._state.mirror, self._state.names
        seen = names.version, len(mirror.of(period))
        if self._existing.get(period, (None, 0))[0] != seen:
            listed = {*mirror.of(period), *names.ids()}
            self._existing[period] = seen, sum(names.existed(one, period) for one in listed)
        return {"scored": len(mirror.standings.table(period, OVERALL)), "municipalities": self._existing[period][1]}


# Of what a reader does not see live.
NOT_SEEN: dict[str, int | None] = {"scored": None, "municipalities": None}
