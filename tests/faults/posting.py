"""Posting over HTTP until the outcome is known: what is unknown is repeated under its idempotency key."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.faults.history import Content, History, Revision, Slot
from tests.faults.making import Maker
from tests.faults.pause import pause
from tests.faults.world import AWAY, World

KNOWN_WITHIN = 90.0


@dataclass(slots=True)
class Poster:
    """A client of monitoring that never leaves an outcome open."""

    world: World
    history: History
    maker: Maker

    async def accept(self, slot: Slot, content: Content, *, quiet: bool, repeat: bool = False) -> None:
        """Post a first revision; with `repeat` once more, which must answer the same."""
        body, key = self.maker.body(slot.key, content, quiet=quiet), self.maker.uid()
        answer = await self._post("/v1/results", body, key)
        if answer.status_code != 201:
            self.history.wrong("refused-good", f"{slot.key}: {answer.status_code} {answer.text}")
            return
        found = answer.json()
        self.history.accept(slot, found["revision"], Revision(content, quiet), result=found["id"])
        if repeat:
            self.history.repeated += 1
            again = await self._post("/v1/results", body, key)
            if (again.status_code, again.content) != (answer.status_code, answer.content):
                self.history.wrong("answer-changed", f"{slot.key}: {answer.text} then {again.status_code} {again.text}")

    async def accept_many(self, slots: Sequence[Slot], contents: Sequence[Content], *, quiet: bool) -> None:
        """Post first revisions as a batch; each row must be accepted."""
        rows = [self.maker.body(slot.key, content, quiet=quiet) for slot, content in zip(slots, contents, strict=True)]
        answer = await self._post("/v1/results/batch", {"items": rows}, self.maker.uid())
        if answer.status_code != 200:
            self.history.wrong("refused-good", f"batch: {answer.status_code} {answer.text}")
            return
        for slot, content, row in zip(slots, contents, answer.json()["items"], strict=True):
            if row["status"] != "accepted":
                self.history.wrong("refused-good", f"{slot.key}: {row}")
                continue
            self.history.accept(slot, row["revision"], Revision(content, quiet), result=row["id"])

    async def revise(self, slot: Slot, contents: Sequence[Content], *, quiet: bool) -> None:
        """Correct or withdraw; several contents race for the same revision: exactly one must win."""
        match = {"If-Match": f'"{slot.last}"'}
        reason = {"reason": "уточнение", "notify": not quiet}
        bodies = [self.maker.words(content) | reason for content in contents]
        keys = [self.maker.uid() for _ in contents]
        path = f"/v1/results/{slot.result}/revisions"
        answers = await asyncio.gather(
            *(self._post(path, body, key, match) for body, key in zip(bodies, keys, strict=True))
        )
        wanted = slot.last + 1
        won = [n for n, answer in enumerate(answers) if answer.status_code == 201]
        if len(won) != 1 or any(answer.status_code not in {201, 412} for answer in answers):
            self.history.wrong("race-wrong", f"{slot.key}: {[answer.text for answer in answers]}")
        self.history.refused += len(answers) - len(won)
        for number in won:
            found = answers[number].json()
            if found["revision"] != wanted:
                self.history.wrong("revision-wrong", f"{slot.key}: {found['revision']}, {wanted} was due")
            self.history.accept(slot, found["revision"], Revision(contents[number], quiet), result=found["id"])

    async def intrude(self, slot: Slot, content: Content) -> None:
        """A second first revision and a stale correction: both are refused and change nothing."""
        answer = await self._post("/v1/results", self.maker.body(slot.key, content, quiet=False), self.maker.uid())
        if answer.status_code != 409:
            self.history.wrong("accepted-second", f"{slot.key}: {answer.status_code} {answer.text}")
        body = self.maker.words(content) | {"reason": "опоздавшее уточнение"}
        stale = {"If-Match": f'"{slot.last - 1}"'}
        path = f"/v1/results/{slot.result}/revisions"
        answer = await self._post(path, body, self.maker.uid(), stale)
        if answer.status_code != 412:
            self.history.wrong("accepted-stale", f"{slot.key}: {answer.status_code} {answer.text}")
        self.history.refused += 2

    async def _post(
        self, path: str, body: Mapping[str, Any], key: str, more: Mapping[str, str] | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key, **(more or {})}
        url = self.world.url("monitoring", path)
        async with asyncio.timeout(KNOWN_WITHIN):
            while True:
                try:
                    answer = await self.world.http.post(url, json=body, headers=headers)
                except httpx.TransportError:
                    self.history.unknown += 1
                else:
                    if answer.status_code < 500:
                        return answer
                    if answer.status_code != AWAY or "retry-after" not in answer.headers:
                        self.history.wrong("server-error", f"{path}: {answer.status_code} {answer.text}")
                await pause(0.2)
