"""200,000 results of schools into lists and signs: seconds, and the memory of the service and of its child."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks.figures import Figure, Sample
from benchmarks.ground import Look, ground
from benchmarks.resident import resident, settle
from deploy.cli.api import Api
from deploy.local import Failed
from deploy.local.processes import ROOT
from deploy.local.schools import MARKS, YEARS, generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from deploy.local import Platform
    from deploy.local.schools import Generated

SCHOOLS, SEED = 3_704, 1  # times 18 procedures and 3 years: 200,016 results
CHUNK = 2_000
WITHIN = 900.0
EVERY = 0.05
IDLE_GOAL, LOAD_GOAL = 120.0, 200.0
AT = "2022-12-30T07:00:00.000000+00:00"


@dataclass(slots=True)
class Peaks:
    """The greatest resident memory seen, in MiB, and the moments at which something was reached."""

    service: float = 0.0
    child: float = 0.0
    reached: dict[str, float] = field(default_factory=dict)


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Facts are put where the consumer would have stored them; a threshold set then has all schools judged."""
    generated = generate(SCHOOLS, SEED)
    with ground("scoring") as platform, tempfile.TemporaryDirectory(prefix="rsoko-bench-") as folder:
        count = asyncio.run(_fill(platform, generated, Path(folder, "arrays.npz"), tell))
        platform.start_service("scoring")
        pid = platform.pid("scoring") or 0
        settle([pid])
        idle = resident(pid)
        began = time.perf_counter()
        _put_thresholds(platform, generated)
        peaks = asyncio.run(_watched(platform, tell))
        floor = _floor(Path(folder, "arrays.npz"))
    lists, signs = (peaks.reached[name] - began for name in ("lists", "signs"))
    what = f"{count:,} результатов {SCHOOLS:,} школ".replace(",", " ")
    return [
        _seconds("schools.lists", f"{what} → списки с причинами, сохранены", lists, floor["lists"]),
        _seconds("schools.signs", f"{what} → признаки трёх лет, сохранены", signs - lists, floor["signs"]),
        _memory("schools.idle", "память службы в покое", idle, IDLE_GOAL),
        _memory("schools.service", "наибольшая память службы при этом", peaks.service, LOAD_GOAL),
        _memory("schools.child", "наибольшая память процесса с расчётом признаков", peaks.child, None),
    ]


def _seconds(name: str, what: str, ours: float, floor: float) -> Figure:
    bound = "чтение из MongoDB, причины и запись; ориентир — numpy и scipy по готовым массивам, без них"
    return Figure(name=name, what=what, unit="с", ours=Sample((ours,)), floor=Sample((floor,)), bound=bound)


def _memory(name: str, what: str, size: float, goal: float | None) -> Figure:
    return Figure(name=name, what=what, unit="МиБ", ours=Sample((size,)), goal=goal)


async def _fill(platform: Platform, generated: Generated, arrays: Path, tell: Callable[[str], None]) -> int:
    """Facts and procedures into scoring's store, and the same numbers as arrays into a file."""
    columns = Columns(generated)
    count = 0
    async with Look(platform.settings, "scoring") as look:
        await look.put("procedures", [_described(one) for one in generated.procedures])
        for rows in _chunks(generated):
            columns.take(rows)
            await look.put("facts", rows)
            count += len(rows)
            if count % 50_000 < CHUNK:
                tell(f"школы: сохранено фактов {count}")
    columns.save(arrays)
    return count


def _described(procedure: dict[str, Any]) -> dict[str, Any]:
    named = {name: procedure[name] for name in ("name", "group", "permitted_uses", "act", "indicators", "school")}
    return {"_id": procedure["key"], "revision": 1, **named}


def _chunks(generated: Generated) -> Iterator[list[dict[str, Any]]]:
    owners = {one.id: one.municipality for one in generated.schools}
    rows: list[dict[str, Any]] = []
    for body in generated.results():
        school = body["subject"]["organization"]
        result = f"{school}-{body['procedure']}-{body['period']}"
        rows.append({
            "_id": f"{result}:1", "result": result, "revision": 1, "procedure": body["procedure"],
            "period": body["period"], "source": body["source"], "occurred_at": AT, "recorded_at": AT,
            "correlation": "bench", "municipality": owners[school], "organization": school,
            "values": {name: str(value) for name, value in body["values"].items()}, "quiet": True,
        })  # fmt: skip
        if len(rows) == CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


class Columns:
    """The counts of all results by procedure and year, for the floor."""

    def __init__(self, generated: Generated) -> None:
        self._boundaries = generated.boundaries
        self._held: dict[str, list[list[int]]] = {}

    def take(self, rows: Iterable[dict[str, Any]]) -> None:
        """Marks and scores of these facts."""
        for row in rows:
            values, key = row["values"], f"{row['procedure']}|{row['period']}"
            if "m2" in values:
                self._held.setdefault(f"marks|{key}", []).append([int(values[mark]) for mark in MARKS])
            if "p0" in values:
                scores = [int(text) for name, text in values.items() if name[0] == "p" and name[1:].isdigit()]
                self._held.setdefault(f"scores|{key}", []).append(scores)

    def save(self, path: Path) -> None:
        """Everything as arrays in one file."""
        import numpy as np

        arrays = {name: np.array(rows) for name, rows in self._held.items()}
        arrays |= {f"boundaries|{name}": np.array(scores) for name, scores in self._boundaries.items()}
        np.savez(path, **arrays)


def _put_thresholds(platform: Platform, generated: Generated) -> None:
    Api(settings=platform.settings).call(
        "PUT",
        "scoring",
        "/v1/school-thresholds/schools-2020",
        content=generated.thresholds.encode(),
        headers={"Content-Type": "application/yaml"},
    )


async def _watched(platform: Platform, tell: Callable[[str], None]) -> Peaks:
    """Look on until all schools are judged and all years looked at."""
    peaks = Peaks()
    pid = platform.pid("scoring") or 0
    end = time.perf_counter() + WITHIN
    async with Look(platform.settings, "scoring") as look:
        while "signs" not in peaks.reached:
            if time.perf_counter() > end:
                raise Failed(f"списки и признаки не готовы за {WITHIN:g} с", "посмотрите, чем занята машина")
            _see(peaks, pid)
            if "lists" not in peaks.reached:
                if await look.count("school_standings") >= SCHOOLS * len(YEARS) and not await look.count(
                    "school_pending"
                ):
                    peaks.reached["lists"] = time.perf_counter()
                    tell("школы: списки готовы")
            elif await look.level("school_years"):
                peaks.reached["signs"] = time.perf_counter()
            await asyncio.sleep(EVERY)
    return peaks


def _see(peaks: Peaks, pid: int) -> None:
    peaks.service = max(peaks.service, resident(pid))
    for child in psutil.Process(pid).children():
        peaks.child = max(peaks.child, resident(child.pid))


def _floor(arrays: Path) -> dict[str, float]:
    command = (sys.executable, "-m", "benchmarks.floors.signs", str(arrays))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603 - our own words
    took: dict[str, float] = json.loads(done.stdout)
    return took
