"""What is watched all the time: the live stream as a client resumes it, and stored places, which never go back."""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.faults.history import Violation
from tests.faults.pause import pause
from tests.faults.settling import GROUPS
from tests.faults.world import World


@dataclass(slots=True)
class Streamed:
    """A client of `/v1/stream` that resumes behind the last id whenever it is cut off."""

    world: World
    ids: list[int] = field(default_factory=list)
    items: dict[str, int] = field(default_factory=dict)
    arrived: list[float] = field(default_factory=list)
    resumed: int = -1
    ratings: int = 0
    violations: list[Violation] = field(default_factory=list)
    _last: str = ""

    async def follow(self) -> None:
        """Read until cancelled."""
        while True:
            self.resumed += 1
            with contextlib.suppress(httpx.TransportError, httpx.HTTPStatusError):
                await self._once()
            await pause(0.1)  # as a browser does

    async def _once(self) -> None:
        headers = {"Last-Event-ID": self._last} if self._last else {}
        url = self.world.url("notification", "/v1/stream")
        timeout = httpx.Timeout(5.0, read=20.0)
        async with self.world.http.stream("GET", url, headers=headers, timeout=timeout) as answer:
            answer.raise_for_status()
            frame: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    name, _, value = line.partition(":")
                    frame[name] = value.removeprefix(" ")
                elif frame:
                    self._take(frame)
                    frame = {}

    def _take(self, frame: dict[str, str]) -> None:
        kind = frame.get("event", "")
        if kind == "reset":
            self.violations.append(Violation("stream-reset", frame.get("data", "")))
        number = int(frame.get("id") or self._last or 0)
        if kind in {"score_changed", "rating_changed"}:
            if self.ids and number <= self.ids[-1]:
                self.violations.append(Violation("stream-order", f"{kind} {number} after {self.ids[-1]}"))
            self.ids.append(number)
            self.ratings += kind == "rating_changed"
        if kind == "score_changed":
            item: dict[str, Any] = json.loads(frame["data"])
            self.items[item["id"]] = self.items.get(item["id"], 0) + 1
            self.arrived.append(time.time())
        if frame.get("id"):
            self._last = frame["id"]


@dataclass(slots=True)
class Places:
    """Stored places of all groups; one that goes back means that a worker overwrote another's progress."""

    world: World
    highest: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)

    async def follow(self) -> None:
        """Watch until cancelled."""
        watched = [self._service(service) for service in GROUPS if GROUPS[service]]
        await asyncio.gather(*watched)

    async def _service(self, service: str) -> None:
        async for change in self.world.mongo.database(service).watch("positions"):
            updated = change.get("updateDescription", {}).get("updatedFields", {})
            if "next" not in updated:
                continue
            name, place = f"{service} {change['documentKey']['_id']}", int(updated["next"])
            if place < self.highest.get(name, 0):
                self.violations.append(Violation("place-back", f"{name}: {place} after {self.highest[name]}"))
            self.highest[name] = max(place, self.highest.get(name, 0))
