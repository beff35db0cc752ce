"""Indexes and validators declared beside each store, applied by one command."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Index:
    """An index: its keys in order, whether it is unique, after how many seconds rows expire.

    `partial`: which documents it holds. A query takes it only where MongoDB can prove that it asks for nothing else:
    by `{"$exists": True}` or `{"$gt": ""}` of a named value it does, by `$type` never. `word` ends the name of an index
    whose keys an earlier version had with another filter.
    """

    keys: Sequence[tuple[str, int]]
    unique: bool = False
    expire_after: int | None = None
    partial: Mapping[str, Any] | None = None
    word: str = ""

    @property
    def name(self) -> str:
        """A name that follows from the keys, so that applying it again changes nothing."""
        keys = [f"{key.replace('.', '-')}_{order}" for key, order in self.keys]
        return "_".join([*keys, self.word] if self.word else keys)


@dataclass(frozen=True, slots=True)
class Schema:
    """One collection: indexes, JSON-Schema validator, its document version and how older documents are read.

    A document without `v` is of version 1. `Versions` reads and writes by it, for every store. To raise the version of
    what is changed in place (`$set` and the like), first see to it that old documents are written whole: a change in
    place leaves `v` as it was. Conditions, projected fields and pipelines are to suit both versions until `migrate`.
    `gone`: names of indexes of earlier versions; they are dropped as soon as those of this one are there.
    """

    collection: str
    indexes: Sequence[Index] = ()
    validator: Mapping[str, Any] | None = None
    version: int = 1
    upcasters: Mapping[int, Callable[[Document], Document]] = field(default_factory=dict)
    gone: Sequence[str] = ()

    def read(self, document: Document) -> Document:
        """The document in the present version, whatever version it was written in."""
        while (found := int(document.get("v", 1))) < self.version:
            document = {**self.upcasters[found](document), "v": found + 1}
        return document


# As long as the copies on the dead-letter topics (deploy/topics.yaml).
SETTLED_KEPT = 90 * 86_400
NEWEST = (("at", -1), ("_id", -1))
PLATFORM = (
    Schema("outbox", (Index((("at", 1),)),)),
    Schema("counters"),
    Schema("positions"),
    Schema("leases"),
    Schema(
        "dead_letters",
        (
            Index((("group", 1), ("state", 1), ("at", -1))),
            Index(NEWEST),
            Index((("group", 1), ("source", 1), *NEWEST)),
            Index((("state", 1), *NEWEST)),
            Index((("code", 1), *NEWEST)),
            # Redriven or discarded ones; what nobody has decided on is kept.
            Index(
                (("changed_at", 1),),
                expire_after=SETTLED_KEPT,
                partial={"state": {"$in": ["redriven", "discarded"]}},
            ),
        ),
    ),
    Schema("answers", (Index((("at", 1),), expire_after=86_400),)),
    Schema("meta"),
    Schema(
        "journal",
        (Index((("of", 1), ("key", 1), *NEWEST)), Index(NEWEST)),
        {"bsonType": "object", "required": ["of", "key", "at", "role", "before"]},
    ),
)
