"""A service of two groups whose fetching breaks off, as of a bug of aiokafka, where it is told so by a record."""

import os

from fastapi import FastAPI

from shared import ending
from shared.batch import Batch
from shared.broker import Listener
from shared.broker.listener import reader_of
from shared.mongo.schema import Schema
from shared.service import Service
from shared.settings import load
from tests.integration.shared.toys import Counting, ThingDone, cut_off

BREAKS = 66


def create() -> FastAPI:
    """The application; its topic and its database, of which it is called, are those of the test."""
    ending.SETTLED, ending.LOOK = 1.0, 0.1
    topic, name = os.environ["TOY_TOPIC"], os.environ["TOY_NAME"]
    service = Service(name, load(), title="Проба", schemas=[Schema("sums")])
    counting = Counting(service.database)

    async def take(batch: Batch[ThingDone]) -> None:
        await counting.take(batch)
        if any(heard.event.number == BREAKS for heard in batch.heard):
            cut_off(service.consumers[0].get()._fetcher)

    for group, handle in (("first", take), ("second", Counting(service.database).take)):
        service.listen(
            Listener(f"{group}-{topic}", {topic: {ThingDone.TYPE: reader_of(ThingDone)}}, handle, "test.dlq")
        )
    return service.app(None, routers=(), tells=(), hears=())
