"""The floor of a notification: the bare chain by hand in one process, three stores and two hops, one after another."""

from __future__ import annotations

import itertools
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from motor.motor_asyncio import (  # noqa: TID251 - the floor is written by hand
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
)

TOPICS = ("monitoring.intake.v1", "roadmap.recommendation.v1")  # there anyway, and read by nobody here
COMMANDS = 9  # to MongoDB: three times two inserts and a commit
BODY = b"{" + b'"points": "1.5", ' * 40 + b"}"


class Chain:
    """Transaction, send, poll, transaction, send, poll, transaction."""

    def __init__(self, *, kafka: str, mongo: str) -> None:
        self._mongo: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(mongo, w="majority")
        self._db = self._mongo["floor"]
        self._producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
        self._consumers = [
            AIOKafkaConsumer(
                topic,
                bootstrap_servers=kafka,
                group_id=f"floor-{topic}",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
            )
            for topic in TOPICS
        ]
        self._numbers = itertools.count()

    async def __aenter__(self) -> Self:
        for name in ("state", "outbox"):
            await self._db[name].insert_one({"_id": "made"})
        await self._producer.start()
        for consumer in self._consumers:
            await consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for consumer in self._consumers:
            await consumer.stop()
        await self._producer.stop()
        self._mongo.close()

    async def run(self) -> None:
        """The whole chain once."""
        for topic, consumer in zip(TOPICS, self._consumers, strict=True):
            await self._store()
            await self._producer.send_and_wait(topic, BODY, key=b"one")
            while not await consumer.getmany(timeout_ms=1000):
                continue
        await self._store()

    async def _store(self) -> None:
        number = next(self._numbers)

        async def both(session: AsyncIOMotorClientSession) -> None:
            for name in ("state", "outbox"):
                await self._db[name].insert_one({"_id": number, "body": BODY}, session=session)

        async with await self._mongo.start_session() as session:
            await session.with_transaction(both)
