"""One service process: what it stands on, started, drained and stopped in the same order everywhere."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from types import FrameType

import stamina
from fastapi import APIRouter, FastAPI

from shared import operations
from shared.auth import Tokens, fetch_over_http
from shared.broker import Consumer, Kafka, Listener
from shared.ending import end_where_broken
from shared.kernel import Event, Unavailable
from shared.mongo import Database, Mongo, Schema
from shared.mongo.client import new_id, utc_now
from shared.mongo.restoring import HalfRestored, refuse_half_restored
from shared.ports import Clock, Ids
from shared.relay import Relay, outbox_state
from shared.settings import Settings, SettingsWrong
from shared.telemetry import configure_logs, log, metrics, start_tracing
from shared.web.application import create_app
from shared.web.health import Health

Work = Callable[[], Awaitable[None]]
COLLECT = (5_000, 4, 2)
FIRST_READY = 15.0
MEASURE_SECONDS = 2.0


class Service:
    """Collects what a service is made of and turns it into a running app; `schemas` is None where it stores nothing.

    Start: MongoDB → read models → consumers → relay → ready. Stop: not ready → streams end → the batch in hand is
    stored → the relay sends its page and gives its lease back → MongoDB is closed.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        title: str,
        schemas: Sequence[Schema] | None,
        clock: Clock = utc_now,
        ids: Ids = new_id,
    ) -> None:
        self.name, self.title, self.settings = name, title, settings
        self.clock, self.ids = clock, ids
        self.instance = settings.instance or f"{name}-1"
        self.health = Health()
        self.draining = asyncio.Event()
        configure_logs(service=name, instance=self.instance, level=settings.log_level)
        self._stores = schemas is not None
        self.mongo = Mongo(settings.mongo.get_secret_value(), clock=clock, ids=ids, by=self.instance)
        self.database: Database = self.mongo.database(name, schemas or ())
        self.kafka = Kafka(settings, name, self.instance)
        self.relay = Relay(self.database, owner=self.instance, producer=self.kafka.producer)
        self._warm: list[Work] = []
        self._background: list[Work] = []
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self, *listeners: Listener) -> None:
        """Consume these groups, where this process works at all."""
        if self.settings.works:
            for listener in listeners:
                self.kafka.listen(listener, self.database)

    def warm(self, work: Work) -> None:
        """Do this before the service is ready; done again while MongoDB is away."""
        self._warm.append(work)

    def background(self, work: Work) -> None:
        """Run this for as long as the service runs."""
        self._background.append(work)

    def app(
        self, uses: object, *, routers: Sequence[APIRouter], tells: Sequence[type[Event]], hears: Sequence[type[Event]]
    ) -> FastAPI:
        """The application, which starts everything in its lifespan and nothing before."""
        app = create_app(
            service=self.name,
            title=self.title,
            settings=self.settings,
            health=self.health,
            lifespan=self._lifespan,
            routers=[*routers, *([operations.router] if self._stores else [])],
            told=tells,
            heard=hears,
            tokens=Tokens(
                issuer=self.settings.issuer,
                audience=self.settings.audience,
                fetch=fetch_over_http(issuer=self.settings.issuer, jwks=self.settings.jwks),
                clock=self.clock,
            ),
        )
        app.state.uses = uses
        app.state.platform = self
        if self._stores:
            metrics.STORE_ANSWERED.labels(self.name).set_to_current_time()
            _register_checks(self)
        return app

    @property
    def consumers(self) -> Sequence[Consumer]:
        """The consumer groups of this process."""
        return self.kafka.consumers

    @asynccontextmanager
    async def _lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        del app
        start_tracing(service=self.name, instance=self.instance)
        on_termination(self._drain)
        boot = asyncio.create_task(self._boot(), name="boot")
        self._tasks = [boot]
        # Requests wait for the first start for a while; where MongoDB is away they get 503 instead.
        await asyncio.wait([boot], timeout=FIRST_READY)
        try:
            yield
        finally:
            await self._stop()

    async def _boot(self) -> None:
        if self._stores:
            await _again_and_again(self._prepare)
        if self._stores and self.settings.works:
            self.relay.start()
            self.kafka.start()
            ending = end_where_broken(self.kafka.broken, drain_seconds=self.settings.drain_seconds)
            self._tasks.append(asyncio.create_task(ending, name="end-where-broken"))
        self._tasks += [asyncio.create_task(_forever(work), name=work.__qualname__) for work in self._background]
        if self._stores:
            self._tasks.append(asyncio.create_task(_forever(self._measuring), name="measure"))
        await self._until_consuming()
        self.health.started = True
        metrics.UP_SINCE.set_to_current_time()
        log.info("service.ready")

    async def _prepare(self) -> None:
        """What must be done before the first request and the first batch."""
        await self.mongo.ping()
        await refuse_half_restored(self.database)
        if orphans := await self.mongo.end_orphans():
            log.warning("mongo.orphans-ended", transactions=orphans)
        for work in self._warm:
            await work()
        # Read models live as long as the process: the collector need not walk them again and again.
        gc.freeze()
        # A batch makes many objects and few cycles: walk them seldom, yet before memory is seen to grow.
        gc.set_threshold(*COLLECT)

    async def _until_consuming(self) -> None:
        """Ready means that events flow; where Kafka is away the service becomes ready without it after a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_READY):
                while self.consumers and not self.kafka.assigned():  # noqa: ASYNC110 - aiokafka tells nobody
                    await asyncio.sleep(0.02)

    async def _stop(self) -> None:
        self.health.draining = True
        self.draining.set()
        if self._stores:
            await _stopped(self.kafka.stop)
            await _stopped(self.relay.stop)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.mongo.close()
        log.info("service.stopped")

    async def _measuring(self) -> None:
        await measure(self.database, self.consumers)
        metrics.STORE_ANSWERED.labels(self.name).set_to_current_time()
        await asyncio.sleep(MEASURE_SECONDS)

    def _drain(self) -> None:
        self.health.draining = True
        self.draining.set()


async def _again_and_again(work: Work) -> None:
    """Until it is done; whatever stands in the way is logged: an unready process must say why."""
    trying = stamina.retry_context(on=Exception, attempts=None, timeout=None, wait_initial=0.1, wait_max=2.0)
    async for attempt in trying:
        with attempt:
            try:
                await work()
            except (SettingsWrong, HalfRestored) as wrong:
                # Nothing but a person's hand helps, though this process may live to see it.
                log.critical("service.unfit", reason=str(wrong))
                raise


async def _stopped(step: Work) -> None:
    """One step of the stop: where it fails, the others are taken all the same."""
    try:
        await step()
    except Exception:  # noqa: BLE001 - as said
        log.exception("service.stop-failed", step=step.__qualname__)


def _register_checks(service: Service) -> None:
    """What health is asked of; requests are still taken without Kafka, because the outbox absorbs."""

    async def answers() -> bool:
        await service.mongo.ping()
        return True

    health, kafka = service.health, service.kafka
    health.alive("consumers", kafka.alive)
    health.ready("mongodb", answers)
    if service.settings.works:
        health.wanted("consuming", lambda: not service.consumers or (kafka.assigned() and kafka.answers()))
        health.wanted("positions", lambda: not kafka.halted())
        health.wanted("relay", service.relay.alive)


def on_termination(drain: Callable[[], None]) -> None:
    """Streams must end when the server is told to stop, before it waits for open connections."""
    before = signal.getsignal(signal.SIGTERM)
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(drain)
        if callable(before):
            before(number, frame)

    with contextlib.suppress(ValueError):  # not the main thread: an in-process test
        signal.signal(signal.SIGTERM, handle)


async def measure(database: Database, consumers: Sequence[Consumer]) -> None:
    """Set the gauges that nobody updates by doing something: the outbox, lag, open dead letters."""
    depth, age = await outbox_state(database)
    metrics.OUTBOX_DEPTH.labels(database.name).set(depth)
    metrics.OUTBOX_AGE.labels(database.name).set(age)
    for consumer in consumers:
        consumer.measure_lag()
        group = consumer.listener.group
        waiting = await database.count("dead_letters", {"group": group, "state": "new"})
        metrics.DEAD_LETTERS_OPEN.labels(group).set(waiting)


async def _forever(work: Work) -> None:
    """Run again and again; trouble that passes by itself is waited out, a bug is told and tried again."""
    while True:
        try:
            await work()
        except Unavailable:
            await asyncio.sleep(1.0)
        except Exception:  # noqa: BLE001 - one background task must not end in silence
            log.exception("background.failed", work=work.__qualname__)
            await asyncio.sleep(1.0)
