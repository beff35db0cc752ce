"""Activities: how they stand on a day, evidence that one was done, the answer that one takes no part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.roadmap import domain
from services.roadmap.domain import Declined, Evidence, Line, Withdrawn
from services.roadmap.usecases.heavy import Heavy
from services.roadmap.usecases.naming import Naming
from services.roadmap.usecases.planning import checked, unknown_activity
from services.roadmap.usecases.ports import Answer, Plans, State
from services.roadmap.usecases.showing import Shown, revision_of, show_line
from services.roadmap.usecases.siding import Side, Siding, foreign
from shared.calendar import day_of
from shared.kernel import Repeat
from shared.policy import Actor, decide
from shared.ports import Clock
from shared.telemetry import current_cause

Place = Sequence[Any]


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

    def __init__(self, plans: Plans, naming: Naming, heavy: Heavy, *, clock: Clock) -> None:
        self._plans = plans
        self._heavy = heavy
        self._naming = naming
        self._siding = Siding(plans, naming)
        self._clock = clock

    async def page(
        self, asked: Asked, *, actor: Actor, place: Place | None, limit: int
    ) -> tuple[list[Shown], list[Any] | None]:
        """A page by nearest deadline, and where the next one begins."""
        found = await self.lines(asked, actor=actor)
        rest = [one for one in found if place is None or [*one.order, one.activity.id] > list(place)]
        shown, more = rest[:limit], len(rest) > limit
        names = await self._naming.names(asked.on or self._today(), *(one.execution.side for one in shown))
        items = [show_line(one, names, reader=actor) for one in shown]
        return items, [*shown[-1].order, shown[-1].activity.id] if more else None

    async def lines(self, asked: Asked, *, actor: Actor) -> list[Line]:
        """Every activity that is asked about and concerns the side, nearest deadlines first."""
        day = asked.on or self._today()
        side = await self._siding.reader(asked.municipality, asked.roadmap, actor, day)
        where: dict[str, Any] = {"roadmap": asked.roadmap} if asked.roadmap else {}
        if side:
            where |= {"region": side.region, "municipality": {"$in": [None, side.id]}}
        if where:
            found = await self._plans.lines(where, side, on=day)
        else:
            async with self._heavy.turn(actor):
                found = await self._plans.lines(where, side, on=day)
        if asked.due_before is not None:
            found = domain.due_until(found, asked.due_before)
        return [one for one in found if asked.state in {None, one.state}]

    async def one(self, activity: str, *, municipality: str | None, on: date | None, actor: Actor) -> tuple[Shown, int]:
        """One activity on a side, and the revision to name in a change of it.

        Where it is not that municipality's business and nothing was said of it: NotFound, or how the region itself
        stands where nobody was named.
        """
        day = on or self._today()
        side = await self._siding.of(activity, municipality, actor, day)
        line = await self._line(activity, side, day)
        if side.whose is not None and not (line.concerns or line.execution.revision):
            if municipality is not None:
                raise foreign(activity, side.whose, day)
            line = await self._line(activity, Side(line.activity.municipality, side.roadmap), day)
        names = await self._naming.names(day, line.execution.side)
        return show_line(line, names, reader=actor), revision_of(line)

    async def report(
        self, given: Given, evidence: Callable[[datetime], Evidence], *, actor: Actor, repeat: Repeat | None
    ) -> Answer:
        """Keep evidence that an activity was done; `item`, `revision`, `made`."""
        today = self._today()

        def change(state: State, now: datetime, side: Side) -> State:
            told, begin = evidence(now), side.roadmap.start if side.roadmap else None
            free = side.free(state[0], told.done_on)
            return state[0], domain.report(*state, told, today=today, begin=begin, free=free)

        return await self._change(given, "activity.report", change, actor=actor, repeat=repeat)

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
            lambda state, now, _: (state[0], domain.withdraw(state[1], number, withdrawn(now))),
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
            lambda state, now, _: (state[0], domain.decline(*state, declined(now), dated=dated)),
            actor=actor,
            repeat=repeat,
        )

    async def _change(
        self, given: Given, action: str, change: Callable[[State, datetime, Side], State], *,
        actor: Actor, repeat: Repeat | None,
    ) -> Answer:  # fmt: skip
        today = self._today()
        side = await self._siding.of(given.activity, given.municipality, actor, today)
        decide(actor, action, {"municipality": side.id})
        names = await self._naming.names(today, side.id)

        def decided(state: State | None, now: datetime) -> State:
            return change(checked(state, given.activity, given.expected), now, side)

        def shown(state: State, made: bool) -> Answer:  # noqa: FBT001 - the store calls it so
            line = side.line(*state, today)
            return {"item": show_line(line, names, reader=actor), "revision": revision_of(line), "made": made}

        cause = current_cause()
        return await self._plans.change(given.activity, side.id, decided, repeat=repeat, answer=shown, cause=cause)

    async def _line(self, activity: str, side: Side, day: date) -> Line:
        found = await self._plans.activity(activity)
        if found is None:
            raise unknown_activity(activity)
        return side.line(found, await self._plans.execution(activity, side.id), day)

    def _today(self) -> date:
        return day_of(self._clock())
