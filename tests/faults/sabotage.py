"""Services with one guarantee broken on purpose: the crash tests must go red on each of them.

Each function is an application factory; the platform starts it in the place of the real one.
"""

import inspect
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from fastapi import FastAPI

from services.monitoring import app as monitoring
from services.scoring import app as scoring
from services.scoring.domain.draft import Draft
from services.scoring.domain.placing import hold, place
from shared.batch import Batch
from shared.broker import connection
from shared.broker.consumer import Consumer
from shared.kernel import Unavailable
from shared.mongo import Database, Document, Tx, UpdateOne
from shared.relay import Handover, Lease, Outbox
from shared.settings import Settings
from tests.faults.pause import pause

Body = Callable[[Tx], Awaitable[Any]]


def place_before_work() -> FastAPI:
    """Scoring stores the place of a batch first, and then what follows from the batch."""
    genuine = Database.transact

    async def transact(self: Database, body: Body, *, batch: Batch[Any] | None = None, deadline: float = 20.0) -> Any:
        if batch is not None and batch.reach:
            await genuine(self, _nothing, batch=_place_of(batch))
            await pause(1.0)  # so that it is killed within
            batch.reach = {}
        return await genuine(self, body, batch=batch, deadline=deadline)

    _patch(Database, "transact", transact)
    return scoring.create()


def relays_without_lease() -> FastAPI:
    """Every worker of monitoring sends, and nobody minds the sequence."""
    genuine = Outbox.page

    async def acquire(self: Lease) -> bool:
        del self
        return True

    async def keep(self: Lease, *tx: Tx) -> None:
        del self, tx

    async def page(self: Outbox, after: Document | None, *, by_others: bool = False) -> list[Document]:
        await pause(0.5)
        rows = await genuine(self, after, by_others=by_others)
        random.shuffle(rows)
        return rows

    def put(self: Handover, rows: Sequence[Document]) -> None:
        del rows
        self.doubt()

    for name, broken in {"acquire": acquire, "renew": keep, "hold": keep}.items():
        _patch(Lease, name, broken)
    _patch(Outbox, "page", page)
    _patch(Handover, "put", put)
    return monitoring.create()


def unacknowledged() -> FastAPI:
    """Monitoring's relay does not wait for the broker: acks=0, not idempotent."""

    def make_producer(settings: Settings, client_id: str) -> AIOKafkaProducer:
        return AIOKafkaProducer(bootstrap_servers=list(settings.kafka), client_id=client_id, acks=0)

    _patch(connection, "make_producer", make_producer)
    return monitoring.create()


def acknowledged_on_error() -> FastAPI:
    """Scoring gives a batch up soon and goes on behind it, although it could not store it."""
    genuine, transact = Consumer._patiently, Database.transact

    async def patiently(self: Consumer, batch: Batch[Any]) -> None:
        try:
            await self._handling.carefully(batch)
        except Unavailable:
            await genuine(self, _place_of(batch))

    async def hastily(self: Database, body: Body, *, batch: Batch[Any] | None = None, deadline: float = 20.0) -> Any:
        if batch is None or not batch.heard:
            return await transact(self, body, batch=batch, deadline=deadline)
        await pause(1.0)  # so that MongoDB falls asleep while a batch is in hand
        return await transact(self, body, batch=batch, deadline=0.5)

    _patch(Consumer, "_patiently", patiently)
    _patch(Database, "transact", hastily)
    return scoring.create()


def revisions_unchecked() -> FastAPI:
    """Scoring lets whatever comes count, also what is older than what it knows."""

    def take(self: Any, fact: Any) -> bool:
        before = self.procedures[fact.procedure]
        rest = [held for held in before.known() if held.result != fact.result]
        rest.append(hold(fact, self.methodology.procedures[fact.procedure]))
        where = {"municipality": self.card.municipality, "period": self.card.period}
        after = place(fact.procedure, rest, methodology=self.methodology, **where)
        self.procedures[fact.procedure] = after
        self.applied.append(fact)
        if before.state != after.state or before.points != after.points:
            self.movers.append(fact)
            self.touched.add(self.methodology.group_of[fact.procedure])
        return True

    _patch(Draft, "take", take)
    return scoring.create()


def places_not_compared() -> FastAPI:
    """A worker of scoring stores its place whatever place is stored."""
    genuine = Database.transact

    def advance(self: Tx, batch: Batch[Any]) -> None:
        reach: Mapping[str, tuple[int, int]] = batch.reach
        operations = [
            UpdateOne({"_id": f"{batch.group}|{name}"}, {"$set": {"next": reached, "at": self.now}})
            for name, (_, reached) in reach.items()
        ]
        self.put("positions", operations)
        self._buried.extend(batch.spoiled)
        self._keep_dead(batch)

    async def transact(self: Database, body: Body, *, batch: Batch[Any] | None = None, deadline: float = 20.0) -> Any:
        if batch is not None:
            # So that the worker falls asleep with a batch in hand; two attempts at it are less than a rebalance waits.
            await pause(2.0)
        return await genuine(self, body, batch=batch, deadline=deadline)

    _patch(Tx, "advance", advance)
    _patch(Database, "transact", transact)
    return scoring.create()


def _place_of(batch: Batch[Any]) -> Batch[Any]:
    return Batch(group=batch.group, dlq=batch.dlq, heard=(), reach=batch.reach)


async def _nothing(tx: Tx) -> None:
    del tx


def _patch(owner: Any, name: str, broken: Any) -> None:
    """Break what is there; a name that is not there any more would break nothing and prove nothing."""
    if not hasattr(owner, name):
        raise AttributeError(f"{owner!r} has no {name}: the sabotage is out of date")
    if inspect.iscoroutinefunction(getattr(owner, name)) != inspect.iscoroutinefunction(broken):
        raise TypeError(f"{owner!r}.{name} is awaited otherwise: the sabotage is out of date")
    taken = inspect.signature(getattr(owner, name)).parameters.values()
    by_name = {one.name: None for one in taken if one.kind is one.KEYWORD_ONLY}
    # Called as the genuine one is; TypeError where it is out of date.
    inspect.signature(broken).bind(*[None for one in taken if one.kind is one.POSITIONAL_OR_KEYWORD], **by_name)
    setattr(owner, name, broken)
