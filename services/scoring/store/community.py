"""Items of the expert community: each change decided beside the others of its year, one at a time."""

from collections.abc import Callable, Sequence
from typing import Any

from services.scoring.domain.community import Item
from services.scoring.domain.community.documents import item_document, item_from, item_key
from shared.mongo import Database, ReplaceOne, Tx

Decide = Callable[[Item | None, Sequence[Item]], Item]


class CommunityStore:
    """Reads and changes items."""

    _db: Database

    async def community_items(self, year: int, *, municipality: str | None = None) -> list[Item]:
        """The items of a year (of a municipality), withdrawn ones too, by id."""
        where: dict[str, Any] = {"year": year} | ({"municipality": municipality} if municipality else {})
        return [item_from(row) for row in await self._db.find("community_items", where, sort=[("_id", 1)])]

    async def community_item(self, municipality: str, item: str) -> Item | None:
        """One item, whatever its year."""
        row = await self._db.find_one("community_items", {"_id": item_key(municipality, item)})
        return item_from(row) if row else None

    async def change_item(
        self, municipality: str, item: str, decide: Decide, *, year: int | None = None
    ) -> tuple[Item | None, Item]:
        """The item before and after a decision, which is also given the municipality's items of the year.

        The counter makes writers of one municipality follow one another: two cannot both be the first.
        """

        async def body(tx: Tx) -> tuple[Item | None, Item]:
            row = await tx.find_one("community_items", {"_id": item_key(municipality, item)})
            before = item_from(row) if row else None
            beside = {"municipality": municipality, "year": year}
            others = [] if year is None else [item_from(one) for one in await tx.find("community_items", beside)]
            after = decide(before, others)
            if after is not before:
                await tx.next_number(f"community:{municipality}")
                document = item_document(after)
                await tx.write("community_items", [ReplaceOne({"_id": document["_id"]}, document, upsert=True)])
            return before, after

        return await self._db.transact(body)
