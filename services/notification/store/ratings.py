"""What was told last of each rating: Kafka keeps its changes longer than the feed keeps its rows."""

from collections.abc import Sequence

from services.notification.domain import RatingFact, Told, rating_news, rating_of
from shared.mongo import ReplaceOne, Tx

COLLECTION = "ratings"


async def keep_ratings(tx: Tx, told: Sequence[Told], home: str) -> set[str]:
    """Note the newest change of each rating, and say which of these were told before."""
    facts = [fact for fact in told if isinstance(fact, RatingFact)]
    if not facts:
        return set()
    found = await tx.find(COLLECTION, {"_id": {"$in": sorted({rating_of(fact, home) for fact in facts})}})
    fresh = rating_news(facts, {row["_id"]: (int(row["sequence"]), row["data_at"]) for row in found}, home)
    rows = {
        rating: {"_id": rating, "sequence": fact.sequence, "data_at": fact.data_at}
        for fact in fresh
        for rating in [rating_of(fact, home)]
        if fact.sequence is not None
    }
    tx.put(COLLECTION, [ReplaceOne({"_id": rating}, row, upsert=True) for rating, row in rows.items()])
    return {fact.id for fact in facts} - {fact.id for fact in fresh}
