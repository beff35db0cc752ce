"""Signed messages per second to one receiver, each stored and its outcome written down; beside a bare POST loop."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from benchmarks.figures import Figure, Sample
from benchmarks.ground import Look, ground, until
from deploy.cli.api import Api
from deploy.local.processes import ROOT
from services.notification.domain import Facts, GroupChange, ResultCause, ScoreFact, Standing
from services.notification.store import SCHEMAS, FeedStore
from shared.mongo import Mongo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.local import Platform

ROUNDS, MESSAGES, WARM = 3, 1500, 200
GOAL = 0.5
BEFORE = Standing("scored", "72", "95", "72/95", 76, "above_average", 3)
AFTER = replace(BEFORE, points="74", share="74/95", percent=78, rank=1)


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Rounds of our messages in turn with rounds of the bare loop, to the same receiver."""
    os.environ["RSOKO_WEBHOOK_PRIVATE"] = "1"
    try:
        with ground("notification") as platform, _receiver() as url:
            platform.start_service("notification")
            ours, floor = asyncio.run(_rounds(platform, url, tell))
    finally:
        del os.environ["RSOKO_WEBHOOK_PRIVATE"]
    return [
        Figure(
            name="webhooks",
            what="подписанные сообщения вебхука одному приёмнику, ориентир: голый цикл POST",
            unit="1/с",
            ours=Sample(tuple(ours)),
            floor=Sample(tuple(floor)),
            goal=GOAL,
            better="more",
            bound="запись доставки и её исхода в MongoDB; клиент httpx — около половины времени",
        )
    ]


@contextmanager
def _receiver() -> Iterator[str]:
    """The receiver in a process of its own; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ("-m", "uvicorn", "benchmarks.floors.receiver:receiver", "--port", str(port), "--log-level", "critical")
    process = subprocess.Popen((sys.executable, *words, "--lifespan", "off"), cwd=ROOT)  # noqa: S603 - our own words
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        process.terminate()
        process.wait()


async def _rounds(platform: Platform, url: str, tell: Callable[[str], None]) -> tuple[list[float], list[float]]:
    api = Api("ministry", settings=platform.settings)
    mongo = Mongo(platform.settings.mongo_uri, by="bench")
    feed, ours, floor, revision = FeedStore(mongo.database("notification", SCHEMAS)), [], [], 0
    async with Look(platform.settings, "notification") as look, httpx.AsyncClient() as client:
        await until(lambda: _listens(client, url))
        for count in (WARM, *[MESSAGES] * ROUNDS):
            webhook = api.post("notification", "/v1/webhooks", {"url": url})
            ours.append(await _sent(feed, look, client, url=url, begin=revision, count=count))
            api.call("DELETE", "notification", f"/v1/webhooks/{webhook['id']}")
            revision += count
            floor.append(await _looped(client, url, count))
            tell(f"вебхуки: {ours[-1]:.0f} и {floor[-1]:.0f} сообщений в секунду")
    mongo.close()
    return ours[1:], floor[1:]


async def _listens(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx.ConnectError:
        return False


async def _seen(client: httpx.AsyncClient, url: str) -> tuple[int, float]:
    """How many messages the receiver has had, and when the last one came."""
    told = (await client.get(url)).json()
    return int(told["count"]), float(told["last"])


async def _sent(feed: FeedStore, look: Look, client: httpx.AsyncClient, *, url: str, begin: int, count: int) -> float:
    """The feed grows at once; the service finds it, stores a delivery for each row, sends it and notes the outcome."""
    already, _ = await _seen(client, url)
    await feed.keep(Facts(told=tuple(_fact(begin + number) for number in range(1, count + 1))))

    async def begun() -> bool:
        return await look.count("deliveries") > 0

    async def done() -> bool:
        return (await _seen(client, url))[0] == already + count

    await until(begun, pause=0.005)
    began = time.monotonic()
    await until(done, pause=0.05)
    return count / ((await _seen(client, url))[1] - began)


async def _looped(client: httpx.AsyncClient, url: str, count: int) -> float:
    body = b'{"type": "score_changed", "data": {"padding": "' + b"x" * 1800 + b'"}}'
    began = time.monotonic()
    for _ in range(count):
        (await client.post(url, content=body, headers={"content-type": "application/json"})).raise_for_status()
    return count / (time.monotonic() - began)


def _fact(revision: int) -> ScoreFact:
    return ScoreFact(
        municipality="74-zlatoustovsky-go",
        period="2022",
        revision=revision,
        methodology="complex-analytics-2022",
        changes=(GroupChange("overall", BEFORE, AFTER),),
        causes=(ResultCause("r1", 2, "vpr"),),
        causes_count=1,
        data_at=datetime(2022, 11, 1, 7, tzinfo=UTC),
    )
