"""Reads of a service's database outside of transactions: documents, pages of them as they are sent, pipelines.

Documents are of their present version, whatever version they were written in; conditions and pipelines are the
server's, and see them as they lie: while older ones may be there, they must be written for both.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bson import encode

from shared.mongo.errors import in_time, unavailable
from shared.mongo.schema import Schema
from shared.mongo.transaction import Document
from shared.mongo.versions import Versions, behind, older, present, projection

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorCursor, AsyncIOMotorDatabase


class Reads:
    """What is read outside of transactions; every call raises `Unavailable` when MongoDB is away or silent."""

    def __init__(self, database: "AsyncIOMotorDatabase[Document]", name: str, schemas: Sequence[Schema] = ()) -> None:
        self.name = name
        self.versions = Versions(schemas)
        self._db = database

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        fields: Sequence[str] | None = None,
        sort: Sequence[tuple[str, int]] | None = None,
        limit: int = 0,
        skip: int = 0,
    ) -> list[Document]:
        """The documents that match; of `fields` these, of documents of an older version all."""
        schema = self.versions.raised(collection)
        asked = projection(fields, schema)
        async with in_time():
            rows = await self._db[collection].find(where, asked, sort=sort, limit=limit, skip=skip).to_list(None)
        if schema is None:
            return rows
        old = behind(schema, rows, fields)
        return present(schema, rows, await self.find(collection, {"_id": {"$in": old}}) if old else ())

    async def find_one(self, collection: str, where: Mapping[str, Any]) -> Document | None:
        """The one document that matches, or none."""
        async with in_time():
            return self.versions.read(collection, await self._db[collection].find_one(where))

    async def stream(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] | None = None,
        limit: int = 0,
        size: int = 1000,
    ) -> AsyncGenerator[Document, None]:
        """Many documents, a page at a time in memory; to be closed where it is left early."""
        schema = self.versions.raised(collection)
        with unavailable():
            cursor = self._db[collection].find(where, sort=sort, limit=limit, batch_size=size)
            try:
                while page := await _page(cursor, size):
                    for document in page:
                        yield document if schema is None else schema.read(document)
            finally:
                await cursor.close()

    async def raw(
        self, collection: str, where: Mapping[str, Any], *, fields: Sequence[str], size: int = 500
    ) -> AsyncIterator[bytes]:
        """Many documents as the server sends them, a page at a time, not read here (see `shared.works.documents`).

        Those of an older version come first, whole, each written anew.
        """
        if schema := self.versions.raised(collection):
            old: list[Any] = []
            async for document in self.stream(collection, {"$and": [where, older(schema)]}):
                old.append(document["_id"])
                yield encode(document)
            where = {"$and": [where, {"v": {"$gte": schema.version}, "_id": {"$nin": old}}]}
        with unavailable():
            async for page in self._db[collection].find_raw_batches(where, dict.fromkeys(fields, 1), batch_size=size):
                yield page

    async def count(self, collection: str, where: Mapping[str, Any]) -> int:
        """How many documents match."""
        async with in_time():
            return await self._db[collection].count_documents(where)

    async def about(self, collection: str) -> int:
        """About how many documents there are, at no cost; after a crash of the server it may be some wrong for ever."""
        async with in_time():
            return int(await self._db[collection].estimated_document_count())

    async def aggregate(self, collection: str, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """The outcome of a pipeline."""
        async with in_time():
            return await self._db[collection].aggregate(list(pipeline)).to_list(None)


async def _page(cursor: "AsyncIOMotorCursor[Document]", size: int) -> list[Document]:
    """The next documents of a cursor, none at its end."""
    async with in_time():
        return await cursor.to_list(size)
