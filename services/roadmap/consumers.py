"""What road maps hear: the registry's municipalities and the changed scores."""

from collections.abc import Sequence
from typing import Any

from services.registry.events import MunicipalityChanged, MunicipalityRegistered, MunicipalityState
from services.roadmap.domain import Municipality, Score, Standing
from services.roadmap.usecases import Roadmap
from services.scoring.events import ScoreChanged
from shared.broker import Listener, listen_to
from shared.mongo import Batch

HEARS = (MunicipalityRegistered, MunicipalityChanged, ScoreChanged)


def listeners(uses: Roadmap) -> Sequence[Listener]:
    """The consumer group of this service."""

    async def told(batch: Batch[Any]) -> None:
        """Municipalities and scores of one batch, in one transaction."""
        events = [heard.event for heard in batch.heard]
        await uses.follow(
            [_municipality(one) for one in events if isinstance(one, MunicipalityState)],
            [_score(one) for one in events if isinstance(one, ScoreChanged)],
            batch=batch,
        )

    return [listen_to("roadmap", HEARS, told)]


def _municipality(event: MunicipalityState) -> Municipality:
    last = event.history[-1]
    return Municipality(event.id, event.revision, event.region, last.name, last.oktmo)


def _score(event: ScoreChanged) -> Score:
    groups = {
        change.group: Standing(change.after.state, change.after.percent, change.after.level, change.after.rank)
        for change in event.changes
    }
    return Score(event.municipality, event.period, event.revision, groups)
