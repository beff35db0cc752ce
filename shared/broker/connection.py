"""The one KafkaBroker and the one producer: every default that loses messages is set here."""

import asyncio
import contextlib
import logging
import ssl
from typing import Any

import stamina
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.message import AckStatus
from faststream.security import BaseSecurity, SASLScram512

from shared.broker.ahead import Polled
from shared.broker.bootstrapping import bootstrap_again, silent
from shared.broker.broken import broken, clear_away, reason
from shared.broker.consumer import Consumer
from shared.broker.fetched import expect_any_batch
from shared.broker.leaders import ask_leaders_only
from shared.broker.leaving import leave_when_closed
from shared.broker.listener import Listener
from shared.broker.sockets import expect_closed_sockets
from shared.broker.tls import by_authority
from shared.mongo import Database
from shared.settings import Settings
from shared.telemetry import log

# What leaving the groups and closing connections may take beside the batch in hand: what is stored is stored anyway.
CLOSING_SECONDS = 3.0
# A topic that was deleted and made again, or has more partitions, is noticed so soon (by default in five minutes).
METADATA_MS = 30_000

expect_closed_sockets()
expect_any_batch()
ask_leaders_only()
bootstrap_again()


class Kafka:
    """The broker of a process with its consumers; started in the background, so that HTTP works without Kafka."""

    def __init__(self, settings: Settings, service: str, instance: str) -> None:
        self._settings = settings
        self._instance = instance
        self._broker = KafkaBroker(
            list(settings.kafka),
            client_id=f"{service}-{instance}",
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_MS,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            graceful_timeout=float(settings.drain_seconds),
            apply_types=False,
            security=_security(settings),
            logger=logging.getLogger("faststream"),
        )
        self.consumers: list[Consumer] = []
        self._subscribers: list[Any] = []
        self._starting: asyncio.Task[None] | None = None
        self.started = False

    def listen(self, listener: Listener, database: Database) -> Consumer:
        """Add a consumer group; raw records go through, to be opened one by one."""
        consumer = Consumer(listener, database)
        subscriber: Any = self._broker.subscriber(
            *listener.topics,
            group_id=listener.group,
            group_instance_id=f"{self._instance}.{listener.group}",
            # Where Kafka has no such place, aiokafka would go elsewhere in silence: see `Polling.poll`.
            auto_offset_reset="none",
            isolation_level="read_committed",
            batch=True,
            max_records=listener.max_records,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=1_000,
            max_poll_interval_ms=300_000,
            rebalance_timeout_ms=20_000,
            listener=consumer,
            no_reply=True,
            parser=_raw_parser(consumer),
            decoder=_raw_decoder,
            title=listener.group,
        )
        consumer.get = lambda: subscriber.consumer
        subscriber.get_msg = consumer.gaps.next
        subscriber(_handler(consumer))
        self.consumers.append(consumer)
        self._subscribers.append(subscriber)
        return consumer

    def start(self) -> None:
        """Connect and consume as soon as Kafka is there; returns at once."""
        self._starting = asyncio.create_task(self._start(), name="kafka-start")

    async def _start(self) -> None:
        if not self.consumers:
            return
        # Whatever it is, stamina logs it: a worker that gave up in silence would look as if Kafka were away.
        trying = stamina.retry_context(on=Exception, attempts=None, timeout=None, wait_initial=0.2, wait_max=3.0)
        async for attempt in trying:
            with attempt:
                await self._connect()
        self.started = True

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(60):
                await self._broker.start()
        except BaseException:
            with contextlib.suppress(Exception):
                await self._broker.stop()
            raise

    async def stop(self) -> None:
        """Finish the batches in hand, commit, leave; given up some seconds after `drain_seconds`, or where it fails."""
        try:
            async with asyncio.timeout(self._settings.drain_seconds + CLOSING_SECONDS):
                await self._close()
        except Exception as error:  # noqa: BLE001 - FastStream raises groups of whatever its subscribers raised
            # TimeoutError too: whoever is just connecting to a broker that came back waits longer than a stop may take.
            log.warning("kafka.not-closed", error=repr(error))
        self.started = False

    async def _close(self) -> None:
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await asyncio.gather(*(consumer.leave() for consumer in self.consumers))
        consumers = [subscriber.consumer for subscriber in self._subscribers]
        leave_when_closed(consumers)
        await clear_away(consumers)
        await self._broker.stop()

    def alive(self, limit: float = 600.0) -> bool:
        """Whether each consuming and fetching task runs, and has polled lately (a restart would mend it if not)."""
        if not self.started:
            return True
        return not self.broken() and all(consumer.poll_age() <= limit for consumer in self.consumers)

    def broken(self) -> dict[str, str]:
        """The groups that nothing in this process brings back, and of which kind of error each."""
        found: dict[str, str] = {}
        for subscriber in self._subscribers if self.started else ():
            if broken(subscriber.consumer):
                found[subscriber.group_id] = f"fetching ended: {reason(subscriber.consumer._fetcher._fetch_task)}"  # noqa: SLF001 - nothing else tells it
            # FastStream begins a poll that failed anew, and keeps the one that ended beside it.
            elif subscriber.tasks and all(task.done() for task in subscriber.tasks):
                found[subscriber.group_id] = f"polling ended: {', '.join(map(reason, subscriber.tasks))}"
        return found

    def assigned(self) -> bool:
        """Whether every group has been given its partitions and knows its places."""
        return self.started and all(consumer.ready() for consumer in self.consumers)

    def answers(self) -> bool:
        """Whether Kafka has answered every group within the last minute."""
        return not any(silent(consumer.get()) for consumer in self.consumers)

    def halted(self) -> dict[str, str]:
        """Partitions that were stopped because their stored place does not fit."""
        return {
            f"{consumer.listener.group}|{partition.topic}|{partition.partition}": why
            for consumer in self.consumers
            for partition, why in consumer.positions.halted.items()
        }

    def producer(self) -> AIOKafkaProducer:
        """A new producer for the relay: idempotent, acknowledged by all, in order."""
        return make_producer(self._settings, f"{self._instance}-relay")


