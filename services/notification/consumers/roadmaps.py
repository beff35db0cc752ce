"""What road maps told, in notification's own words: recommendations, activities and what is left of them."""

from collections.abc import Sequence

from services.notification.domain import (
    AdviceFact,
    IssuedFact,
    LeftFact,
    NearDeadline,
    PlanFact,
    PlannedFact,
    Told,
)
from services.roadmap import events as roadmap


def advice_of(event: roadmap.RecommendationState) -> AdviceFact | None:
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


def news_of(fact: AdviceFact) -> list[Told]:
    """That it was drafted, and that it was issued; of later steps the item says where they stand."""
    if fact.state == "drafted":
        return [fact]
    if fact.state != "issued":
        return []
    named = {one: getattr(fact, one) for one in ("municipality", "period", "group", "score_revision")}
    return [IssuedFact(fact.id, **named, before_level=fact.before_level, after_level=fact.after_level)]


def plan_of(event: roadmap.ActivityPlanned | roadmap.ActivityReported) -> PlanFact:
    if isinstance(event, roadmap.ActivityReported):
        until = event.declined_on.isoformat() if event.declined_on else None
        return LeftFact(event.activity, event.revision, event.municipality, _windows(event.left), until)
    return PlannedFact(
        activity=event.activity,
        revision=event.revision,
        roadmap=event.roadmap,
        region=event.region,
        municipality=event.municipality,
        place=event.place,
        number=event.task_number,
        title=event.title,
        windows=_windows(event.windows),
        cancelled=event.cancelled,
    )


def _windows(told: Sequence[roadmap.ActivityWindow]) -> tuple[tuple[str, str], ...]:
    return tuple((one.start.isoformat(), one.end.isoformat()) for one in told)
