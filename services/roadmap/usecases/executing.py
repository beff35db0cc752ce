"""Activities: how they stand on a day, evidence that one was done, the answer that one takes no part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.roadmap import domain
from services.roadmap.domain import Declined, Evidence, Line, Municipality, Withdrawn
from services.roadmap.usecases.naming import Naming
from services.roadmap.usecases.planning import checked, unknown_activity
from services.roadmap.usecases.ports import Answer, Plans, State
from services.roadmap.usecases.showing import Shown, revision_of, show_line
from shared.calendar import day_of
from shared.kernel import NotFound, Repeat
from shared.policy import Actor, actor_may, decide
from shared.ports import Clock
from shared.telemetry import current_cause

Place = Sequence[Any]
DETAILS = "evidence.read"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which activities: of whom, standing how on which day, due until when."""

    municipality: str | None = None
    on: date | None = None
    due_before: date | None = None
    roadmap: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody says about an activity; `municipality` as written, None for one's own side."""

    activity: str
    municipality: str | None
    expected: int


class Executing:
    """Reading activities and saying what became of them."""

    def __init__(self, plans: Plans, naming: Naming, *, clock: Clock) -> None:
        self._plans = plans
        self._naming = naming
        self._clock = clock

    async def page(
        self, asked: Asked, *, actor: Actor, place: Place | None, limit: int
    ) -> tuple[list[Shown], list[Any] | None]:
        """A page by nearest deadline, and where the next one begins."""
        found = await self.lines(asked, actor=actor)
        rest = [one for one in found if place is None or [*one.order, one.activity.id] > list(place)]
        shown, more = rest[:limit], len(rest) > limit
        names = await self._naming.names(asked.on or self._today(), *(one.execution.side for one in shown))
        items = [show_line(one, names, detailed=_detailed(one, actor)) for one in shown]
        return items, [*shown[-1].order, shown[-1].activity.id] if more else None

    async def lines(self, asked: Asked, *, actor: Actor) -> list[Line]:
        """Every activity that is asked about, nearest deadlines first."""
        day = asked.on or self._today()
        side = await self._reader(asked, actor, day)
        where: dict[str, Any] = {"roadmap": asked.roadmap} if asked.roadmap else {}
        if side:
            where |= {"region": side.region, "municipality": {"$in": [None, side.id]}}
        found = await self._plans.lines(where, side.id if side else None, on=day)
        if asked.due_before is not None:
            found = domain.due_until(found, asked.due_before)
        return [one for one in found if asked.state in {None, one.state}]

    async def one(self, activity: str, *, municipality: str | None, on: date | None, actor: Actor) -> tuple[Shown, int]:
        """One activity on a side, and the revision to name in a change of it."""
        day = on or self._today()
        side = await self._side(activity, municipality, actor, day)
        found = await self._plans.activity(activity)
        if found is None:
            raise unknown_activity(activity)
        line = domain.line(found, await self._plans.execution(activity, side), day)
        shown = show_line(line, await self._naming.names(day, side), detailed=_detailed(line, actor))
        return shown, revision_of(line)

    async def report(
        self, given: Given, evidence: Callable[[datetime], Evidence], *, actor: Actor, repeat: Repeat | None
    ) -> Answer:
        """Keep evidence that an activity was done; `item`, `revision`, `made`."""
        today, begin = self._today(), await self._begin(given.activity)
        return await self._change(
            given,
            "activity.report",
            lambda state, now: (state[0], domain.report(*state, evidence(now), today=today, begin=begin)),
            actor=actor,
            repeat=repeat,
        )

    async def withdraw(
        self,
        given: Given,
        number: int,
        withdrawn: Callable[[datetime], Withdrawn],
        *,
        actor: Actor,
        repeat: Repeat | None,
    ) -> Answer:
        """Take back evidence that was given by mistake; it stays readable and counts no more."""
        return await self._change(
            given,
            "evidence.withdraw",
            lambda state, now: (state[0], domain.withdraw(state[1], number, withdrawn(now))),
            actor=actor,
            repeat=repeat,
        )

    async def decline(
        self,
        given: Given,
        declined: Callable[[datetime], Declined],
        *,
        dated: bool,
        actor: Actor,
        repeat: Repeat | None,
    ) -> Answer:
        """Keep the answer that a municipality takes no part; `dated` where its day was named."""
        return await self._change(
            given,
            "activity.decline",
            lambda state, now: (state[0], domain.decline(*state, declined(now), dated=dated)),
            actor=actor,
            repeat=repeat,
        )

    async def _change(
        self, given: Given, action: str, change: Callable[[State, datetime], State], *,
        actor: Actor, repeat: Repeat | None,
    ) -> Answer:  # fmt: skip
        today = self._today()
        side = await self._side(given.activity, given.municipality, actor, today)
        decide(actor, action, {"municipality": side})
        names = await self._naming.names(today, side)

        def decided(state: State | None, now: datetime) -> State:
            return change(checked(state, given.activity, given.expected), now)

        def shown(state: State, made: bool) -> Answer:  # noqa: FBT001 - the store calls it so
            line = domain.line(*state, today)
            return {"item": show_line(line, names, detailed=True), "revision": revision_of(line), "made": made}

        cause = current_cause()
        return await self._plans.change(given.activity, side, decided, repeat=repeat, answer=shown, cause=cause)

    async def _reader(self, asked: Asked, actor: Actor, day: date) -> Municipality | None:
        """As whose activities are read: the named municipality's, else the reader's own where the map concerns it."""
        side = await self._naming.side(asked.municipality, actor, day)
        if side is None or asked.municipality is not None or asked.roadmap is None:
            return side
        found = await self._plans.roadmap(asked.roadmap)
        return None if found and not domain.concerns(found, side.id, side.region) else side

    async def _side(self, activity: str, municipality: str | None, actor: Actor, day: date) -> str | None:
        """On which side of an activity somebody speaks: the named one, else one's own where it is concerned.

        NotFound where the activity does not concern the municipality that is named.
        """
        found = await self._plans.activity(activity)
        if found is None:
            raise unknown_activity(activity)
        side = await self._naming.side(municipality, actor, day)
        if side is not None and domain.concerns(found, side.id, side.region):
            return side.id
        if side is not None and municipality is not None:
            detail = f"Мероприятие «{activity[:100]}» не относится к муниципалитету «{side.on(day).name}»."
            raise NotFound("activity-not-found", "Мероприятие не найдено", detail)
        return found.municipality

    async def _begin(self, activity: str) -> date | None:
        """The first day of an activity's road map."""
        found = await self._plans.activity(activity)
        roadmap = await self._plans.roadmap(found.roadmap) if found else None
        return roadmap.start if roadmap else None

    def _today(self) -> date:
        return day_of(self._clock())


def _detailed(line: Line, actor: Actor) -> bool:
    return actor_may(actor, DETAILS, {"municipality": line.execution.side})
