"""Publication among the country's 2,301 municipalities: seconds of each step, sizes of the files, memory."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import psutil

from benchmarks.figures import Figure, Sample
from benchmarks.ground import Look, ground
from benchmarks.municipalities import MANY, scored
from benchmarks.resident import resident, settle
from deploy.cli.api import Api
from services.scoring.domain.publication.edition import ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.local import Platform

PERIOD = "2022"
EVERY = 0.02
MIB = 2**20
PATIENCE = 20.0
LOAD_GOAL = 200.0


@dataclass(slots=True)
class Peaks:
    """The greatest resident memory seen, in MiB, of the service and of one child of it; the longest wait, in ms."""

    service: float = 0.0
    child: float = 0.0
    wait: float = 0.0


@contextmanager
def watched(pid: int, url: str) -> Iterator[Peaks]:
    """Look at the memory of a process and of its children, and ask whether it lives, until the end of the block.

    The longest answer to that says for how long its event loop did nothing else.
    """
    peaks, over = Peaks(), threading.Event()

    def look() -> None:
        process = psutil.Process(pid)
        while not over.wait(EVERY):
            peaks.service = max(peaks.service, resident(pid))
            peaks.child = max([peaks.child, *(resident(one.pid) for one in process.children())])

    def ask() -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            while not over.wait(EVERY):
                began = time.perf_counter()
                client.get(url).raise_for_status()
                peaks.wait = max(peaks.wait, (time.perf_counter() - began) * 1000)

    eyes = [threading.Thread(target=one) for one in (look, ask)]
    for eye in eyes:
        eye.start()
    try:
        yield peaks
    finally:
        over.set()
        for eye in eyes:
            eye.join()


@dataclass(slots=True)
class Step:
    """One step of the way: what it took, and the memory meanwhile."""

    seconds: float
    peaks: Peaks


class Way:
    """An edition from draft to publication and again from its facts, each step timed."""

    def __init__(self, platform: Platform, tell: Callable[[str], None]) -> None:
        self._platform, self._tell = platform, tell
        self._operator = Api(settings=platform.settings)
        self._ministry = Api("ministry", settings=platform.settings)
        self._pid = platform.pid("scoring") or 0
        self.steps: dict[str, Step] = {}
        self.edition: dict[str, Any] = {}

    def walk(self) -> None:
        """All steps; the day of reply is moved into the past in the store, for a day cannot be waited out."""
        today = datetime.now(ZONE).date()
        self.edition = self._step("draft", self._operator, "", {"period": PERIOD, "reply_until": str(today + DAY)})
        yesterday = {"$set": {"reply_until": str(today - DAY)}}
        asyncio.run(_set(self._platform, self.edition["id"], yesterday))
        self.edition = self._step("freeze", self._ministry, "/freeze", None)
        act = {"number": "01-14", "date": str(today)}
        self.edition = self._step("publish", self._ministry, "/publish", {"act": act})
        self._step("reproduce", self._operator, "/reproduce", None)

    def _step(self, name: str, api: Api, deed: str, body: Any) -> dict[str, Any]:
        path = f"/v1/editions/{self.edition['id']}{deed}" if deed else "/v1/editions"
        headers = {"If-Match": f'"{self.edition["revision"]}"'} if deed else {}
        with watched(self._pid, f"{self._platform.settings.url('scoring')}/livez") as peaks:
            began = time.perf_counter()
            answer: dict[str, Any] = api.post("scoring", path, body, headers)
            took = time.perf_counter() - began
        self.steps[name] = Step(took, peaks)
        memory = f"служба {peaks.service:.0f} МиБ, дети {peaks.child:.0f} МиБ"
        self._tell(f"издание, {name}: {took:.1f} с, {memory}, дольше всего ждали ответа {peaks.wait:.0f} мс")
        return answer

    def sizes(self) -> dict[str, float]:
        """The size of each file in MiB."""
        told = self._operator.get("scoring", f"/v1/editions/{self.edition['id']}")
        return {one["name"]: one["size"] / MIB for one in told["files"]}


DAY = timedelta(days=1)


async def _set(platform: Platform, edition: str, change: dict[str, Any]) -> None:
    async with Look(platform.settings, "scoring") as look:
        await look.change("rating_editions", edition, change)


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """One edition of 2,301 municipalities with all procedures; no floor: nothing else makes these files."""
    with ground("scoring") as platform:
        scored(platform, MANY)
        pid = platform.pid("scoring") or 0
        settle([pid])
        idle = resident(pid)
        tell(f"муниципалитетов {MANY}: баллы готовы, служба {idle:.0f} МиБ")
        way = Way(platform, tell)
        way.walk()
        sizes = way.sizes()
    steps = [
        Figure(name=f"publication.{name}", what=DEEDS[name], unit="с", ours=Sample((one.seconds,)), goal=PATIENCE)
        for name, one in way.steps.items()
    ]
    files = [_mib(name, f"размер {name}", sizes[name]) for name in FILES]
    peaks = [one.peaks for one in way.steps.values()]
    return [
        *steps,
        *files,
        _mib("idle", f"память службы с баллами {MANY} муниципалитетов", idle),
        _mib("service", "наибольшая память службы", max(one.service for one in peaks), LOAD_GOAL),
        _mib("child", "наибольшая память дочернего процесса", max(one.child for one in peaks)),
        Figure(
            name="publication.wait",
            what="дольше всего ждали ответа на другой запрос",
            unit="мс",
            ours=Sample((max(one.wait for one in peaks),)),
        ),
    ]


DEEDS = {
    "draft": "проект издания, муниципалитеты оповещены",
    "freeze": "заморозка",
    "publish": "публикация: все файлы, подпись",
    "reproduce": "повтор из сведений, байт в байт",
}
FILES = ("content.json", "overall.csv", "rating.xlsx", "rating.pdf", "manifest.jws")


def _mib(name: str, what: str, size: float, goal: float | None = None) -> Figure:
    return Figure(name=f"publication.{name}", what=what, unit="МиБ", ours=Sample((size,)), goal=goal)
