"""Documents of the store and what they mean; the condition that keeps a reader within the scope."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notification.domain import (
    EDITION_KINDS,
    ISSUED,
    RATING_CHANGED,
    RECOMMENDATION_DRAFTED,
    SCHOOL_KINDS,
    SCORE_CHANGED,
    AdviceFact,
    DatedName,
    EditionFact,
    Entry,
    IssuedFact,
    Item,
    Mark,
    NameFact,
    RatingFact,
    SchoolFact,
    ScoreFact,
    Step,
    Told,
)
from services.notification.store.before import reads
from shared.mongo import Document
from shared.policy import Scope


def within(scope: Scope, condition: Mapping[str, Any], municipality: str | None = None) -> dict[str, Any]:
    """The condition narrowed to what the reader may see, and to the municipality asked for."""
    conditions = [dict(condition), {} if scope.everything else dict(scope.attributes)]
    if municipality is not None:
        conditions.append({"municipality": municipality})
    return {"$and": conditions}


def listed(scope: Scope, condition: Mapping[str, Any], municipality: str | None = None) -> dict[str, Any]:
    """The same as an inbox lists it: who sees all municipalities, and names none, sees a step of all of them once."""
    whole = scope.everything and municipality is None
    return within(scope, {**condition, "digest": None} if whole else condition, municipality)


def new_entry(fact: Told, number: int, now: datetime) -> Entry:
    if isinstance(fact, RatingFact):
        return Entry(number, None, fact, now)
    if isinstance(fact, AdviceFact):
        return Entry(number, fact.municipality, fact, now)
    return Entry(number, fact.municipality, Item(fact, number, now), now)


def feed_row(entry: Entry, by: str) -> Document:
    told = entry.told
    return {
        "_id": entry.number,
        "key": told.id,
        "kind": _kind(told),
        "municipality": entry.municipality,
        "data": item_row(told) if isinstance(told, Item) else told.document(),
        "at": entry.at,
        "by": by,
        **({"region": told.region, "quiet": told.quiet} if isinstance(told, RatingFact) else {}),
    }


def entry_of(row: Document) -> Entry:
    return Entry(row["_id"], row["municipality"], _told(row), row["at"])


def _kind(told: Item | RatingFact | AdviceFact) -> str:
    if isinstance(told, Item):
        return told.kind
    return RATING_CHANGED if isinstance(told, RatingFact) else RECOMMENDATION_DRAFTED


def _told(row: Document) -> Item | RatingFact | AdviceFact:
    kind, data = row["kind"], row["data"]
    if kind == SCORE_CHANGED or kind in {*EDITION_KINDS, *SCHOOL_KINDS, ISSUED}:
        return item_of(data)
    if kind != RATING_CHANGED:
        return AdviceFact.of(data)
    # The region stands beside what 0.2.0 reads; for some time it stood there.
    return RatingFact(**{"region": row.get("region"), "quiet": row.get("quiet", False), **data})


def item_row(item: Item) -> Document:
    return {
        "_id": item.id,
        "n": item.number,
        **reads(item),
        **item.fact.document(),
        "kind": item.kind,
        "created_at": item.created_at,
    }


def item_of(row: Document) -> Item:
    return Item(_fact(row), row["n"], row["created_at"])


def _fact(row: Document) -> ScoreFact | EditionFact | SchoolFact | IssuedFact:
    if row["kind"] == ISSUED:
        return IssuedFact.of(row)
    if row["kind"] in SCHOOL_KINDS:
        return SchoolFact.of(row)
    return EditionFact.of(row) if row["kind"] in EDITION_KINDS else ScoreFact.of(row)


def mark_of(row: Document) -> Mark:
    return Mark(row["item"], row["read_at"])


def steps_of(row: Document | None) -> list[Step]:
    return [Step(step["n"], step["at"]) for step in row["steps"]] if row else []


def name_of(row: Document) -> NameFact:
    history = tuple(DatedName(**name) for name in row["history"])
    return NameFact(row["kind"], row["key"], row["revision"], history, row.get("region"))
