"""Sending records to the intake topic until the broker has acknowledged them."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tests.faults.history import History, Raw, Sent
from tests.faults.pause import pause

TOPIC = "monitoring.intake.v1"
KNOWN_WITHIN = 90.0
ANSWER_WITHIN = 12.0


@dataclass(slots=True)
class Sender:
    """Another system's producer: all replicas acknowledge, what is unknown is sent again as it was."""

    kafka: str
    history: History
    _producer: AIOKafkaProducer | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, raw: Raw, sent: Sent) -> None:
        """Return once it is acknowledged; its place is kept in the history."""
        self.history.sent[raw] = sent
        async with asyncio.timeout(KNOWN_WITHIN):
            while True:
                producer = await self._connected()
                try:
                    async with asyncio.timeout(ANSWER_WITHIN):
                        done = await producer.send_and_wait(TOPIC, raw.value, key=raw.key, headers=list(raw.headers))
                except (KafkaError, OSError, TimeoutError, RuntimeError):
                    self.history.unknown += 1
                    await self._renew(producer)
                    await pause(0.2)
                else:
                    self.history.acknowledged[done.partition, done.offset] = raw
                    return

    async def stop(self) -> None:
        """Close the producer."""
        if self._producer is not None:
            await _close(self._producer)

    async def _connected(self) -> AIOKafkaProducer:
        async with self._lock:
            while self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self.kafka, acks="all", enable_idempotence=True, request_timeout_ms=5000
                )
                try:
                    async with asyncio.timeout(10):
                        await producer.start()
                except (KafkaError, OSError, TimeoutError):
                    await _close(producer)
                    await pause(0.2)
                else:
                    self._producer = producer
            return self._producer

    async def _renew(self, failed: AIOKafkaProducer) -> None:
        """A producer that failed may be stuck on its sequence numbers."""
        async with self._lock:
            if self._producer is failed:
                self._producer = None
                await _close(failed)


async def _close(producer: AIOKafkaProducer) -> None:
    with contextlib.suppress(KafkaError, OSError, TimeoutError, RuntimeError):
        async with asyncio.timeout(3):
            await producer.stop()
