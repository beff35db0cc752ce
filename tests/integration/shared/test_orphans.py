"""A killed process leaves its transaction open on the server: its next life must not wait for the locks."""

import sys
from asyncio import create_subprocess_exec, timeout
from asyncio.subprocess import PIPE

from deploy.local import Settings as LocalSettings
from shared.mongo import Database, Mongo, ReplaceOne, Tx

LEAVE_OPEN = """
import asyncio, sys
from shared.mongo import Mongo, ReplaceOne

async def main(uri, database):
    async def body(tx):
        await tx.write("things", [ReplaceOne({"_id": "a"}, {"n": 1}, upsert=True)])
        print("open", flush=True)
        await asyncio.Event().wait()
    await Mongo(uri, by="worker-1").database(database).transact(body, deadline=600)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_restarted_worker_ends_the_transaction_that_its_killed_life_left_open(
    stores: LocalSettings, database: Database
) -> None:
    argv = (sys.executable, "-c", LEAVE_OPEN, stores.mongo_uri, database.name)
    killed = await create_subprocess_exec(*argv, stdout=PIPE, env=stores.environ())
    assert killed.stdout is not None
    assert await killed.stdout.readline() == b"open\n"
    killed.kill()
    await killed.wait()
    again = Mongo(stores.mongo_uri, by="worker-1")
    try:
        assert await again.end_orphans() == 1

        async def body(tx: Tx) -> None:
            await tx.write("things", [ReplaceOne({"_id": "a"}, {"n": 2}, upsert=True)])

        async with timeout(3):
            await again.database(database.name).transact(body)
        assert await again.end_orphans() == 0
    finally:
        again.close()
    assert (await database.find_one("things", {"_id": "a"}) or {})["n"] == 2
