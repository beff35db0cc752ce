"""What tests on the real broker hear and do, free of pytest: a service of its own process imports it as well."""

import asyncio
from typing import Any, ClassVar

from shared.batch import Batch
from shared.kernel import Event, Refused
from shared.mongo import Database, Tx, UpdateOne


class ThingDone(Event):
    """A thing of the test was done."""

    TYPE: ClassVar[str] = "ru.rsoko.test.thing.done.v1"
    thing: str
    number: int

    @property
    def key(self) -> str:
        return self.thing


class Counting:
    """A use case that adds up numbers per thing, in the batch's own transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sizes: list[int] = []

    async def take(self, batch: Batch[ThingDone]) -> None:
        self.sizes.append(len(batch.heard))

        async def body(tx: Tx) -> None:
            for heard in batch.heard:
                if heard.event.number == 13:
                    tx.bury(batch.buried(heard, Refused("unlucky", "Несчастливое число")))
                    continue
                if heard.event.number == 99:
                    raise ZeroDivisionError
                await tx.write(
                    "sums",
                    [
                        UpdateOne(
                            {"_id": heard.event.thing},
                            {"$inc": {"n": 1}, "$push": {"seen": heard.event.number}},
                            upsert=True,
                        )
                    ],
                )

        await self.database.transact(body, batch=batch)


def cut_off(fetcher: Any) -> None:
    """As a bug of aiokafka's does: what fetches raises, and so does the task that waits for it."""

    async def fails() -> None:
        raise AssertionError

    fetcher._pending_tasks.add(asyncio.create_task(fails()))
    fetcher._notify(fetcher._wait_consume_future)
