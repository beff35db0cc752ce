"""Take a backup while the platform works: the databases at one moment, then what was under way at that moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from deploy.backup.archive import DOCUMENT, RECORD, Writer
from deploy.backup.databases import connected, documents
from deploy.backup.marking import refuse_marked
from deploy.backup.progress import Progress
from deploy.backup.topics import administered, present, records
from deploy.local import Failed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shared.broker.identity import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a backup holds."""

    documents: int
    records: int
    bytes: int


def take(path: Path, *, mongo: str, kafka: str, services: Sequence[str]) -> Taken:
    """Write a backup to `path`; Failed where it cannot be whole, and then there is no file of that name."""
    if path.exists():
        raise Failed(f"файл {path} уже есть", "назовите другой: старую копию здесь не затирают")
    progress = Progress()
    with Writer.to(path, at=datetime.now(UTC)) as writer:
        with connected(mongo) as client:
            refuse_marked(client, services)
            for database, collection, document in documents(client, services):
                writer.document(database, collection, document)
                progress.see(database, collection, document)
        asyncio.run(_under_way(writer, progress, kafka))
    return Taken(documents=writer.counts[DOCUMENT], records=writer.counts[RECORD], bytes=path.stat().st_size)


async def _under_way(writer: Writer, progress: Progress, kafka: str) -> None:
    async with administered(kafka) as admin:
        _refuse_unfit(progress, await present(admin))
        async for record in records(admin, kafka, progress.next):
            if progress.knows(record["topic"], record["key"], record["headers"]):
                writer.record(record)


def _refuse_unfit(progress: Progress, who: Identity) -> None:
    """A halted group's place says nothing about what is under way."""
    now = {(topic, who.cluster, found) for topic, found in who.topics.items()}
    if unfit := sorted({topic for topic, _, _ in progress.origins - now}):
        raise Failed(
            f"места групп не подходят к Kafka: {', '.join(unfit)}",
            "посмотрите ./rsoko positions list и почините остановленные группы, потом снимайте копию",
        )
