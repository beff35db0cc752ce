"""The places of a group and what was handled, in memory: each transaction whole or not at all, as MongoDB does it.

The compare-and-set of a batch is written by the real `Tx.advance`; here it is only applied.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from shared.batch import Batch
from shared.kernel import Unavailable
from shared.mongo import Tx, UpdateOne

Document = dict[str, Any]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
# Told of a place before and after each write of it, and of the offsets that were handled with it.
Watch = Callable[[str, int | None, int, Sequence[int]], None]


class Transaction(Tx):
    """Collects what is put into it; the whole is applied at the commit."""

    def __init__(self) -> None:
        self.now = NOW
        self._buried = []
        self._letters = []
        self.steps: list[tuple[str, Sequence[Any], Exception | None]] = []
        self.handled: list[tuple[str, int]] = []

    def put(self, collection: str, operations: Sequence[Any], *, otherwise: Exception | None = None) -> None:
        """Applied at the commit."""
        self.steps.append((collection, operations, otherwise))


@dataclass(slots=True)
class Store:
    """What MongoDB holds; each write of a place is told to `watch` first."""

    watch: Watch
    rows: dict[str, Document] = field(default_factory=dict)
    compares: bool = True

    def find(self, where: Mapping[str, Any]) -> list[Document]:
        """The places of these ids."""
        return [dict(self.rows[key]) for key in where["_id"]["$in"] if key in self.rows]

    def write(self, operations: Sequence[Any], handled: Mapping[str, Sequence[int]]) -> int:
        """Apply changes of places; how many of them fitted."""
        return sum([self._apply(one, handled) for one in operations])

    def fits(self, one: UpdateOne) -> bool:
        """Whether a change finds what it changes."""
        where: Any = one._filter
        row = self.rows.get(where["_id"])
        return row is not None and (not self.compares or all(row.get(name) == value for name, value in where.items()))

    def _apply(self, one: UpdateOne, handled: Mapping[str, Sequence[int]]) -> bool:
        where: Any = one._filter
        change: Any = one._doc
        key, row = where["_id"], self.rows.get(where["_id"])
        if "$setOnInsert" in change:
            if row is None:
                self.watch(key, None, change["$setOnInsert"]["next"], ())
                self.rows[key] = {"_id": key, **change["$setOnInsert"]}
            return True
        if row is None or not self.fits(one):
            return False
        if "next" in change["$set"]:
            self.watch(key, where["next"], change["$set"]["next"], handled.get(key, ()))
        row.update(change["$set"])
        return True


class Database:
    """As much of `shared.mongo.Database` as a consumer asks for, as one process sees it; `pause` may raise or wait."""

    name = "simulated"

    def __init__(self, store: Store, client: str, pause: Callable[[str, str], Awaitable[None]]) -> None:
        self._store = store
        self._client = client
        self._pause = pause
        self.mongo = SimpleNamespace(clock=lambda: NOW)

    async def find(self, collection: str, where: Mapping[str, Any]) -> list[Document]:
        """The places of these ids."""
        assert collection == "positions"
        await self._pause(self._client, "find.asked")
        found = self._store.find(where)
        await self._pause(self._client, "find.answered")
        return found

    async def write(self, collection: str, operations: Sequence[Any]) -> int:
        """Change places outside of a transaction."""
        assert collection == "positions"
        if not operations:
            return 0
        await self._pause(self._client, "write.asked")
        found = self._store.write(operations, {})
        await self._pause(self._client, "write.answered")
        return found

    async def transact(self, body: Callable[[Any], Awaitable[None]], *, batch: Batch[Any]) -> None:
        """All of it or nothing; where the answer is lost, nobody knows which."""
        await self._pause(self._client, "transact.asked")
        tx = Transaction()
        await body(tx)
        tx.advance(batch)
        await self._pause(self._client, "transact.commit")
        self._commit(tx, batch)
        await self._pause(self._client, "transact.answered")
        batch.stored = True

    def _commit(self, tx: Transaction, batch: Batch[Any]) -> None:
        places = [(one, otherwise) for name, steps, otherwise in tx.steps if name == "positions" for one in steps]
        for one, otherwise in places:
            if not self._store.fits(one) and otherwise is not None:
                raise otherwise
        handled: dict[str, list[int]] = {}
        for record in batch.records:
            handled.setdefault(f"{batch.group}|{record.topic}|{record.partition}", []).append(record.offset)
        self._store.write([one for one, _ in places], handled)


def away() -> Unavailable:
    """What is raised where the store is not there."""
    return Unavailable("mongodb")
