"""Moves of scales: which bests moved in a period, and whose scores changed by it."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain import instant_text
from services.scoring.domain.league import League
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.state import State
from shared.kernel import NotFound, plural

TIMES = ("раз", "раза", "раз")
HEAD = ("period", "number", "methodology", "moved", "moved_count", "scores_changed", "quiet")


class Scales:
    """Answers moves of scales in the shape of the API."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state

    async def moves(self, league: League) -> list[dict[str, Any]]:
        """The moves of a league, the latest first, without the scores that changed."""
        return [self._head(row, league) for row in await self._store.scale_moves(league)]

    async def move(self, league: League, number: int) -> dict[str, Any]:
        """One move and every score that changed by it alone; NotFound (`scale-move-not-found`)."""
        row = await self._store.scale_move(league, number)
        if row is None:
            told, times = league.period[:40], f"{number} {plural(number, TIMES)}"
            detail = f"За «{told}» шкала не сдвигалась {times}. Список: /v1/scales/{told}."
            raise NotFound("scale-move-not-found", "Такого сдвига шкалы нет", detail)
        names = self._state.names
        differences = [
            {"municipality": names.of(one["municipality"], league.period), "changes": one["changes"]}
            for one in row["differences"]
        ]
        return self._head(row, league) | {"differences": differences}

    def _head(self, row: Mapping[str, Any], league: League) -> dict[str, Any]:
        moved = [
            {
                **one,
                "before": self._best(one["before"], row["period"]),
                "after": self._best(one["after"], row["period"]),
            }
            for one in row["moved"]
        ]
        told = {"region": league.region, "moved": moved, "data_at": instant_text(row["data_at"])}
        return {field: row[field] for field in HEAD} | told

    def _best(self, best: Mapping[str, Any] | None, period: str) -> dict[str, Any] | None:
        if best is None:
            return None
        return {**best, "municipalities": [self._state.names.of(one, period) for one in best["municipalities"]]}
