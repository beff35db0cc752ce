"""One new result among the region's 43 municipalities and among the country's 2,301."""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.events import (
    RESULT_TOPIC,
    SCORE_TOPIC,
    maxima,
    region_of,
    results,
    revision_of,
    sealed,
    send_letters,
)
from benchmarks.figures import Figure, Sample
from benchmarks.ground import Look, ground, teach_scoring, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from deploy.local import Platform

FEW, MANY = 43, 2301
ROUNDS, RESULTS = 5, 40
GOAL = 1.5


class Asked:
    """Sends one result at a time to a scoring service and waits for the score that it tells."""

    def __init__(self, municipalities: list[str], producer: AIOKafkaProducer, consumer: AIOKafkaConsumer) -> None:
        self._municipalities = municipalities
        self._producer = producer
        self._consumer = consumer
        self._procedure, self._maximum = next(iter(maxima().items()))
        self._count = 0

    async def block(self, count: int) -> float:
        """The median of milliseconds from a result's event to the event of its score."""
        return statistics.median([await self._one() for _ in range(count)])

    async def _one(self) -> float:
        turn, place = divmod(self._count, min(FEW, len(self._municipalities)))
        self._count += 1
        municipality = self._municipalities[place]
        letter = sealed(revision_of(municipality, self._procedure, self._maximum, 2 + turn))
        headers = [(name, text.encode()) for name, text in letter.headers.items()]
        began = time.perf_counter()
        await self._producer.send_and_wait(letter.topic, letter.value, key=letter.key.encode(), headers=headers)
        async with asyncio.timeout(20):
            while (await self._consumer.getone()).key != letter.key.encode():
                continue
        return (time.perf_counter() - began) * 1000


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Two platforms side by side, asked in turn."""
    with ground("scoring") as few, ground("scoring") as many:
        names = {}
        for platform, count in ((few, FEW), (many, MANY)):
            names[count] = scored(platform, count)
            tell(f"муниципалитетов {count}: баллы готовы")
        values = asyncio.run(_rounds({FEW: few, MANY: many}, names, tell))
    return [
        Figure(
            name="municipalities",
            what=f"событие о результате → событие о баллах среди {MANY} муниципалитетов (ориентир: среди {FEW})",
            unit="мс",
            ours=Sample(tuple(values[MANY])),
            floor=Sample(tuple(values[FEW])),
            goal=GOAL,
            bound="места считаются по таблице в памяти; раз в 0,25 с рассказ о сдвиге мест читает всю таблицу",
        )
    ]


def scored(platform: Platform, count: int) -> list[str]:
    """A scoring service that has scored every procedure of so many municipalities; their ids."""
    municipalities = region_of(count)
    names = [one.id for one in municipalities]
    platform.start_service("scoring")
    teach_scoring(platform, municipalities)
    wanted = asyncio.run(send_letters(platform.settings.kafka_address, results(names, first=1, revisions=1)))
    asyncio.run(_taken(platform, wanted))
    return names


async def _taken(platform: Platform, wanted: int) -> None:
    async with Look(platform.settings, "scoring") as look:

        async def done() -> bool:
            return await look.reached("scoring", RESULT_TOPIC) >= wanted and not await look.waiting()

        await until(done, pause=0.2)


async def _rounds(
    platforms: dict[int, Platform], names: dict[int, list[str]], tell: Callable[[str], None]
) -> dict[int, list[float]]:
    values: dict[int, list[float]] = {FEW: [], MANY: []}
    async with asking(platforms[FEW], names[FEW]) as few, asking(platforms[MANY], names[MANY]) as many:
        for one in (few, many):
            await one.block(10)
        for number in range(ROUNDS):
            for count, one in ((FEW, few), (MANY, many))[:: 1 if number % 2 else -1]:
                values[count].append(await one.block(RESULTS))
            tell(f"муниципалитеты, круг {number + 1}: {values[FEW][-1]:.1f} и {values[MANY][-1]:.1f} мс")
    return values


@asynccontextmanager
async def asking(platform: Platform, municipalities: list[str]) -> AsyncIterator[Asked]:
    """A producer of results and a reader of scores, from the end of what was told so far."""
    kafka = platform.settings.kafka_address
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    consumer = AIOKafkaConsumer(SCORE_TOPIC, bootstrap_servers=kafka, auto_offset_reset="latest")
    await producer.start()
    await consumer.start()
    try:
        await consumer.seek_to_end()
        for partition in consumer.assignment():
            await consumer.position(partition)
        yield Asked(municipalities, producer, consumer)
    finally:
        await consumer.stop()
        await producer.stop()
