"""The way of an edition: drafted, frozen, published by an act, or withdrawn."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from services.scoring.domain import OVERALL
from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.publication import (
    DRAFT,
    FROZEN,
    Act,
    Edition,
    Plan,
    announcing,
    closed,
    draft,
    freeze,
    publish,
    supersede,
    table_in,
    withdraw,
)
from services.scoring.domain.publication.writing import Decided, Seen
from services.scoring.usecases.overtaken import again
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.publication.naming import By, Named, answer_of, fresh, seen_by
from services.scoring.usecases.publication.papers import Papers
from services.scoring.usecases.publication.published import Published
from services.scoring.usecases.state import State
from shared.kernel import Change
from shared.ports import Clock

ATTEMPTS = 3
Answer = Mapping[str, Any]


class Acting:
    """What operators and the ministry do with editions."""

    def __init__(self, store: Keeps, state: State, published: Published, *, papers: Papers, clock: Clock) -> None:
        self._store = store
        self._state = state
        self._published = published
        self._papers = papers
        self._clock = clock
        self._computing = Computing(store, state)

    async def draft(self, plan: Plan, by: By) -> Answer:
        """Send the rating of a region and period, as it stands now, to the municipalities for reply."""
        return await again(lambda: self._draft(plan, by), attempts=ATTEMPTS)

    async def _draft(self, plan: Plan, by: By) -> Answer:
        course = await self._store.course(plan.league)
        named = course.following
        content, made = await self._computing.content(named, plan.league, stage=DRAFT, as_of=self._clock())
        overall, before = table_in(content.body, OVERALL), await self._overall(course.last)

        def decide(seen: Seen) -> Decided:
            change = draft(seen.course, plan, made, by=by.account)
            if change.state.id != named:
                raise Overtaken("an edition was drafted")
            whole = announcing.counted(change.events, overall, before, 0)
            told = announcing.drafted(change.state, overall, before)
            return Decided(change.state, (*whole, *told), content=content)

        return await self._store.decide_edition(
            league=plan.league,
            decide=decide,
            cause=by.cause,
            repeat=by.repeat,
            answer=partial(answer_of, reader=by.actor),
        )

    async def freeze(self, named: Named, by: By) -> Answer:
        """Fix the instant and the content, once the time of reply is over and every objection is settled."""
        found = seen_by(await self._store.edition(named.edition), named.edition, by.actor)
        content, made = await self._computing.content(found.id, found.league, stage=FROZEN, as_of=self._clock())
        overall, last = table_in(content.body, OVERALL), await self._overall(found.previous)

        def decide(seen: Seen) -> Decided:
            before = seen_by(seen.edition, named.edition, by.actor)
            change = freeze(before, seen.unsettled, made, by=by.account)
            told = announcing.counted(change.events, overall, last, change.state.objections)
            return fresh(Decided(change.state, told, content=content), before, named)

        return await self._change(named, decide, by)

    async def publish(self, named: Named, act: Act, by: By) -> Answer:
        """Publish a frozen edition: its files are made and signed, the edition before it is superseded."""
        answer = await again(lambda: self._publish(named, act, by), attempts=ATTEMPTS)
        await self._state.load_registers()
        return answer

    async def _publish(self, named: Named, act: Act, by: By) -> Answer:
        """A repeat is answered in the store, where its answer is kept, whatever became of the edition since."""
        found, now = seen_by(await self._store.edition(named.edition), named.edition, by.actor), self._clock()
        prepared = await self._prepared(publish(found, act, by=by.account, now=now)) if found.state == FROZEN else None

        def decide(seen: Seen) -> Decided:
            before = seen_by(seen.edition, named.edition, by.actor)
            if before != found:
                raise Overtaken("the edition was changed")
            if prepared is None:
                return Decided(publish(before, act, by=by.account, now=now).state)
            replaced = supersede(seen.previous, before.id, by=by.account, now=now) if seen.previous else None
            return fresh(replace(prepared, superseded=replaced), before, named)

        return await self._change(named, decide, by)

    async def _prepared(self, planned: Change[Edition]) -> Decided:
        """What is made and told of an edition that is being published."""
        told = await self._announced(planned)
        files = await self._papers.made(planned.state, await self._published.open(planned.state.id))
        return Decided(planned.state, told, files=files)

    async def withdraw(self, named: Named, reason: str, by: By) -> Answer:
        """Take back an edition that is not published yet: whoever was told of its draft is told, objections close."""
        found = seen_by(await self._store.edition(named.edition), named.edition, by.actor)
        drafted = await self._store.content(found.id, DRAFT)
        if drafted is None:
            raise LookupError(f"an edition without its draft: {found.id}")
        overall = table_in(drafted.body, OVERALL)

        def decide(seen: Seen) -> Decided:
            before = seen_by(seen.edition, named.edition, by.actor)
            change = withdraw(before, reason, by=by.account, now=seen.now)
            if not change.events:
                return Decided(before)
            left = tuple(closed(one, at=seen.now) for one in seen.unsettled)
            whole = announcing.counted(change.events, overall, None, len(left))
            told = announcing.withdrawn(change.state, overall, left)
            return fresh(Decided(change.state, (*whole, *told), closed=left), before, named)

        return await self._change(named, decide, by)

    async def _change(self, named: Named, decide: Callable[[Seen], Decided], by: By) -> Answer:
        return await self._store.decide_edition(
            edition=named.edition,
            decide=decide,
            cause=by.cause,
            repeat=by.repeat,
            answer=partial(answer_of, reader=by.actor),
        )

    async def _announced(self, planned: Change[Edition]) -> tuple[Any, ...]:
        edition = planned.state
        overall, before = await self._overall(edition.id), await self._overall(edition.previous)
        if edition.act is None or overall is None:
            return planned.events
        whole = announcing.counted(planned.events, overall, before, edition.objections)
        return (*whole, *announcing.published(edition, edition.act, overall, before))

    async def _overall(self, edition: str | None) -> Mapping[str, Any] | None:
        return None if edition is None else (await self._published.open(edition)).tables[OVERALL]
