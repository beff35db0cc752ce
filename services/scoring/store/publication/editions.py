"""Editions of ratings: each change is one transaction over the edition, its period's course and what it tells."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.publication import OPEN_TO_ALL, Course, Edition, Objection
from services.scoring.domain.publication.writing import Content, Decided, File, Seen, course_after
from services.scoring.store.publication import documents as as_kept
from services.scoring.store.publication.schemas import CONTENTS, COURSES, EDITIONS, FILES, KEYS, OBJECTIONS
from services.scoring.store.registers import PUBLICATIONS, note
from services.scoring.store.scales import said
from shared.kernel import Cause, Repeat
from shared.mongo import Database, DuplicateKeyError, ReplaceOne, Tx
from shared.mongo.once import Answer, once

SUMMARY = ("name", "media_type", "size", "sha256")
Decide = Callable[[Seen], Decided]


class EditionStore:
    """Reads and changes of editions."""

    _db: Database
    home: str

    async def course(self, league: League) -> Course:
        """The editions of a league so far."""
        return await _course(self._db, league, self.home)

    async def edition(self, edition: str) -> Edition | None:
        """The edition of this id."""
        row = await self._db.find_one(EDITIONS, {"_id": edition})
        return as_kept.edition_from(row, self.home) if row else None

    async def editions_of(
        self,
        condition: Mapping[str, Any],
        *,
        region: str | None = None,
        skip: Sequence[Any] | None = None,
        limit: int = 0,
    ) -> list[Edition]:
        """Editions, the latest period and number first; `skip` is where the page before ended: period, number."""
        wanted = dict(condition) if region is None else {**condition, "region": said(region, home=self.home)}
        if skip is not None:
            earlier = {"period": skip[0], "number": {"$lt": skip[1]}}
            wanted = {"$and": [wanted, {"$or": [{"period": {"$lt": skip[0]}}, earlier]}]}
        rows = await self._db.find(EDITIONS, wanted, sort=[("period", -1), ("number", -1)], limit=limit)
        return [as_kept.edition_from(row, self.home) for row in rows]

    async def last_editions(self) -> dict[League, Edition]:
        """The edition published last, by league."""
        rows = await self._db.find(COURSES, {"last": {"$ne": None}}, fields=["last"])
        found = await self._db.find(EDITIONS, {"_id": {"$in": [row["last"] for row in rows]}})
        return {one.league: one for one in (as_kept.edition_from(row, self.home) for row in found)}

    async def content(self, edition: str, stage: str) -> Content | None:
        """A content, whole."""
        row = await self._db.find_one(CONTENTS, {"_id": as_kept.content_id(edition, stage)})
        return as_kept.content_from(row) if row else None

    async def objections(self, edition: str, scope: Mapping[str, str]) -> list[Objection]:
        """The objections to an edition that the scope covers, in the order they came."""
        rows = await self._db.find(OBJECTIONS, {"edition": edition, **scope}, sort=[("number", 1)])
        return [as_kept.objection_from(row) for row in rows]

    async def file(self, edition: str, name: str) -> File | None:
        """One file of a published edition."""
        row = await self._db.find_one(FILES, {"_id": as_kept.content_id(edition, name)})
        return as_kept.file_from(row) if row else None

    async def files(self, edition: str) -> list[dict[str, Any]]:
        """Name, type, size and hash of every file of a published edition."""
        rows = await self._db.find(FILES, {"edition": edition}, fields=SUMMARY, sort=[("_id", 1)])
        return [{key: row[key] for key in SUMMARY} for row in rows]

    async def signing_keys(self) -> list[dict[str, Any]]:
        """The public keys that have ever signed a manifest."""
        return [row["key"] for row in await self._db.find(KEYS, {}, sort=[("_id", 1)])]

    async def keep_signing_key(self, key: Mapping[str, Any], at: datetime) -> None:
        """Keep a public key for good: manifests signed by it are verified with it."""
        await self._db.write(KEYS, [ReplaceOne({"_id": key["kid"]}, {"key": dict(key), "at": at}, upsert=True)])

    async def decide_edition(
        self, *, league: League | None = None, edition: str | None = None, objection: str | None = None,
        decide: Decide, cause: Cause, repeat: Repeat | None, answer: Callable[[Decided], Answer],
    ) -> Answer:  # fmt: skip
        """Decide over an edition (or, by its league, over the next one) and keep what follows, in one transaction.

        Overtaken when somebody else has drafted in the league at this very time.
        """

        async def body(tx: Tx) -> Answer:
            seen = await self._seen(tx, league, edition, objection)
            decided = decide(seen)
            if decided.events:
                await _keep(tx, seen.course, decided)
                for event in decided.events:
                    tx.tell(event, cause)
            return answer(decided)

        try:
            return await once(self._db, body, repeat)
        except DuplicateKeyError as error:
            if league is None:
                raise  # only the next edition of a league has an id that somebody else may take at the same time
            raise Overtaken("an edition was drafted") from error

    async def _seen(self, tx: Tx, league: League | None, edition: str | None, objection: str | None) -> Seen:
        row = await tx.find_one(EDITIONS, {"_id": edition}) if edition else None
        found = as_kept.edition_from(row, self.home) if row else None
        whose = found.league if found else league
        if whose is None:
            return Seen(tx.now, Course(""))
        course = await _course(tx, whose, self.home)
        last = await tx.find_one(EDITIONS, {"_id": course.last}) if course.last else None
        named = await tx.find_one(OBJECTIONS, {"_id": objection, "edition": edition}) if objection else None
        waiting = await tx.find(OBJECTIONS, {"edition": edition, "settled": False}, sort=[("number", 1)])
        return Seen(
            now=tx.now,
            course=course,
            edition=found,
            previous=as_kept.edition_from(last, self.home) if last else None,
            objection=as_kept.objection_from(named) if named else None,
            unsettled=tuple(as_kept.objection_from(one) for one in waiting),
        )


async def _course(db: Database | Tx, league: League, home: str) -> Course:
    return as_kept.course_from(await db.find_one(COURSES, {"_id": league.named(home)}), league, home)


async def _keep(tx: Tx, course: Course, decided: Decided) -> None:
    edition = decided.edition
    states = [edition, *([decided.superseded] if decided.superseded else [])]
    await tx.write(EDITIONS, [as_kept.put(as_kept.edition_document(one)) for one in states])
    after = course_after(course, edition)
    if after != course:
        await tx.write(COURSES, [as_kept.put(as_kept.course_document(after))])
    objections = [*decided.closed, *([decided.objection] if decided.objection else [])]
    if objections:
        await tx.write(OBJECTIONS, [as_kept.put(as_kept.objection_document(one)) for one in objections])
    if decided.content is not None:
        await tx.insert(CONTENTS, [as_kept.content_document(decided.content)])
    await tx.insert(FILES, [as_kept.file_document(edition.id, one) for one in decided.files])
    if edition.state in OPEN_TO_ALL:
        await note(tx, PUBLICATIONS)
