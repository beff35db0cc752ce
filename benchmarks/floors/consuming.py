"""The floor of rescoring: poll, decode, one bulk write and one batch of messages, commit; nothing else.

Run as a process: `python -m benchmarks.floors.consuming '{"kafka": …, "mongo": …, "collection": …, …}'`; the last
line of its output tells how long it took from the first polled batch to the last commit, and of the processor.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from motor.motor_asyncio import (  # noqa: TID251 - the floor is written by hand
    AsyncIOMotorClient,
    AsyncIOMotorCollection,
)
from pydantic import TypeAdapter
from pymongo import InsertOne  # noqa: TID251 - as above
from pymongo.errors import BulkWriteError  # noqa: TID251 - as above

from services.monitoring.events import ResultRevised

if TYPE_CHECKING:
    from collections.abc import Sequence

DECODE = TypeAdapter(ResultRevised).validate_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to consume and where to put it; ends after `events` records."""

    kafka: str
    mongo: str
    topic: str
    target: str
    group: str
    collection: str
    events: int
    batch: int = 500
    instance: str | None = None


async def consume(task: Task) -> dict[str, float]:
    """Consume so many records; seconds and processor seconds from the first poll on."""
    mongo: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(task.mongo, w="majority")
    producer = AIOKafkaProducer(bootstrap_servers=task.kafka, acks="all", max_batch_size=256 * 1024)
    consumer = _consumer(task)
    await producer.start()
    await consumer.start()
    done, began, used = 0, 0.0, 0.0
    try:
        while done < task.events:
            polled = await consumer.getmany(timeout_ms=5, max_records=task.batch)
            records = [record for part in polled.values() for record in part]
            if not records:
                continue
            if not began:
                began, used = time.perf_counter(), time.process_time()
            facts = [DECODE(record.value) for record in records]
            await _keep(mongo["floor"][task.collection], facts)
            await _tell(producer, task.target, facts)
            await consumer.commit()
            done += len(facts)
    finally:
        await consumer.stop()
        await producer.stop()
        mongo.close()
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - used, "events": done}


def _consumer(task: Task) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        task.topic,
        bootstrap_servers=task.kafka,
        group_id=task.group,
        group_instance_id=task.instance,
        session_timeout_ms=10_000,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )


async def _keep(collection: AsyncIOMotorCollection[dict[str, Any]], facts: Sequence[ResultRevised]) -> None:
    # Killed between write and commit, it meets its own documents again: nothing here is idempotent.
    with contextlib.suppress(BulkWriteError):
        await collection.bulk_write([_insert(fact) for fact in facts], ordered=False)


def _insert(fact: ResultRevised) -> InsertOne[dict[str, Any]]:
    document = {
        "_id": f"{fact.result}:{fact.revision}",
        "result": fact.result,
        "revision": fact.revision,
        "procedure": fact.procedure,
        "municipality": fact.subject.municipality,
        "period": fact.period,
        "values": fact.values,
        "source": fact.source,
        "reason": fact.reason,
        "occurred_at": fact.occurred_at,
        "recorded_at": fact.recorded_at,
    }
    return InsertOne(document)


async def _tell(producer: AIOKafkaProducer, topic: str, facts: Sequence[ResultRevised]) -> None:
    """One message per changed municipality and batch, with its causes, as ours."""
    causes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for fact in facts:
        cause = {"result": fact.result, "revision": fact.revision, "procedure": fact.procedure}
        causes[fact.subject.municipality or ""].append(cause)
    sent = [
        await producer.send(topic, json.dumps({"municipality": key, "causes": found[:100]}).encode(), key=key.encode())
        for key, found in causes.items()
    ]
    await asyncio.gather(*sent)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(consume(Task(**json.loads(sys.argv[1]))))) + "\n")
