"""Restore a backup into empty databases and new topics; what was under way then is under way again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from deploy.backup.archive import DOCUMENT, RECORD, checked, frames
from deploy.backup.databases import connected, filled, load, sending
from deploy.backup.marking import alive, check, mark, marked, refuse_running, unmark
from deploy.backup.progress import FOREIGN, POSITIONS, place_of
from deploy.backup.topics import administered, delete, holding, present, publish, refuse_unmakeable, working
from deploy.local import Failed
from shared.broker.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from aiokafka.admin import AIOKafkaAdminClient
    from bson.raw_bson import RawBSONDocument


Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to restore to; `renew` lets topics of ours that hold records be deleted and made anew."""

    mongo: str
    kafka: str
    services: Sequence[str]
    apply_topics: Callable[[], object]
    migrate: Callable[[], object]
    renew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back, and of which moment."""

    at: datetime
    documents: int
    records: int


def restore(path: Path, target: Target, tell: Tell) -> Restored:
    """Bring a backup back; Failed, with nothing changed, where it is damaged or the target is not empty or at work.

    Failed, too, where another restore runs, and as soon as another one has taken over (after a minute without life).

    What an interrupted restore left is no reason: it is known by its mark, cleared, and all is begun again.
    """
    tell("проверяю файл")
    at = checked(path)
    with connected(target.mongo) as client:
        refuse_running(client, target.services)
        if marked(client, target.services):
            tell("прошлое восстановление было прервано: начну заново")
        elif full := filled(client, target.services):
            raise Failed(f"базы не пусты: {', '.join(full[:5])}", "восстанавливайте в новую, пустую MongoDB")
        # First who sends: the registry hears nothing, and no group of Kafka knows it.
        if busy := sending(client, target.services):
            raise _at_work(busy)
        kept = asyncio.run(_topics_ready(target, tell))
        by = mark(client, target.services)
        with alive(client, target.services, by):
            tell("возвращаю события, которые были в пути")
            records = asyncio.run(publish(target.kafka, _under_way(path, kept)))
            tell("возвращаю базы")
            target.migrate()
            documents = load(client, _documents(path, kept), partial(check, client, target.services, by))
            target.migrate()
            unmark(client, target.services, by, of=at)
    return Restored(at=at, documents=documents, records=records)


async def _topics_ready(target: Target, tell: Tell) -> Identity:
    """Ours are new and empty; the cluster and the topics that stay as they are (those that others write to)."""
    async with administered(target.kafka) as admin:
        if groups := await working(admin, target.services):
            raise _at_work(groups)
        before = await present(admin)
        ours = sorted(before.topics.keys() - FOREIGN)
        if full := await holding(admin, target.kafka, ours):
            await _renew(target, admin, full, tell)
        await asyncio.to_thread(target.apply_topics)
        foreign = {name: found for name, found in before.topics.items() if name in FOREIGN}
        return Identity(before.cluster, foreign)


def _at_work(found: Sequence[str]) -> Failed:
    return Failed(f"службы работают: {', '.join(found)}", "остановите их: ./rsoko down; ./rsoko up --service none")


async def _renew(target: Target, admin: AIOKafkaAdminClient, full: list[str], tell: Tell) -> None:
    if not target.renew:
        raise Failed(
            f"в топиках есть события: {', '.join(full)}",
            "о них восстановленные базы не знают; чтобы удалить эти топики и завести заново, добавьте --renew-topics",
        )
    await refuse_unmakeable(admin, full)
    tell(f"завожу заново топики: {', '.join(full)}")
    await delete(admin, full)


def _under_way(path: Path, kept: Identity) -> Iterator[dict[str, Any]]:
    """The records of a backup, but for those that are still in the very topic they were in."""
    same = _unchanged(path, kept)
    rows = (frame["record"] for frame in frames(path, RECORD))
    return (dict(row) for row in rows if row["topic"] not in same)


def _documents(path: Path, kept: Identity) -> Iterator[tuple[str, str, RawBSONDocument]]:
    """The documents of a backup, but for places in topics that are new: those are read from their beginning."""
    same = _unchanged(path, kept)
    for frame in frames(path, DOCUMENT):
        document = frame["document"]
        if frame["collection"] != POSITIONS or place_of(str(document["_id"]))[0] in same:
            yield frame["database"], frame["collection"], document


def _unchanged(path: Path, kept: Identity) -> set[str]:
    """The topics that are still those of the backup, by the ids that the stored places name."""
    places = (frame["document"] for frame in frames(path, DOCUMENT) if frame["collection"] == POSITIONS)
    found = {(place_of(str(one["_id"]))[0], str(one["cluster"]), str(one["topic_id"])) for one in places}
    return {topic for topic, name in kept.topics.items() if (topic, kept.cluster, name) in found}
