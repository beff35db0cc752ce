"""The Kafka door: scores, ratings and names as they are told by others, a batch at a time."""

from collections.abc import Sequence

from services.monitoring.events import ProcedureDescribed
from services.notification.consumers.roadmaps import advice_of, news_of, plan_of
from services.notification.consumers.scores import EDITION_STEPS, told_by
from services.notification.domain import (
    MUNICIPALITY,
    ORGANIZATION,
    PROCEDURE,
    AdviceFact,
    DatedName,
    Entry,
    Facts,
    Item,
    NameFact,
    PlanFact,
    ScoreFact,
    Told,
)
from services.notification.usecases import Notification
from services.registry.events import (
    MunicipalityChanged,
    MunicipalityRegistered,
    MunicipalityState,
    OrganizationChanged,
    OrganizationRegistered,
    OrganizationState,
)
from services.roadmap import events as roadmap
from services.scoring import events as scoring
from shared.batch import Batch
from shared.broker import Listener, listen_to
from shared.kernel import Event, Heard
from shared.telemetry import log

GROUP = "notification"
LOGGED = 3
ADVISED: tuple[type[roadmap.RecommendationState], ...] = (
    roadmap.RecommendationDrafted,
    roadmap.RecommendationIssued,
    roadmap.RecommendationDiscarded,
    roadmap.RecommendationConsidered,
    roadmap.RecommendationAccepted,
    roadmap.RecommendationDeclined,
)
HEARS: tuple[type[Event], ...] = (
    scoring.ScoreChanged,
    scoring.RatingChanged,
    *EDITION_STEPS,
    scoring.ScoreDrafted,
    scoring.ScorePublished,
    scoring.ScoreWithdrawn,
    scoring.ObjectionRaised,
    scoring.ObjectionAnswered,
    scoring.SchoolListed,
    scoring.SchoolDelisted,
    MunicipalityRegistered,
    MunicipalityChanged,
    OrganizationRegistered,
    OrganizationChanged,
    ProcedureDescribed,
    *ADVISED,
    roadmap.ActivityPlanned,
    roadmap.ActivityReported,
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
        if isinstance(item.fact, ScoreFact):
            cause = causes[item.fact.municipality, item.fact.period, item.fact.revision]
            log.info("item.stored", item=item.id, correlation_id=cause.correlation)


def facts_of(heard: Sequence[Heard[Event]]) -> Facts:
    """The events of a batch in notification's own words."""
    told: list[Told] = []
    advice: list[AdviceFact] = []
    names: list[NameFact] = []
    organizations: list[NameFact] = []
    plans: list[PlanFact] = []
    for one in heard:
        event = one.event
        if isinstance(event, roadmap.RecommendationState):
            fact = advice_of(event)
            advice += [fact] if fact else []
            told += news_of(fact) if fact else []
        elif isinstance(event, roadmap.ActivityPlanned | roadmap.ActivityReported):
            plans.append(plan_of(event))
        elif isinstance(event, MunicipalityState):
            names.append(_municipality(event))
        elif isinstance(event, OrganizationState):
            organizations.append(_organization(event))
        elif isinstance(event, ProcedureDescribed):
            names.append(_procedure(event))
        else:
            told += told_by(one)
    return Facts(tuple(told), tuple(names), tuple(advice), tuple(organizations), tuple(plans))


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
    return NameFact(MUNICIPALITY, event.id, event.revision, history, event.region)


def _procedure(event: ProcedureDescribed) -> NameFact:
    return NameFact(PROCEDURE, event.procedure, event.revision, (DatedName(event.name, None, ""),))


def _organization(event: OrganizationState) -> NameFact:
    return NameFact(ORGANIZATION, event.id, event.revision, (DatedName(event.name, None, ""),))
