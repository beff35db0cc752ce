"""The platform under measurement: Kafka, MongoDB and the issuer of its own, services started by hand."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psutil
from motor.motor_asyncio import AsyncIOMotorClient  # noqa: TID251 - looks on from outside, not through our store

from benchmarks.events import described, registered, send_letters
from deploy.cli.api import Api
from deploy.cli.bringing import put_document
from deploy.local import Failed, Platform, Settings
from deploy.local.processes import ROOT
from deploy.local.region import METHODOLOGY, read_region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from services.registry.events import MunicipalityRegistered

WITHIN = 100.0
LOOK_SECONDS = 0.02
COMMANDS = ("aggregate", "commitTransaction", "delete", "find", "findAndModify", "insert", "update")


@contextmanager
def ground(*services: str) -> Iterator[Platform]:
    """Kafka, MongoDB, issuer, topics and indexes for these services (none of them started); gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="rsoko-bench-"))
    platform = Platform(Settings.spare(home, apps=Settings.from_env().apps))
    try:
        platform.up(("identity",))
        prepare = (sys.executable, "-m", "deploy.local.prepare", *services)
        subprocess.run(prepare, cwd=ROOT, env=platform.settings.environ(), check=True)  # noqa: S603 - our own words
        yield platform
    finally:
        for name in reversed(services):
            for number in (1, 2):
                platform.stop(name if number == 1 else f"{name}-{number}")
        platform.down()
        shutil.rmtree(home, ignore_errors=True)


def teach_scoring(platform: Platform, municipalities: Sequence[MunicipalityRegistered]) -> None:
    """Tell a running scoring service of the municipalities, the procedures and the built-in methodology."""
    letters = [*(registered(one) for one in municipalities), *described()]
    asyncio.run(send_letters(platform.settings.kafka_address, letters))
    with Api("ministry", settings=platform.settings) as ministry:
        put_document(ministry, "/v1/methodologies", METHODOLOGY, read_region().methodology)


class Look:
    """What stands in the store of one service, read past the service."""

    def __init__(self, settings: Settings, service: str) -> None:
        self._client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(settings.mongo_uri, w=1)
        self._db = self._client[service]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._client.close()

    async def reached(self, group: str, topic: str) -> int:
        """How many records of a topic a group has stored (the sum of its next offsets)."""
        rows = self._db["positions"].find({"_id": {"$regex": f"^{group}\\|{topic}\\|"}}, {"next": 1})
        return sum([int(row["next"]) async for row in rows])

    async def waiting(self) -> int:
        """How many rows wait in the outbox."""
        return await self._db["outbox"].count_documents({})

    async def commands(self) -> int:
        """How many reads and writes MongoDB has been asked for since its start, by anybody."""
        told = (await self._client.admin.command("serverStatus"))["metrics"]["commands"]
        return sum(int(told[name]["total"]) for name in COMMANDS)

    async def count(self, collection: str) -> int:
        """How many documents a collection holds, by its own bookkeeping."""
        return await self._db[collection].estimated_document_count()

    async def put(self, collection: str, rows: Sequence[dict[str, Any]]) -> None:
        """Documents as the service would have stored them."""
        await self._db[collection].insert_many(rows, ordered=False)

    async def change(self, collection: str, identity: str, change: dict[str, Any]) -> None:
        """Change a document as only a clock could."""
        await self._db[collection].update_one({"_id": identity}, change)

    async def level(self, collection: str) -> bool:
        """Whether everything that was wanted of each document was done."""
        behind = {"$expr": {"$ne": ["$wanted", "$done"]}}
        return await self._db[collection].count_documents(behind) == 0


async def until(condition: Callable[[], Any], *, seconds: float = WITHIN, pause: float = LOOK_SECONDS) -> float:
    """Wait for an awaited condition; the moment at which it held. Failed when it never does."""
    end = time.perf_counter() + seconds
    while not await condition():
        if time.perf_counter() > end:
            raise Failed(f"измерение не дождалось своего конца за {seconds:g} с", "посмотрите, чем занята машина")
        await asyncio.sleep(pause)
    return time.perf_counter()


def cpu_seconds(pids: Sequence[int]) -> float:
    """User and system time that these processes have used so far."""
    used = (psutil.Process(pid).cpu_times() for pid in pids)
    return sum(times.user + times.system for times in used)
