"""The mark that stands in every service's database while a backup is being restored into it."""

from typing import Final

from shared.mongo.client import Database

RESTORING: Final = "restoring"


class HalfRestored(Exception):
    """What stands in the database is half of something; the text is a Russian sentence with the remedy."""

    def __init__(self) -> None:
        super().__init__("восстановление не закончено: повторите ./rsoko restore с той же копией")


async def refuse_half_restored(database: Database) -> None:
    """Raises `HalfRestored` while a restore is under way, or was interrupted."""
    if await database.find_one(RESTORING, {}):
        raise HalfRestored
