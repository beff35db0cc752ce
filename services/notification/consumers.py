"""The Kafka door: scores, ratings and names as they are told by others, a batch at a time."""

from collections.abc import Sequence

from services.monitoring.events import ProcedureDescribed
from services.notification.domain import (
    ANSWERED,
    DRAFTED,
    MUNICIPALITY,
    ORGANIZATION,
    PROCEDURE,
    PUBLISHED,
    RAISED,
    WITHDRAWN,
    AdviceFact,
    DatedName,
    EditionFact,
    Entry,
    Facts,
    GroupChange,
    IssuedFact,
    Item,
    NameFact,
    NearDeadline,
    RatingFact,
    ResultCause,
    SchoolFact,
    ScoreFact,
    Standing,
    Told,
)
from services.notification.domain.schools import DELISTED, LISTED, NOBODYS
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
from shared.broker import Listener, listen_to
from shared.kernel import Event, Heard
from shared.mongo import Batch
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
    for one in heard:
        event = one.event
        if isinstance(event, roadmap.RecommendationState):
            fact = _advice(event)
            advice += [fact] if fact else []
            told += _news_of(fact) if fact else []
        elif isinstance(event, MunicipalityState):
            names.append(_municipality(event))
        elif isinstance(event, OrganizationState):
            organizations.append(_organization(event))
        elif isinstance(event, ProcedureDescribed):
            names.append(_procedure(event))
        else:
            told += _told(one)
    return Facts(tuple(told), tuple(names), tuple(advice), tuple(organizations))


def _told(one: Heard[Event]) -> list[Told]:
    """What scoring told, as people hear of it."""
    event = one.event
    if isinstance(event, scoring.ScoreChanged):
        return [_score(event)]
    if isinstance(event, scoring.RatingChanged):
        # A rating has no revision; the identity of its event is the same however often it is sent.
        return [RatingFact(f"{one.source}|{one.id}", event.period, event.data_at, event.moved, one.sequence)]
    if isinstance(event, scoring.SchoolListed | scoring.SchoolDelisted):
        return [_school(event, one.id)] if event.list == "low_results" and not event.quiet else []
    return _step(event)


def _step(event: Event) -> list[Told]:
    """A step of publication."""
    if isinstance(event, scoring.ScoreDrafted | scoring.ScorePublished):
        return [_announced(event)]
    if isinstance(event, scoring.ScoreWithdrawn):
        return [_withdrawn(event)]
    if isinstance(event, scoring.ObjectionRaised):
        return [_raised(event)]
    return [_answered(event)] if isinstance(event, scoring.ObjectionAnswered) else []


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


def _school(event: scoring.SchoolListed | scoring.SchoolDelisted, identity: str) -> SchoolFact:
    """A list has no revision; the identity of its event is the same however often it is sent."""
    return SchoolFact(
        kind=LISTED if isinstance(event, scoring.SchoolListed) else DELISTED,
        id=f"school:{identity}",
        municipality=event.municipality or NOBODYS,
        period=event.period,
        school=event.school,
        criteria=event.criteria,
        thresholds=event.thresholds,
        causes=tuple(ResultCause(cause.result, cause.revision, cause.procedure) for cause in event.causes),
        causes_count=event.causes_count,
    )


def _announced(event: scoring.ScoreDrafted | scoring.ScorePublished) -> EditionFact:
    published = isinstance(event, scoring.ScorePublished)
    kind = PUBLISHED if published else DRAFTED
    return EditionFact(
        kind=kind,
        id=f"{event.edition}:{event.municipality}:{kind}",
        municipality=event.municipality,
        period=event.period,
        edition=event.edition,
        before=_standing(event.before) if event.before else None,
        after=_standing(event.after),
        reply_until=None if isinstance(event, scoring.ScorePublished) else event.reply_until.isoformat(),
        act_number=event.act_number if isinstance(event, scoring.ScorePublished) else None,
        act_date=event.act_date.isoformat() if isinstance(event, scoring.ScorePublished) else None,
    )


def _withdrawn(event: scoring.ScoreWithdrawn) -> EditionFact:
    """A score that counts no more is not compared with anything."""
    return EditionFact(
        kind=WITHDRAWN,
        id=f"{event.edition}:{event.municipality}:{WITHDRAWN}",
        municipality=event.municipality,
        period=event.period,
        edition=event.edition,
        objections=event.objections,
    )


def _raised(event: scoring.ObjectionRaised) -> EditionFact:
    return EditionFact(
        kind=RAISED,
        id=f"{event.objection}:raised",
        municipality=event.municipality,
        period=event.period,
        edition=event.edition,
        objection=event.objection,
        group=event.group,
        procedure=event.procedure,
        indicator=event.indicator,
    )


def _answered(event: scoring.ObjectionAnswered) -> EditionFact:
    """An accepted objection is told again when its correction is known."""
    corrected = event.result is not None or event.applicability is not None
    return EditionFact(
        kind=ANSWERED,
        id=f"{event.objection}:{'corrected' if corrected else event.decision}",
        municipality=event.municipality,
        period=event.period,
        edition=event.edition,
        objection=event.objection,
        decision=event.decision,
        result=event.result,
        result_revision=event.revision,
        applicability=event.applicability,
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


def _news_of(fact: AdviceFact) -> list[Told]:
    """That it was drafted, and that it was issued; of later steps the item says where they stand."""
    if fact.state == "drafted":
        return [fact]
    if fact.state != "issued":
        return []
    named = {one: getattr(fact, one) for one in ("municipality", "period", "group", "score_revision")}
    return [IssuedFact(fact.id, **named, before_level=fact.before_level, after_level=fact.after_level)]


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


def _organization(event: OrganizationState) -> NameFact:
    return NameFact(ORGANIZATION, event.id, event.revision, (DatedName(event.name, None, ""),))
