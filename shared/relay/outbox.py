"""The outbox as the relay sees it: read in order, swept of what was sent; and what waits in it, for operators."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from shared.mongo import Database, DeleteMany, Document, Tx
from shared.relay.handover import Handover, weight
from shared.relay.lease import Lease

# A page has so many rows and, of large ones (copies of dead letters), about so many bytes at most.
PAGE, PAGE_BYTES = 1000, 8 * 1024 * 1024


class Outbox:
    """The rows that wait in the store, changed only under the lease."""

    def __init__(self, database: Database, lease: Lease, handover: Handover) -> None:
        self._db = database
        self._lease = lease
        self._handover = handover

    async def pages(self, *, by_others: bool = False) -> AsyncIterator[list[Document]]:
        """All rows, or those of other processes, page after page, for as long as the lease is held."""
        after, full = None, True
        while full:
            await self._lease.keep()
            yield (rows := await self.page(after, by_others=by_others))
            full = _full(rows)
            after = rows[-1]["_id"] if full else None

    async def page(self, after: Document | None, *, by_others: bool = False) -> list[Document]:
        """The next rows by key and sequence; going on behind the last page, so that no key starves another."""
        where: Document = {"_id": {"$gt": after}} if after else {}
        if by_others:
            where["by"] = {"$ne": self._db.mongo.by}
        rows: list[Document] = []
        left = PAGE_BYTES
        async with aclosing(self._db.stream("outbox", where, sort=[("_id", 1)], limit=PAGE)) as found:
            async for row in found:
                rows.append(row)
                left -= weight(row)
                if left <= 0:
                    break
        return rows

    async def sweep(self) -> None:
        """Delete what was sent, only under our epoch; a crash before it only repeats what was sent."""
        if not (places := self._handover.unswept()):
            return
        ids = [{"k": stream, "s": number} for stream, number in places]

        async def mark(tx: Tx) -> None:
            await self._lease.hold(tx)
            await tx.write("outbox", [DeleteMany({"_id": {"$in": ids}})])

        await self._db.transact(mark)
        self._handover.swept(places)
        self._lease.renewed = time.monotonic()


def _full(rows: Sequence[Document]) -> bool:
    return len(rows) >= PAGE or sum(map(weight, rows)) >= PAGE_BYTES


async def outbox_state(database: Database) -> tuple[int, float]:
    """About how many rows wait, and for how many seconds the oldest has waited; (0, 0) only where none does.

    Every process asks so every two seconds, also when Kafka was away for long and the outbox is large.
    """
    oldest = await database.find("outbox", {}, fields=["at"], sort=[("at", 1)], limit=1)
    if not oldest:
        return 0, 0.0
    age = (database.mongo.clock() - oldest[0]["at"]).total_seconds()
    return max(1, await database.about("outbox")), max(age, 0.0)
