"""What waits in the outbox, for gauges and operators."""

from shared.mongo import Database


async def outbox_state(database: Database) -> tuple[int, float]:
    """How many rows wait, and for how many seconds the oldest has waited."""
    depth = await database.count("outbox", {})
    oldest = await database.find("outbox", {}, fields=["at"], sort=[("at", 1)], limit=1) if depth else []
    age = (database.mongo.clock() - oldest[0]["at"]).total_seconds() if oldest else 0.0
    return depth, max(age, 0.0)
