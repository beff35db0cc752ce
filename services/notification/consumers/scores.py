"""What scoring told, in notification's own words: scores, ratings, school lists, steps of publication."""

from services.notification.domain import (
    ANSWERED,
    DRAFTED,
    PUBLISHED,
    RAISED,
    WITHDRAWN,
    EditionFact,
    GroupChange,
    RatingFact,
    ResultCause,
    SchoolFact,
    ScoreFact,
    Standing,
    Told,
)
from services.notification.domain.schools import DELISTED, LISTED, NOBODYS
from services.scoring import events as scoring
from shared.kernel import Event, Heard


def told_by(one: Heard[Event]) -> list[Told]:
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
