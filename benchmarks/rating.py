"""The rating page, whole and as 304, beside bare FastAPI that returns the same bytes with the same headers."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from benchmarks.events import RESULT_TOPIC, region_of, results, send_letters
from benchmarks.figures import Figure, Sample
from benchmarks.ground import Look, cpu_seconds, ground, teach_scoring, until
from benchmarks.load import Load, put
from deploy.cli.api import Api
from deploy.local import Failed
from deploy.local.probes import is_ready
from deploy.local.processes import ROOT
from deploy.local.programs import UVICORN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.local import Platform

PATH = "/v1/ratings/2022?group=overall"
ROUNDS, SECONDS = 5, 1.5
WHOLE_GOAL, SHORT_GOAL = 0.5, 0.8
DROPPED = {"date", "server", "content-length", "connection"}


@dataclass(frozen=True, slots=True)
class Case:
    """One way of asking: its name, the request's headers, the status expected, the goal if it is judged."""

    name: str
    what: str
    headers: dict[str, str]
    status: int
    goal: float | None


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens and which process it is."""

    port: int
    pid: int


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Five rounds of every case, ours and the floor in turn under the same client."""
    with ground("scoring") as platform:
        api = _scored(platform)
        token = {"authorization": f"Bearer {api.token}"}
        etag = _page(api).headers["etag"]
        cases = (
            Case("rating.200", "страница рейтинга целиком (200)", {}, 200, WHOLE_GOAL),
            Case("rating.304", "страница рейтинга без изменений (304)", {"if-none-match": etag}, 304, SHORT_GOAL),
            Case("rating.token", "то же целиком, с токеном сотрудника", token, 200, None),
        )
        with bare(platform, api) as floor:
            ours = Server(platform.settings.port("scoring"), platform.pid("scoring") or 0)
            return [_figure(case, ours, floor, tell=tell) for case in cases]


def _figure(case: Case, ours: Server, floor: Server, *, tell: Callable[[str], None]) -> Figure:
    values: dict[Server, list[float]] = {ours: [], floor: []}
    used: dict[Server, list[float]] = {ours: [], floor: []}
    client = 0.0
    for number in range(ROUNDS):
        for server in (ours, floor) if number % 2 else (floor, ours):
            before = cpu_seconds([server.pid])
            outcome = put(Load(port=server.port, path=PATH, headers=case.headers, status=case.status, seconds=SECONDS))
            if outcome.wrong:
                raise Failed(f"{case.what}: неверных ответов {outcome.wrong} из {outcome.requests}")
            values[server].append(outcome.rate)
            used[server].append((cpu_seconds([server.pid]) - before) / outcome.requests * 1e6)
            client = max(client, outcome.client)
        tell(f"{case.what}, круг {number + 1}: {values[ours][-1]:,.0f} и {values[floor][-1]:,.0f} запросов/с")
    spent = f"{statistics.median(used[ours]):.0f} мкс на запрос, у ориентира {statistics.median(used[floor]):.0f}"
    return Figure(
        name=case.name,
        what=case.what,
        unit="запросов/с",
        ours=Sample(tuple(values[ours])),
        floor=Sample(tuple(values[floor])),
        goal=case.goal,
        better="more",
        bound=f"процессор сервера: {spent}; клиент один и тот же, занял не более {client:.0%} ядра",
    )


def _scored(platform: Platform) -> Api:
    """A region with scores, its rating open to everybody."""
    municipalities = region_of(43)
    platform.start_service("scoring")
    teach_scoring(platform, municipalities)
    letters = results([one.id for one in municipalities], first=1, revisions=1)
    wanted = asyncio.run(send_letters(platform.settings.kafka_address, letters))
    asyncio.run(_taken(platform, wanted))
    api = Api("ministry", settings=platform.settings)
    api.put("scoring", "/v1/periods/2022/publication", {"public": True, "act": "приказ (измерение)"})
    return api


async def _taken(platform: Platform, wanted: int) -> None:
    async with Look(platform.settings, "scoring") as look:

        async def done() -> bool:
            return await look.reached("scoring", RESULT_TOPIC) >= wanted and not await look.waiting()

        await until(done)


def _page(api: Api, **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(api.url("scoring", PATH), headers=sent)


@contextmanager
def bare(platform: Platform, api: Api) -> Iterator[Server]:
    """The floor's server on a spare port, given the very answer that ours gives."""
    whole = _page(api)
    short = _page(api, if_none_match=whole.headers["etag"])
    page = platform.settings.home / "page.json"
    kept = {"body": whole.text, "headers": _headers(whole), "short": _headers(short)}
    page.write_text(json.dumps(kept), encoding="utf-8")
    port = platform.settings.port("roadmap")
    command = (sys.executable, "-m", "uvicorn", "benchmarks.floors.page:create", "--port", str(port), *UVICORN)
    server = subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=ROOT, env={**os.environ, "RSOKO_BENCH_PAGE": str(page)}, stderr=subprocess.DEVNULL
    )
    try:
        asyncio.run(until(lambda: asyncio.to_thread(is_ready, f"http://127.0.0.1:{port}{PATH}"), seconds=20))
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(10)


def _headers(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.multi_items() if name not in DROPPED]
