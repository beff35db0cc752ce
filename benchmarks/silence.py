"""How long a killed and restarted worker stays silent under load, beside a bare consumer with static membership."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer

from benchmarks.events import RESULT_TOPIC, SCORE_TOPIC, region_of, results, send_letters
from benchmarks.figures import Figure, Sample
from benchmarks.ground import ground, teach_scoring
from deploy.local.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deploy.local import Platform
    from shared.envelope import Letter

ROUNDS, PORTION, EVERY = 3, 20, 0.05
GOAL = 1.5
FLOOR_TOPIC = "notification.delivery.v1"  # there anyway, and read by nobody here
BACK = "Started server process"


@dataclass(frozen=True, slots=True)
class Silence:
    """Seconds to the next output from the kill, from the new process's start, and from its being back.

    Back is a process that has loaded its modules and begins to start (0 where it was faster than its log).
    """

    whole: float
    started: float
    back: float


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Kill and restart ours and the bare consumer in turn, while results keep coming."""
    ours: list[Silence] = []
    floor: list[Silence] = []
    with ground("scoring") as platform:
        municipalities = region_of(43)
        platform.start_service("scoring")
        teach_scoring(platform, municipalities)
        letters = results([one.id for one in municipalities], first=1, revisions=100_000)
        for number in range(ROUNDS):
            ours.append(asyncio.run(_under_load(platform, letters, Ours(platform))))
            platform.stop("scoring")
            floor.append(asyncio.run(_under_load(platform, letters, Bare(platform))))
            platform.start_service("scoring")
            told = f"{ours[-1].started:.2f} и {floor[-1].started:.2f} с от запуска процесса"
            tell(f"молчание, круг {number + 1}: {told}")
    return [
        Figure(
            name="silence.whole",
            what="kill -9 работника под нагрузкой → следующее событие (у ориентира: потребитель без служб)",
            unit="с",
            ours=Sample(tuple(one.whole for one in ours)),
            floor=Sample(tuple(one.whole for one in floor)),
            bound="запуск Python и загрузка модулей",
        ),
        Figure(
            name="silence.back",
            what="от возвращения процесса (модули загружены) до следующего события",
            unit="с",
            ours=Sample(tuple(one.back for one in ours)),
            goal=GOAL,
            bound="соединение с MongoDB, чтение карточек, вход в группу, аренда",
        ),
    ]


class Ours:
    """The scoring process, started again at once, as the supervisor does."""

    topic = SCORE_TOPIC

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def start(self) -> None:
        """It runs already."""

    def restart(self) -> float:
        """Kill and start; the moment of the start, by the wall clock. Returns when the process is ready."""
        self._platform.kill("scoring")
        while self._platform.pid("scoring"):
            time.sleep(0.001)
        at = time.time()
        self._platform.start_service("scoring")
        return at

    def back(self, started: float) -> float:
        """When the process had loaded its modules, by its own log."""
        log = (self._platform.settings.logs / "scoring.log").read_text(encoding="utf-8")
        lines = [json.loads(line) for line in log.splitlines() if BACK in line]
        return max(started, datetime.fromisoformat(lines[-1]["timestamp"]).timestamp())

    def stop(self) -> None:
        """It is stopped by the platform."""


class Bare:
    """The bare consumer with a fixed instance id."""

    topic = FLOOR_TOPIC

    def __init__(self, platform: Platform) -> None:
        task: dict[str, Any] = {
            "kafka": platform.settings.kafka_address,
            "mongo": platform.settings.mongo_uri,
            "topic": RESULT_TOPIC,
            "target": FLOOR_TOPIC,
            "group": "floor",
            "collection": "silence",
            "events": 10**9,
            "instance": "floor-1",
        }
        self._command = (sys.executable, "-m", "benchmarks.floors.consuming", json.dumps(task))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process."""
        self._process = subprocess.Popen(self._command, cwd=ROOT)  # noqa: S603 - our own words

    def restart(self) -> float:
        """Kill and start; the moment of the start, by the wall clock."""
        self.stop()
        at = time.time()
        self.start()
        return at

    def back(self, started: float) -> float:
        """It keeps no log: its start."""
        return started

    def stop(self) -> None:
        """Kill the process."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


async def _under_load(platform: Platform, letters: Iterator[Letter], worker: Ours | Bare) -> Silence:
    """One kill under a steady flow of results, once outputs flow."""
    kafka = platform.settings.kafka_address
    consumer = AIOKafkaConsumer(worker.topic, bootstrap_servers=kafka, auto_offset_reset="latest")
    await consumer.start()
    await consumer.seek_to_end()
    flow = asyncio.create_task(_flow(kafka, letters))
    try:
        worker.start()
        await _output(consumer, after=time.time())
        await asyncio.sleep(1)
        killed = time.time()
        started = await asyncio.to_thread(worker.restart)
        output = await _output(consumer, after=started)
        return Silence(output - killed, output - started, output - worker.back(started))
    finally:
        flow.cancel()
        await asyncio.gather(flow, return_exceptions=True)
        worker.stop()
        await consumer.stop()


async def _output(consumer: AIOKafkaConsumer, *, after: float) -> float:
    """When the first output later than this moment was made, by its record's time."""
    async with asyncio.timeout(60):
        while True:
            record = await consumer.getone()
            if record.timestamp / 1000 >= after:
                return float(record.timestamp / 1000)


async def _flow(kafka: str, letters: Iterator[Letter]) -> None:
    with contextlib.suppress(StopIteration):
        while True:
            await send_letters(kafka, [next(letters) for _ in range(PORTION)])
            await asyncio.sleep(EVERY)
