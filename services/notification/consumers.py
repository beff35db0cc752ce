"""The Kafka door: scores, ratings and names as they are told by others, a batch at a time."""

from collections.abc import Sequence

from services.monitoring.events import ProcedureDescribed
from services.notification.domain import (
    MUNICIPALITY,
    PROCEDURE,
    AdviceFact,
    DatedName,
    Entry,
    Facts,
    GroupChange,
    Item,
    NameFact,
    NearDeadline,
    RatingFact,
    ResultCause,
    ScoreFact,
    Standing,
    Told,
)
from services.notification.usecases import Notification
from services.registry.events import MunicipalityChanged, MunicipalityRegistered, MunicipalityState
from services.roadmap import events as roadmap
from services.scoring import events as scoring
from shared.broker import Listener, listen_to
from shared.kernel import Event, Heard
from shared.mongo import Batch
from shared.telemetry import log

GROUP = "notification"
LOGGED = 3
ADVISED: tuple[type[roadmap.RecommendationState], ...] = (
    roadmap.RecommendationDrafted,
    roadmap.RecommendationIssued,
    roadmap.RecommendationConsidered,
    roadmap.RecommendationAccepted,
    roadmap.RecommendationDeclined,
)
HEARS: tuple[type[Event], ...] = (
    scoring.ScoreChanged,
    scoring.RatingChanged,
    MunicipalityRegistered,
    MunicipalityChanged,
    ProcedureDescribed,
    *ADVISED,
)


def listeners(uses: Notification) -> tuple[Listener, ...]:
    """The one group of this service."""

    async def handle(batch: Batch[Event]) -> None:
        _log_stored(await uses.telling.hear(facts_of(batch.heard), batch), batch.heard)

    return (listen_to(GROUP, HEARS, handle),)


def _log_stored(entries: Sequence[Entry], heard: Sequence[Heard[Event]]) -> None:
    """The first new items of a batch, so that the correlation id of a request ends in a line about its notification."""
    causes = {
        (one.event.municipality, one.event.period, one.event.revision): one.cause
        for one in heard
        if isinstance(one.event, scoring.ScoreChanged)
    }
    items = [entry.told for entry in entries if isinstance(entry.told, Item)]
    for item in items[:LOGGED]:
        cause = causes[item.fact.municipality, item.fact.period, item.fact.revision]
        log.info("item.stored", item=item.id, correlation_id=cause.correlation)


def facts_of(heard: Sequence[Heard[Event]]) -> Facts:
    """The events of a batch in notification's own words."""
    told: list[Told] = []
    advice: list[AdviceFact] = []
    names: list[NameFact] = []
    for one in heard:
        event = one.event
        if isinstance(event, scoring.ScoreChanged):
            told.append(_score(event))
        elif isinstance(event, scoring.RatingChanged):
            # A rating has no revision; the identity of its event is the same however often it is sent.
            identity = f"{one.source}|{one.id}"
            told.append(RatingFact(identity, event.period, event.data_at, event.moved))
        elif isinstance(event, roadmap.RecommendationState):
            fact = _advice(event)
            advice += [fact] if fact else []
            told += [fact] if fact and isinstance(event, roadmap.RecommendationDrafted) else []
        elif isinstance(event, MunicipalityState):
            names.append(_municipality(event))
        elif isinstance(event, ProcedureDescribed):
            names.append(_procedure(event))
    return Facts(tuple(told), tuple(names), tuple(advice))


def _score(event: scoring.ScoreChanged) -> ScoreFact:
    return ScoreFact(
        municipality=event.municipality,
        period=event.period,
        revision=event.revision,
        methodology=event.methodology,
        changes=tuple(
            GroupChange(change.group, _standing(change.before), _standing(change.after)) for change in event.changes
        ),
        causes=tuple(ResultCause(cause.result, cause.revision, cause.procedure) for cause in event.causes),
        causes_count=event.causes_count,
        data_at=event.data_at,
        quiet=event.quiet,
    )


def _advice(event: roadmap.RecommendationState) -> AdviceFact | None:
    """None of an event from before recommendations said which item they belong to."""
    if event.period is None or event.group is None or event.state is None:
        return None
    return AdviceFact(
        id=event.recommendation,
        municipality=event.municipality,
        period=event.period,
        group=event.group,
        score_revision=event.score_revision,
        state=event.state,
        revision=event.revision or 1,
        before_level=event.before_level,
        after_level=event.after_level,
        deadlines=tuple(
            NearDeadline(one.activity, one.roadmap, one.task_number, one.title, one.due.isoformat(), one.state)
            for one in event.deadlines
        ),
    )


def _standing(told: scoring.Standing) -> Standing:
    return Standing(
        state=told.state,
        points=told.points,
        maximum=told.maximum,
        share=told.share,
        percent=told.percent,
        level=told.level,
        rank=told.rank,
    )


def _municipality(event: MunicipalityState) -> NameFact:
    history = tuple(
        DatedName(
            name=name.name,
            oktmo=name.oktmo,
            valid_from=name.valid_from.isoformat(),
            valid_to=name.valid_to.isoformat() if name.valid_to else None,
        )
        for name in event.history
    )
    return NameFact(MUNICIPALITY, event.id, event.revision, history)


def _procedure(event: ProcedureDescribed) -> NameFact:
    return NameFact(PROCEDURE, event.procedure, event.revision, (DatedName(event.name, None, ""),))
