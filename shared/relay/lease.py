"""The relay's lease: who may send, by the server's clock and with an epoch that fences everybody before."""

import time
from dataclasses import dataclass
from typing import Any

from shared.mongo import Database, Fenced, Tx, UpdateOne

LEASE_SECONDS = 6.0


@dataclass(slots=True)
class Lease:
    """Who may send: an owner, known by its stable id, with an epoch that fences everybody before it."""

    database: Database
    owner: str
    seconds: float = LEASE_SECONDS
    epoch: int = 0
    renewed: float = 0.0

    async def acquire(self) -> bool:
        """Take the lease if it is free, over, or our own from an earlier life; by the server's clock."""
        free = {
            "$or": [
                {"$eq": [{"$ifNull": ["$owner", self.owner]}, self.owner]},
                {"$lt": ["$expires", "$$NOW"]},
            ]
        }
        taken = self._claim({"$add": [{"$ifNull": ["$epoch", 0]}, 1]})["$set"]
        keep_or_take = {"$set": {name: {"$cond": [free, value, f"${name}"]} for name, value in taken.items()}}
        found = await self.database.update("leases", {"_id": "relay"}, [keep_or_take], upsert=True)
        if found is None or found["owner"] != self.owner:
            return False
        self.epoch, self.renewed = int(found["epoch"]), time.monotonic()
        return True

    async def keep(self) -> None:
        """Renew it when a third of its time is over."""
        if time.monotonic() - self.renewed > self.seconds / 3:
            await self.renew()

    async def renew(self) -> None:
        """Keep the lease; raises `Fenced` when another owner or a later life of ours has it."""
        mine = {"_id": "relay", "owner": self.owner, "epoch": self.epoch}
        if await self.database.update("leases", mine, [self._claim(self.epoch)]) is None:
            raise Fenced("relay")
        self.renewed = time.monotonic()

    async def release(self) -> None:
        """Let the next one in at once."""
        mine = {"_id": "relay", "owner": self.owner, "epoch": self.epoch}
        await self.database.update("leases", mine, [{"$set": {"expires": "$$NOW"}}])

    async def hold(self, tx: Tx) -> None:
        """Inside a transaction: go on only while the lease is ours, and keep it."""
        mine = {"_id": "relay", "owner": self.owner, "epoch": self.epoch}
        if not await tx.write("leases", [UpdateOne(mine, [self._claim(self.epoch)])]):
            raise Fenced("relay")

    def _claim(self, epoch: Any) -> dict[str, Any]:
        until = {"$add": ["$$NOW", int(self.seconds * 1000)]}
        return {"$set": {"owner": self.owner, "epoch": epoch, "expires": until}}
