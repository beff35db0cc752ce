"""A process whose group nothing brings back ends itself, under the real supervisor: a new one goes on."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.platform import Platform
from deploy.local.processes import Program, launch
from deploy.local.programs import UVICORN, Plan
from deploy.local.settings import Settings as LocalSettings
from shared.mongo import Database, Mongo
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.ending_app import BREAKS
from tests.integration.shared.test_broker import headers, seen, sending, value


@pytest.fixture
async def supervised(
    settings: Settings, mongo: Mongo, topic: str, tmp_path: Path
) -> AsyncIterator[tuple[Platform, Database]]:
    """The supervisor of `./rsoko up` with one service of two groups, and where that stores."""
    platform = Platform(LocalSettings.spare(tmp_path))
    local, database = platform.settings, mongo.database(f"test_{settings.instance.removeprefix('test-')}")
    for folder in (local.run, local.logs):
        folder.mkdir()
    port = str(local.port("scoring"))
    toy = Program(
        name="toy",
        argv=(sys.executable, "-m", "shared.serving", f"{__package__}.ending_app:create", "--port", port, *UVICORN),
        env={
            "RSOKO_ENV": "local",
            "RSOKO_KAFKA": settings.kafka[0],
            "RSOKO_MONGO": settings.mongo.get_secret_value(),
            "RSOKO_INSTANCE": "toy-1",
            "TOY_TOPIC": topic,
            "TOY_NAME": database.name,
        },
        ready=f"http://127.0.0.1:{port}/readyz",
    )
    Plan(ground=(), preparation=None, services=(toy,), ports={}).save(local.run / "plan.json")
    argv = (sys.executable, "-m", "deploy.local.supervisor", str(local.home))
    supervisor = Program(name="supervisor", argv=argv)
    record = launch(supervisor, log=local.logs / "supervisor.log", env=dict(os.environ), bonded=True)
    record.save(local.run)
    yield platform, database
    await asyncio.to_thread(platform.down)
    await database.drop()


def lines(log: Path) -> list[dict[str, Any]]:
    """What a service told."""
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


async def degraded(platform: Platform) -> list[str] | None:
    """What the service does without; None while it cannot be asked."""
    try:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{platform.settings.port('scoring')}/readyz")
    except httpx.TransportError:
        return None
    return list(answer.json()["degraded"]) if answer.status_code == 200 else None


async def test_a_process_whose_fetching_broke_off_ends_itself_and_comes_back(
    supervised: tuple[Platform, Database], settings: Settings, topic: str
) -> None:
    platform, database = supervised

    async def consumes() -> bool:
        return await degraded(platform) == []

    async def both_saw(number: int) -> bool:
        return list(await seen(database, "a")).count(number) == 2

    await eventually(consumes, what="the service consumes")
    first = platform.pid("toy")
    async with sending(settings) as producer:
        await producer.send_and_wait(topic, value("a", BREAKS), headers=headers(), partition=0)
        await eventually(lambda: platform.pid("toy") not in {first, None}, what="a new process")
        await producer.send_and_wait(topic, value("a", 67), headers=headers(), partition=0)
        await eventually(lambda: both_saw(67), what="the new process goes on, as soon as it is there")
    assert (
        "toy died (exit 75: it ended itself, its log says why), restart 1 in 0 s"
        in (platform.settings.logs / "supervisor.log").read_text()
    )
    told = lines(platform.settings.logs / "toy.log")
    [why] = [one for one in told if one["event"] == "service.ends-itself"]
    assert (why["level"], why["group"]) == ("critical", f"first-{topic}")
    assert why["reason"] == "fetching ended: KafkaError of AssertionError"
    events = [one["event"] for one in told]
    assert (events.count("consumer.left"), events.count("service.stopped")) == (2, 1)
    assert sorted(await seen(database, "a")) == [BREAKS, BREAKS, 67, 67], "neither lost nor repeated"
