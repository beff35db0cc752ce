"""The one place where documents get their version and old ones are read as new ones: see `Schema`.

Every read and write of a service's database passes here; of a collection that is still at its first version, which is
all but a few, it costs one look into a dictionary.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateMany, UpdateOne

from shared.mongo.schema import PLATFORM, Document, Schema

# Tuples: a union would be made anew for each operation.
_WHOLE, _CHANGES = (InsertOne, ReplaceOne), (UpdateOne, UpdateMany)
_GENERATION = re.compile(r"_\d+$")
_OURS = {schema.collection for schema in PLATFORM}


class Versions:
    """The declared schemas of a database, by collection; `cards_7` is a generation of `cards`.

    What belongs to the platform bears no version: its code is that of the process that writes it.
    """

    def __init__(self, schemas: Iterable[Schema] = ()) -> None:
        self._known = {schema.collection: schema for schema in schemas if schema.collection not in _OURS}

    def of(self, collection: str) -> Schema | None:
        """The schema of a collection, if one is declared."""
        return self._known.get(collection) or self._known.get(_GENERATION.sub("", collection))

    def raised(self, collection: str) -> Schema | None:
        """The schema, where there may be documents of an older version."""
        schema = self.of(collection)
        return schema if schema is not None and schema.version > 1 else None

    def read(self, collection: str, document: Document | None) -> Document | None:
        """A whole document in its present version, if there is one."""
        schema = self.raised(collection)
        return document if schema is None or document is None else schema.read(document)

    def stamped(self, collection: str, documents: Sequence[Document]) -> Sequence[Document]:
        """New documents with the version in which they are written."""
        schema = self.of(collection)
        return documents if schema is None else [{**document, "v": schema.version} for document in documents]

    def stamp(self, collection: str, operations: Iterable[Any]) -> list[Any]:
        """Operations that write whole documents, or may make some, with the version in which they do."""
        schema = self.of(collection)
        found = list(operations)
        if schema is not None:
            for operation in found:
                _stamp(operation, schema.version)
        return found

    def upsert(self, collection: str, change: Any) -> Any:
        """A change that may make a document, with the version of what it makes."""
        schema = self.of(collection)
        return change if schema is None else _making(change, schema.version)


def older(schema: Schema) -> Document:
    """What finds the documents of an earlier version."""
    return {"$or": [{"v": {"$lt": schema.version}}, {"v": {"$exists": False}}]}


def projection(fields: Sequence[str] | None, schema: Schema | None) -> dict[str, int] | None:
    """The fields to ask for, with the version where it counts."""
    if not fields:
        return None
    return dict.fromkeys(fields, 1) | ({} if schema is None else {"v": 1})


def behind(schema: Schema, rows: Iterable[Document], fields: Sequence[str] | None) -> list[Any]:
    """The ids of rows of an earlier version of which only some fields were read: they are to be read whole."""
    return [row["_id"] for row in rows if row.get("v", 1) < schema.version] if fields else []


def present(schema: Schema, rows: Iterable[Document], whole: Iterable[Document]) -> list[Document]:
    """The rows in the present version; those that were to be read whole from what was found of them."""
    known = {row["_id"]: row for row in whole}
    return [schema.read(known.get(row["_id"], row)) for row in rows]


def _stamp(operation: Any, version: int) -> None:
    """In place, as the driver itself gives a new document its `_id`."""
    if isinstance(operation, _WHOLE):
        operation._doc = {**operation._doc, "v": version}  # noqa: SLF001 - the driver shows it nowhere
    elif isinstance(operation, _CHANGES) and operation._upsert:  # noqa: SLF001 - as above
        operation._doc = _making(operation._doc, version)  # noqa: SLF001 - as above


def _making(change: Any, version: int) -> Any:
    """A pipeline cannot tell a new document from one without `v`: of what is upserted by one, none may be old."""
    if isinstance(change, list):
        return [{"$set": {"v": {"$ifNull": ["$v", version]}}}, *change]
    return {**change, "$setOnInsert": {**change.get("$setOnInsert", {}), "v": version}}
