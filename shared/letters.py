"""Dead letters as operators decide on them: listed, handled again, given up; what is settled stays as it is."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.broker import Consumer
from shared.kernel import Conflict, NotFound
from shared.mongo import Database, Document, Fenced
from shared.mongo.burying import SETTLED

Place = tuple[datetime, str]
NAME = "dead_letters"
NEWEST = (("at", -1), ("_id", -1))
SHOWN = ("group", "code", "message", "source", "event", "state")
# A list is made without what was sent, which may be a megabyte each.
LISTED = (*SHOWN, "topic", "partition", "offset", "at", "tried_at", "attempts", *SETTLED)


class Stored:
    """A dead letter as a record that can be handled again."""

    def __init__(self, row: Document) -> None:
        self.topic: str = row["topic"]
        self.partition: int = row["partition"]
        self.offset: int = row["offset"]
        self.timestamp: int = row.get("timestamp", 0)
        self.key: bytes | None = row["key"]
        self.value: bytes | None = row["value"]
        self.headers: list[tuple[str, bytes | None]] = [(name, value) for name, value in row["headers"]]


class Letters:
    """The dead letters of one service; only its own groups in this process can handle one again."""

    def __init__(self, database: Database, consumers: Sequence[Consumer]) -> None:
        self._db = database
        self._consumers = consumers

    async def page(
        self, *, state: str | None, code: str | None, after: Place | None, limit: int
    ) -> tuple[list[Document], Place | None]:
        """Newest first, without what was sent, and where the next page begins."""
        condition: dict[str, Any] = {name: one for name, one in (("state", state), ("code", code)) if one}
        if after is not None:
            at, letter = after
            condition["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": letter}}]
        rows = await self._db.find(NAME, condition, fields=LISTED, sort=NEWEST, limit=limit + 1)
        last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], (last["at"], last["_id"]) if last else None

    async def one(self, letter: str) -> Document:
        """One whole; NotFound where there is none."""
        row = await self._db.find_one(NAME, {"_id": letter})
        if row is None:
            detail = f"В этой службе нет сообщения «{letter[:200]}»."
            raise NotFound("dead-letter-not-found", "Такого сообщения нет", detail)
        return row

    async def redrive(self, letter: str, *, by: str) -> Document:
        """Handle it again, in its own group only: `redriven` then, or `new` where it is refused once more.

        What is handled is not handled again; Conflict for what was given up, also while it was being handled.
        """
        row = _not_discarded(await self.one(letter))
        if row["state"] == "redriven":
            return row
        _check_whole(row)
        try:
            await self._consumer(row["group"]).redrive(Stored(row), by=by)
        except Fenced:
            # Somebody else has decided on it meanwhile, and nothing of this attempt is stored.
            return _not_discarded(await self.one(letter))
        return await self.one(letter)

    async def discard(self, letter: str, reason: str, *, by: str) -> Document:
        """Give it up, and of what was sent keep the sizes and the hash alone: nobody can use it any more.

        Said again in the same words it stays as it is. Conflict for what is settled otherwise.
        """
        row = await self.one(letter)
        change = {
            **_emptied(row),
            "state": "discarded",
            "discard_reason": reason,
            "discarded_by": by,
            "changed_at": self._db.mongo.clock(),
        }
        row = await self._db.update(NAME, {"_id": letter, "state": "new"}, {"$set": change}) or await self.one(letter)
        if row["state"] == "redriven":
            raise Conflict("already-redriven", "Сообщение уже обработано", "Отбрасывать нечего.")
        if row["discard_reason"] != reason:
            detail = f"Причина: {row['discard_reason']}."
            raise Conflict("already-discarded", "Сообщение уже отброшено", detail)
        return row

    def _consumer(self, group: str) -> Consumer:
        found = next((one for one in self._consumers if one.listener.group == group), None)
        if found is None:
            raise Conflict(
                "not-consuming", "Этот процесс не слушает события", "Обратитесь к рабочему процессу службы (worker)."
            )
        return found


def _emptied(row: Document) -> Document:
    """What stays of what was sent; a letter's record is the same one for ever, whenever this was read."""
    value = row["value"] or b""
    whole = {
        "key": len(row["key"] or b""),
        "value": len(value),
        "headers": len(row["headers"]),
        "sha256": hashlib.sha256(value).hexdigest(),
    }
    return {"key": None, "value": None, "headers": [], "cut": row.get("cut") or whole}


def _not_discarded(row: Document) -> Document:
    if row["state"] == "discarded":
        raise Conflict("already-discarded", "Сообщение отброшено", "Отброшенное сообщение нельзя обработать снова.")
    return row


def _check_whole(row: Document) -> None:
    if cut := row.get("cut"):
        headers = "" if cut["headers"] is None else f", заголовков: {cut['headers']}"
        detail = (
            f"Сообщение слишком велико (байт данных: {cut['value']}{headers}), хранится только его начало."
            " Попросите источник прислать его заново."
        )
        raise Conflict("dead-letter-cut", "Сообщение хранится не целиком", detail)
