"""Carries a batch to its use case; where that fails for a reason of its own, isolates the one bad record."""

import asyncio
from typing import Any

from shared.batch import Batch, Buried
from shared.broker.listener import Listener
from shared.broker.reading import BUG, FAILED, raw, read
from shared.broker.traced import traced
from shared.kernel import Refused, Unavailable
from shared.mongo import Database, Fenced, Tx
from shared.telemetry import bind_cause, log, metrics

ATTEMPTS = 3


class Handling:
    """A batch in one transaction, or, after a bug, record by record."""

    def __init__(self, listener: Listener, database: Database) -> None:
        self.listener = listener
        self._db = database

    async def carefully(self, batch: Batch[Any]) -> None:
        """The whole batch; where that fails for another reason, each record by itself to find the bad one."""
        try:
            await self.handle(batch)
            _count(batch)
        except (Unavailable, Fenced, asyncio.CancelledError):
            raise
        except Exception:  # noqa: BLE001 - a bug must cost one record, not the partition
            log.exception("consumer.batch-failed", group=batch.group, records=len(batch.heard))
            dead: list[Buried] = []
            for single in self._singles(batch):
                await self.alone(single)
                # At once: where a later one is interrupted, this one is stored all the same, and does not come again.
                _count(single)
                dead += single.dead
            batch.stored, batch.dead = True, dead

    async def handle(self, batch: Batch[Any]) -> None:
        """The use case, in whose transaction the batch advances; one that concerns nobody advances alone."""
        if batch.heard:
            with traced(batch), bind_cause(batch.heard[0].cause):
                await self.listener.handle(batch)
        if not batch.stored:
            await self._db.transact(_nothing, batch=batch)

    async def alone(self, single: Batch[Any]) -> None:
        """One record alone, some attempts, then a dead letter."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self.handle(single)
            except (Unavailable, Fenced, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001 - as above
                log.exception("consumer.record-failed", group=single.group, attempt=attempt)
                if attempt == ATTEMPTS or isinstance(error, Refused):
                    single.spoiled = [_dead(single, error)]
                    single.heard = ()
                    await self._db.transact(_nothing, batch=single)
                    return
            else:
                return

    def _singles(self, batch: Batch[Any]) -> list[Batch[Any]]:
        """The batch cut into its records, each with its own step of progress.

        A step that an earlier attempt has stored is refused as one that somebody else has gone on from (`Fenced`).
        """
        marks = {name: expected for name, (expected, _) in batch.reach.items()}
        singles = []
        for record in batch.records:
            name = f"{record.topic}|{record.partition}"
            step = {name: (marks[name], record.offset + 1)} if name in marks else {}
            marks[name] = record.offset + 1
            singles.append(read(self.listener, [record], step))
        return singles


def _dead(single: Batch[Any], error: Exception) -> Buried:
    refusal = error if isinstance(error, Refused) else Refused(BUG, "Внутренняя ошибка", FAILED)
    if single.heard:
        return single.buried(single.heard[0], refusal)
    return Buried(raw(single.records[0]), refusal.code, refusal.detail)


def _count(batch: Batch[Any]) -> None:
    """Tell operators what a stored batch buried."""
    for dead in batch.dead:
        topic = dead.record.origin.topic
        metrics.HANDLED.labels(batch.group, topic, "failed" if dead.code == BUG else "refused").inc()
        metrics.DEAD_LETTERS.labels(batch.group, topic, dead.code).inc()


async def _nothing(tx: Tx) -> None:
    """A batch that concerns nobody still advances."""
    del tx
