"""What road maps hear: the registry's municipalities and the changed scores."""

from collections.abc import Sequence
from typing import Any

from services.registry.events import MunicipalityChanged, MunicipalityRegistered, MunicipalityState
from services.roadmap.domain import DatedName, Move, Municipality, Rule, ScoreTold, Standing
from services.roadmap.usecases import Roadmap
from services.scoring import events as scoring
from shared.batch import Batch
from shared.broker import Listener, listen_to
from shared.kernel import Cause

# Whoever is alarmed by a fallen level reads that first: a recommendation may join it a moment later.
PAUSE = 0.1
HEARS = (MunicipalityRegistered, MunicipalityChanged, scoring.ScoreChanged)


def listeners(uses: Roadmap) -> Sequence[Listener]:
    """The consumer group of this service."""

    async def told(batch: Batch[Any]) -> None:
        """Municipalities and scores of one batch, in one transaction with the recommendations drafted from them."""
        await uses.follow(
            [_municipality(one.event) for one in batch.heard if isinstance(one.event, MunicipalityState)],
            [_score(one.event, one.cause) for one in batch.heard if isinstance(one.event, scoring.ScoreChanged)],
            batch=batch,
        )

    return [listen_to("roadmap", HEARS, told, pause=PAUSE)]


def _municipality(event: MunicipalityState) -> Municipality:
    history = sorted(
        (DatedName(one.name, one.oktmo, one.valid_from, one.valid_to) for one in event.history),
        key=lambda one: one.since,
    )
    return Municipality(event.id, event.revision, event.region, tuple(history))


def _score(event: scoring.ScoreChanged, cause: Cause) -> ScoreTold:
    return ScoreTold(
        municipality=event.municipality,
        period=event.period,
        revision=event.revision,
        moves=tuple(Move(change.group, _standing(change.before), _standing(change.after)) for change in event.changes),
        quiet=event.quiet,
        cause=cause,
        rules=tuple(_rule(one, event) for one in event.rules),
        results=event.causes_count > 0,
    )


def _rule(told: scoring.RuleCause, event: scoring.ScoreChanged) -> Rule:
    if told.kind == "edition":
        return Rule(event.methodology_title or event.methodology)
    return Rule(told.act or "", act=True, withdrawn=told.withdrawn)


def _standing(told: scoring.Standing) -> Standing:
    return Standing(told.percent, told.level)
