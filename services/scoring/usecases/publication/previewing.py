"""What a freeze would change against the draft: read before it is confirmed."""

from typing import Any

from services.scoring.domain import Methodology, instant_text
from services.scoring.domain.names import day_of
from services.scoring.domain.publication import DRAFT, FROZEN, check_draft, check_methodology, read_content
from services.scoring.domain.publication.differing import Difference, Unannounced, unannounced
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.publication.naming import Shown, seen_by
from services.scoring.usecases.publication.published import edition_unknown
from services.scoring.usecases.state import State
from shared.policy import Actor
from shared.ports import Clock


class Previewing:
    """Computes what would be frozen now, and compares it with what the municipalities were sent."""

    def __init__(self, store: Keeps, state: State, *, clock: Clock) -> None:
        self._store = store
        self._state = state
        self._computing = Computing(store, state)
        self._clock = clock

    async def changes(self, edition: str, actor: Actor) -> Shown:
        """Whose score would differ from the draft without an accepted objection; Conflict where none can be frozen."""
        found = seen_by(await self._store.edition(edition), edition, actor)
        check_draft(found)
        drafted = await self._store.content(edition, DRAFT)
        if drafted is None:
            raise edition_unknown(edition)
        now = self._clock()
        content, made = await self._computing.content(edition, found.league, stage=FROZEN, as_of=now)
        check_methodology(found, made)
        methodology = self._state.methodologies[found.methodology]
        before, after = read_content(drafted.body)[1], read_content(content.body)[1]
        differing = unannounced(before, after, await self._store.objections(edition, {}), methodology)
        return {
            "edition": edition,
            "as_of": instant_text(now),
            "items": [
                {"municipality": self._state.names.of(one.municipality, found.period, by=day_of(now))}
                | _shown(one, methodology)
                for one in differing
            ],
        }


def _shown(one: Unannounced, methodology: Methodology) -> Shown:
    return {
        **_standings(one.overall),
        "procedures": [
            {"procedure": key, "title": methodology.procedures[key].title, **_standings(difference)}
            for key, difference in one.procedures.items()
        ],
    }


def _standings(difference: Difference) -> dict[str, Any]:
    told = {"before": difference.before, "after": difference.after}
    return {name: None if standing is None else standing.model_dump() for name, standing in told.items()}
