"""The stored places of consumer groups beside what the broker has, for operators: shown, and set anew."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.broker.fitting import Unfit, unfit
from shared.broker.identity import Identity, identity
from shared.broker.positions import partition_of, place
from shared.kernel import Conflict, NotFound, Refused
from shared.mongo import Database, Tx, UpdateOne
from shared.mongo.journal import journal

# What a partition holds that the broker does not have: no place fits.
NOWHERE = (0, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One partition of a group: the stored place, the oldest and the next record of the broker, why it is halted.

    `begin` and `end` are none where the broker has no such partition any more; `lag` counts records.
    """

    group: str
    partition: TopicPartition
    next: int
    begin: int | None
    end: int | None
    halted: Unfit | None
    row: Mapping[str, Any]

    @property
    def lag(self) -> int | None:
        """Records not yet handled; none where the place does not fit."""
        return None if self.end is None or self.halted else max(0, self.end - self.next)


class Places:
    """Reads and sets the places of the groups of one service, beside its workers."""

    def __init__(self, database: Database, consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient) -> None:
        self._db = database
        self._consumer = consumer
        self._admin = admin

    async def standings(self, *, group: str | None = None, topic: str | None = None) -> list[Standing]:
        """Every stored place, in order of group, topic and partition."""
        pattern = "^" + re.escape(f"{group}|" if group else "") + (re.escape(f"{topic}|") if group and topic else "")
        rows = await self._db.find("positions", {"_id": {"$regex": pattern}})
        if not rows:
            return []
        partitions = {_partition(row) for row in rows}
        who = await identity(self._admin._client, sorted({one.topic for one in partitions}))  # noqa: SLF001 - see identity
        spans = await self._spans(who, partitions)
        found = [_standing(row, who, spans) for row in rows]
        return sorted(found, key=lambda one: (one.group, one.partition.topic, one.partition.partition))

    async def workers(self, group: str) -> list[str]:
        """The client ids of the processes that consume this group now."""
        (answer,) = await self._admin.describe_consumer_groups([group])
        return sorted({str(member[1]) for described in answer.groups for member in described[5]})

    async def reset(self, group: str, topic: str, *, partition: int | None, to: str | int) -> list[Standing]:
        """Set places to the oldest record, behind the last one, or to an offset; the places as they are then.

        Refused: `position-not-found`, `group-running` while workers go on from these places, `offset-out-of-range`;
        Conflict `position-moved` where a place is not what was read (nothing is written to that one).
        """
        chosen = await self._chosen(group, topic, partition)
        workers = await self.workers(group)
        if workers and any(one.halted is None for one in chosen):
            detail = f"Группу «{group}» сейчас читают: {', '.join(workers)}. Остановите их и повторите."
            raise Conflict("group-running", "Группа работает", detail)
        targets = [(one, _target(one, to)) for one in chosen]
        who = await identity(self._admin._client, [topic])  # noqa: SLF001 - as above
        await self._set(who, targets)
        return await self._chosen(group, topic, partition)

    async def _chosen(self, group: str, topic: str, partition: int | None) -> list[Standing]:
        found = [one for one in await self.standings(group=group, topic=topic) if one.end is not None]
        chosen = [one for one in found if partition is None or one.partition.partition == partition]
        if not chosen:
            asked = topic if partition is None else f"{topic}, раздел {partition}"
            detail = f"Группа «{group}» не хранит места в топике {asked} или в Kafka такого раздела нет."
            raise NotFound("position-not-found", "Такого места нет", detail)
        return chosen

    async def _set(self, who: Identity, targets: Sequence[tuple[Standing, int]]) -> None:
        now = self._db.mongo.clock()
        for one, target in targets:
            same = {name: one.row[name] for name in ("_id", "next", "cluster", "topic_id")}
            change = {"next": target, "cluster": who.cluster, "topic_id": who.topics[one.partition.topic], "at": now}
            step = UpdateOne(same, {"$set": change, "$unset": {"lost": ""}})
            await self._db.transact(partial(_moved, step=step, one=one))

    async def _spans(self, who: Identity, wanted: set[TopicPartition]) -> dict[TopicPartition, tuple[int, int]]:
        """Oldest and next record of those partitions that the broker still has."""
        topics = await self._admin.describe_topics(sorted(who.topics))
        has = {TopicPartition(one["topic"], part["partition"]) for one in topics for part in one["partitions"]}
        present = sorted(wanted & has)
        if not present:
            return {}
        begin, end = await asyncio.gather(
            self._consumer.beginning_offsets(present), self._consumer.end_offsets(present)
        )
        return {one: (begin[one], end[one]) for one in present}


async def _moved(tx: Tx, *, step: UpdateOne, one: Standing) -> None:
    await journal(tx, "positions", [str(one.row["_id"])])
    if not await tx.write("positions", [step]):
        detail = f"Место {place(one.partition)} тем временем изменилось. Посмотрите список и повторите."
        raise Conflict("position-moved", "Место изменилось", detail)


def _standing(row: Mapping[str, Any], who: Identity, spans: Mapping[TopicPartition, tuple[int, int]]) -> Standing:
    partition = _partition(row)
    begin, end = spans.get(partition, (None, None))
    return Standing(
        group=str(row["_id"]).partition("|")[0],
        partition=partition,
        next=int(row["next"]),
        begin=begin,
        end=end,
        halted=unfit(row, who, partition, spans.get(partition, NOWHERE)),
        row=row,
    )


def _partition(row: Mapping[str, Any]) -> TopicPartition:
    return partition_of(str(row["_id"]).partition("|")[2])


def _target(one: Standing, to: str | int) -> int:
    begin, end = one.begin or 0, one.end or 0
    target = {"beginning": begin, "end": end}.get(to) if isinstance(to, str) else to
    if target is None or not begin <= target <= end:
        detail = f"{place(one.partition)}: место {to} вне {begin}..{end}. Укажите beginning, end или номер отсюда."
        raise Refused("offset-out-of-range", "Такого места в Kafka нет", detail)
    return target
