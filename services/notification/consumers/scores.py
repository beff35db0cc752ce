"""What scoring told, in notification's own words: scores, ratings, school lists, steps of publication."""

from collections.abc import Iterable, Mapping

from services.notification.domain import (
    ANSWERED,
    DRAFTED,
    FROZEN,
    PUBLISHED,
    RAISED,
    WHOLE,
    WITHDRAWN,
    Counts,
    EditionFact,
    GroupChange,
    RatingFact,
    ResultCause,
    RuleCause,
    SchoolFact,
    ScoreFact,
    Standing,
    Told,
    step_id,
)
from services.notification.domain.schools import DELISTED, LISTED, NOBODYS
from services.scoring import events as scoring
from shared.kernel import Event, Heard

EditionStep = scoring.EditionDrafted | scoring.EditionFrozen | scoring.EditionPublished | scoring.EditionWithdrawn
EDITION_STEPS = (scoring.EditionDrafted, scoring.EditionFrozen, scoring.EditionPublished, scoring.EditionWithdrawn)
_KINDS: Mapping[type[Event], str] = dict(zip(EDITION_STEPS, (DRAFTED, FROZEN, PUBLISHED, WITHDRAWN), strict=True))


def told_by(one: Heard[Event]) -> list[Told]:
    """What scoring told, as people hear of it."""
    event = one.event
    if isinstance(event, scoring.ScoreChanged):
        return [_score(event)]
    if isinstance(event, scoring.RatingChanged):
        # A rating has no revision; the identity of its event is the same however often it is sent.
        return [
            RatingFact(
                id=f"{one.source}|{one.id}",
                period=event.period,
                data_at=event.data_at,
                moved=event.moved,
                sequence=one.sequence,
                region=event.region,
                quiet=event.quiet,
            )
        ]
    if isinstance(event, scoring.SchoolListed | scoring.SchoolDelisted):
        return [_school(event, one.id)] if event.list == "low_results" and not event.quiet else []
    return _step(event)


def _step(event: Event) -> list[Told]:
    """A step of publication."""
    if isinstance(event, EDITION_STEPS):
        # An earlier version of scoring told no counts, and each municipality's item to everybody.
        return [_whole(event)] if event.counts is not None else []
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
        methodology_title=event.methodology_title,
        changes=tuple(
            GroupChange(change.group, _standing(change.before), _standing(change.after)) for change in event.changes
        ),
        causes=_causes(event.causes),
        causes_count=event.causes_count,
        data_at=event.data_at,
        quiet=event.quiet,
        rules=tuple(RuleCause(rule.kind, rule.id, rule.procedure, rule.act, rule.withdrawn) for rule in event.rules),
    )


def _causes(told: Iterable[scoring.ResultCause]) -> tuple[ResultCause, ...]:
    return tuple(ResultCause(one.result, one.revision, one.procedure, one.withdrawn) for one in told)


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
        causes=_causes(event.causes),
        causes_count=event.causes_count,
    )


def _whole(event: EditionStep) -> EditionFact:
    """The step as a whole, for whoever sees all municipalities."""
    kind, published = _KINDS[type(event)], event if isinstance(event, scoring.EditionPublished) else None
    return EditionFact(
        kind=kind,
        id=step_id(event.edition, kind),
        municipality=WHOLE,
        period=event.period,
        edition=event.edition,
        reply_until=event.reply_until.isoformat() if isinstance(event, scoring.EditionDrafted) else None,
        act_number=published.act_number if published else None,
        act_date=published.act_date.isoformat() if published else None,
        counts=Counts(**event.counts.model_dump()) if event.counts else None,
        previous=published.previous if published else None,
        region=event.region,
    )


def _announced(event: scoring.ScoreDrafted | scoring.ScorePublished) -> EditionFact:
    published = isinstance(event, scoring.ScorePublished)
    kind = PUBLISHED if published else DRAFTED
    return EditionFact(
        kind=kind,
        id=f"{event.edition}:{event.municipality}:{kind}",
        digest=_digest(event, kind),
        municipality=event.municipality,
        period=event.period,
        edition=event.edition,
        before=_standing(event.before) if event.before else None,
        after=_standing(event.after),
        reply_until=None if isinstance(event, scoring.ScorePublished) else event.reply_until.isoformat(),
        act_number=event.act_number if isinstance(event, scoring.ScorePublished) else None,
        act_date=event.act_date.isoformat() if isinstance(event, scoring.ScorePublished) else None,
    )


def _digest(event: scoring.ScoreDrafted | scoring.ScorePublished | scoring.ScoreWithdrawn, kind: str) -> str | None:
    """The step as a whole, where it is told: who sees all municipalities hears of that instead of each."""
    return step_id(event.edition, kind) if event.whole else None


def _withdrawn(event: scoring.ScoreWithdrawn) -> EditionFact:
    """A score that counts no more is not compared with anything."""
    return EditionFact(
        kind=WITHDRAWN,
        id=f"{event.edition}:{event.municipality}:{WITHDRAWN}",
        digest=_digest(event, WITHDRAWN),
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
