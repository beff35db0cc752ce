"""Cards and facts between the store and the domain: names, documents, writes over a version, reads of many."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from services.scoring.domain import CardKey, Fact, Rescored, card_document, card_from, fact_from
from services.scoring.domain.card_document import card_changes
from services.scoring.domain.league import League, league_of
from services.scoring.domain.mirror import Stored
from shared.mongo import Document, InsertOne, ReplaceOne, Tx, UpdateOne

Find = Callable[..., Awaitable[list[Document]]]


def card_id(key: CardKey) -> str:
    """How a card is named in the store."""
    return f"{key[0]}|{key[1]}"


def key_of(identity: str) -> CardKey:
    """The key behind `card_id`."""
    municipality, _, period = identity.rpartition("|")
    return municipality, period


def stored_document(stored: Stored, by: str) -> Document:
    """A card as it is kept, with its version, time and writer."""
    return card_document(stored.card) | {"_id": card_id(stored.card.key)} | _mark(stored, by)


def _mark(stored: Stored, by: str) -> Document:
    """The version and time of a write, and a name of its writer that differs with each write (see the watch)."""
    return {"version": stored.version, "at": stored.at, "by": f"{by}#{stored.version}", "loud": stored.loud}


def write_of(stored: Stored, before: Stored | None, by: str) -> InsertOne[Document] | UpdateOne | ReplaceOne[Document]:
    """The operation that stores a card over the version before it: only what changed."""
    if before is None:
        return InsertOne(stored_document(stored, by))
    at_version = {"_id": card_id(stored.card.key), "version": before.version}
    changes = card_changes(before.card, stored.card)
    if changes is None:
        return ReplaceOne(at_version, stored_document(stored, by))
    return UpdateOne(at_version, {"$set": changes | _mark(stored, by)})


def stored_from(document: Mapping[str, Any]) -> Stored:
    """The card behind `stored_document`."""
    return Stored(card_from(document), document["version"], document["at"], document.get("loud", False))


def ids_of(region: str) -> Document:
    """The condition that an id begins with the number of a region; that it has none, where there is no number."""
    return {"$gte": f"{region}-", "$lt": f"{region}."} if region else {"$not": {"$regex": r"^[0-9]{2,3}-"}}


async def cards_of(
    find: Find, collection: str, keys: Collection[CardKey], leagues: Collection[League] = ()
) -> list[Document]:
    """The cards of these keys, and all of these leagues, as they stand in a collection."""
    where: list[Document] = []
    if keys:
        where.append({"_id": {"$in": [card_id(key) for key in keys]}})
    where += [{"period": period, "municipality": ids_of(region)} for region, period in sorted(leagues)]
    return await find(collection, where[0] if len(where) == 1 else {"$or": where}) if where else []


def next_of(decided: Rescored, before: Mapping[CardKey, Stored], now: datetime) -> tuple[Stored, ...]:
    """The cards of a decision as they are to be stored over those that it was made from."""
    loud = {(told.event.municipality, told.event.period) for told in decided.told if not told.event.quiet}
    moved = {turn.after.league for turn in decided.scales if turn.told and not turn.told.quiet}
    stored = []
    for card in decided.cards:
        held = before.get(card.key)
        is_loud = card.key in loud or card.league in moved
        stored.append(Stored(card, held.version + 1 if held else 1, now, is_loud))
    return tuple(stored)


async def facts_of_keys(tx: Tx, keys: Collection[CardKey], leagues: Collection[League] = ()) -> list[Fact]:
    """The facts of these municipalities' own results, and all of these leagues."""
    by_period: dict[str, list[str]] = {}
    for municipality, period in keys:
        if league_of(municipality, period) not in leagues:
            by_period.setdefault(period, []).append(municipality)
    among: list[Document] = [{"period": period, "municipality": {"$in": found}} for period, found in by_period.items()]
    among += [{"period": period, "municipality": ids_of(region)} for region, period in sorted(leagues)]
    where = {"$or": among, "organization": {"$exists": False}}
    return [fact_from(row) for row in await tx.find("facts", where)] if among else []
