"""Motor's threads: what waits there for a server does not keep the others waiting."""

import asyncio
import threading

from shared.mongo import Database
from shared.mongo.threads import in_thread

# As many as there are connections.
WAITING = 50


async def test_commands_that_wait_for_the_server_keep_no_read_waiting(database: Database):
    answered = threading.Event()
    waiting = [asyncio.create_task(in_thread(answered.wait)) for _ in range(WAITING)]
    await asyncio.sleep(0)  # they are in their threads first
    try:
        async with asyncio.timeout(10):
            assert await database.find_one("things", {}) is None
    finally:
        answered.set()
        await asyncio.gather(*waiting)