def make_producer(settings: Settings, client_id: str) -> AIOKafkaProducer:
    """An idempotent producer; a send is done when all replicas have it."""
    return AIOKafkaProducer(
        bootstrap_servers=list(settings.kafka),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=256 * 1024,
        max_request_size=4 * 1024 * 1024,
        request_timeout_ms=10_000,
        **_client_security(settings),
    )


class Message(KafkaAckableMessage):
    """A poll as FastStream carries it: refused, its records are polled again; taken, it commits nothing by itself.

    FastStream would commit what was polled last, which is ahead of what is stored: see `Commits`.
    """

    def __init__(self, polled: Polled, consumer: AIOKafkaConsumer | None) -> None:
        records = polled.records
        super().__init__(
            body=b"",
            headers={},
            batch_headers=[],
            reply_to="",
            content_type=None,
            message_id=f"{records[0].offset}-{records[-1].offset}",
            correlation_id=None,
            raw_message=records,
            consumer=consumer,
        )
        self.polled = polled

    async def ack(self) -> None:
        """Done with, without a commit."""
        self.committed = AckStatus.ACKED


def _raw_parser(consumer: Consumer) -> Any:
    async def parse(polled: Polled) -> Message:
        return Message(polled, consumer.get())

    return parse


async def _raw_decoder(message: Message) -> Polled:
    return message.polled


def _handler(consumer: Consumer) -> Any:
    async def handle(polled: Polled) -> None:
        await consumer.take(polled)

    return handle


def _tls(settings: Settings) -> ssl.SSLContext | None:
    return by_authority(settings.kafka_ca) if settings.kafka_ca else None


def _security(settings: Settings) -> BaseSecurity | None:
    tls = _tls(settings)
    if settings.kafka_user and settings.kafka_password:
        return SASLScram512(
            settings.kafka_user, settings.kafka_password.get_secret_value(), ssl_context=tls, use_ssl=tls is not None
        )
    return BaseSecurity(ssl_context=tls, use_ssl=True) if tls else None


def _client_security(settings: Settings) -> dict[str, Any]:
    tls = _tls(settings)
    found: dict[str, Any] = {"ssl_context": tls} if tls else {}
    if settings.kafka_user and settings.kafka_password:
        found |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": settings.kafka_user,
            "sasl_plain_password": settings.kafka_password.get_secret_value(),
            "security_protocol": "SASL_SSL" if tls else "SASL_PLAINTEXT",
        }
    elif tls:
        found["security_protocol"] = "SSL"
    return found
