"""Transactions that a killed process left open: the server would keep their locks until they expire."""

from typing import TYPE_CHECKING, Any

from bson.binary import Binary
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from shared.telemetry import log

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorClient

UNAUTHORIZED = 13


async def end_orphans(client: "AsyncIOMotorClient[dict[str, Any]]", name: str) -> int:
    """Kill the open transactions of earlier processes of this name; how many there were.

    Called before this process opens any. Without it whatever they touched stays locked for
    `transactionLifetimeLimitSeconds` (60 by default), and every batch that needs it waits as long.
    """
    theirs = {"type": "idleSession", "appName": name, "transaction": {"$exists": True}}
    own = {"$currentOp": {"allUsers": False, "idleSessions": True}}
    admin = client.get_database("admin", read_concern=ReadConcern("local"))
    try:
        found = await admin.aggregate([own, {"$match": theirs}]).to_list(None)
        if found:
            await admin.command("killSessions", [{"id": Binary.from_uuid(row["lsid"]["id"])} for row in found])
    except OperationFailure as error:
        if error.code != UNAUTHORIZED:
            raise
        log.warning("mongo.orphans-not-ended", why="unauthorized")
        return 0
    return len(found)
