"""Recommendations: read within one's scope, issued or discarded by people, answered by their addressees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.roadmap.domain import Recommendation, Step
from services.roadmap.domain import recommendation as steps
from services.roadmap.usecases.naming import Naming, account
from services.roadmap.usecases.ports import Advice, Answer
from services.roadmap.usecases.showing import Shown, show_recommendation
from shared.calendar import day_of
from shared.kernel import Cause, Change, NotFound, Repeat, check_expected
from shared.policy import Actor, decide, scope_of
from shared.ports import Clock

READ = "recommendation.read"


@dataclass(frozen=True, slots=True)
class Named:
    """A recommendation, its revision as the writer has read it, who writes, and under which idempotency key."""

    recommendation: str
    expected: int
    actor: Actor
    cause: Cause
    repeat: Repeat | None = None


class Advising:
    """What people do with recommendations."""

    def __init__(self, advice: Advice, naming: Naming, *, clock: Clock) -> None:
        self._advice = advice
        self._naming = naming
        self._clock = clock

    async def page(
        self, *, actor: Actor, municipality: str | None, state: str | None, place: Sequence[Any] | None, limit: int
    ) -> tuple[list[Shown], list[Any] | None]:
        """A page of what the reader may see, newest first, and where the next one begins."""
        scope = scope_of(actor, READ)
        condition: dict[str, Any] = dict(scope.attributes)
        if municipality is not None:
            named = await self._naming.municipality(municipality, self._today())
            decide(actor, READ, {"municipality": named.id})
            condition["municipality"] = named.id
        if state is not None:
            condition["state"] = state
        found = await self._advice.page(condition, place=place, limit=limit + 1)
        names = await self._naming.names(self._today(), *(one.municipality for one in found))
        last = found[limit - 1] if len(found) > limit else None
        shown = [show_recommendation(one, names, reader=actor) for one in found[:limit]]
        return shown, [last.created_at.isoformat(), last.id] if last else None

    async def one(self, recommendation: str, *, actor: Actor) -> Shown:
        """One recommendation; NotFound also where it is not for this reader."""
        found = await self._advice.one(recommendation)
        if found is None or not scope_of(actor, READ).covers({"municipality": found.municipality}):
            raise _unknown(recommendation)
        names = await self._naming.names(self._today(), found.municipality)
        return show_recommendation(found, names, reader=actor)

    async def issue(self, named: Named, *, text: str | None) -> Answer:
        """Issue a draft, in the words given or in those of the draft."""
        return await self._go(
            named, "recommendation.issue", lambda one, now: steps.issue(one, _step(named, steps.ISSUED, now), text=text)
        )

    async def discard(self, named: Named, *, reason: str) -> Answer:
        """Discard a draft that is not needed, with the reason."""
        return await self._go(
            named,
            "recommendation.discard",
            lambda one, now: steps.discard(one, _step(named, steps.DISCARDED, now, note=reason)),
        )

    async def consider(self, named: Named, *, meeting: str, held_on: date) -> Answer:
        """Say at which meeting it was considered."""

        def change(one: Recommendation, now: datetime) -> Change[Recommendation]:
            step = _step(named, steps.CONSIDERED, now, note=meeting, on=held_on)
            return steps.consider(one, step, today=self._today())

        return await self._go(named, "recommendation.consider", change)

    async def accept(self, named: Named, *, reason: str | None) -> Answer:
        """Accept it after it was considered."""
        return await self._go(
            named,
            "recommendation.answer",
            lambda one, now: steps.accept(one, _step(named, steps.ACCEPTED, now, note=reason)),
        )

    async def decline(self, named: Named, *, reason: str) -> Answer:
        """Decline it after it was considered, with the reason."""
        return await self._go(
            named,
            "recommendation.answer",
            lambda one, now: steps.decline(one, _step(named, steps.DECLINED, now, note=reason)),
        )

    def _today(self) -> date:
        return day_of(self._clock())

    async def _go(
        self, named: Named, action: str, change: Callable[[Recommendation, datetime], Change[Recommendation]]
    ) -> Answer:
        stored = await self._advice.one(named.recommendation)
        names = await self._naming.names(self._today(), stored.municipality if stored else None)

        def decided(one: Recommendation | None, now: datetime) -> Change[Recommendation]:
            if one is None or not scope_of(named.actor, READ).covers({"municipality": one.municipality}):
                raise _unknown(named.recommendation)
            decide(named.actor, action, {"municipality": one.municipality})
            check_expected(named.expected, one.revision, read=f"/v1/recommendations/{one.id}")
            return change(one, now)

        def shown(one: Recommendation, made: bool) -> Answer:  # noqa: FBT001 - the store calls it so
            item = show_recommendation(one, names, reader=named.actor)
            return {"item": item, "revision": one.revision, "made": made}

        return await self._advice.change(
            named.recommendation, decided, cause=named.cause, repeat=named.repeat, answer=shown
        )


def _step(named: Named, state: str, now: datetime, *, note: str | None = None, on: date | None = None) -> Step:
    return Step(state=state, by=account(named.actor), at=now, note=note, on=on)


def _unknown(recommendation: str) -> NotFound:
    detail = f"Рекомендации «{recommendation[:200]}» нет среди доступных вам. Возьмите id из /v1/recommendations."
    return NotFound("recommendation-not-found", "Рекомендация не найдена", detail)
