"""What may befall a group: processes and servers that go and come back, and what becomes of the log meanwhile."""

import asyncio
import gc
import logging
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.simulated.clock import run
from tests.simulated.truth import key_of
from tests.simulated.world import Plan, World


class Troubled(World):
    """A world in which each event of a plan is a method: `_` and its name."""

    def _crash(self, worker: int, _: int = 0) -> None:
        if self.workers.pop(worker, None):
            self._dead.add(self._clients[worker])
            self.broker.end(self._clients[worker])
            for task, owner in self._owners.items():
                if owner == worker and not task.done():
                    task.cancel()

    def _freeze(self, worker: int, seconds: int) -> None:
        if worker in self.workers:
            self._until[self._clients[worker]] = self._in(seconds)

    def _away(self, _: int, seconds: int) -> None:
        self._until["store"] = self._in(seconds)

    def _kafka(self, _: int, seconds: int) -> None:
        self._until["kafka"] = self._in(seconds)
        self.broker.away = True
        self.broker.end()
        asyncio.get_running_loop().call_later(seconds, self._back)

    def _back(self) -> None:
        self.broker.away = self._until["kafka"] > asyncio.get_running_loop().time() + 0.001

    def _bad(self, partition: int, kind: int) -> None:
        self.logs[partition].append([(b"bug", b"", b"\xff")[kind % 3]])
        self.broker.changed()

    def _open(self, partition: int, count: int) -> None:
        self.logs[partition].append([b"good"] * max(1, min(count, 3)), producer=len(self.logs[partition].batches))
        self.broker.changed()

    def _finish(self, partition: int, commit: int) -> None:
        for producer in [*self.logs[partition].open][:1]:
            self.logs[partition].finish(producer, commit=bool(commit % 2))
        self.broker.changed()

    def _compact(self, partition: int, back: int) -> None:
        self.logs[partition].compact(self.logs[partition].end - back - 1)

    def _delete(self, partition: int, back: int) -> None:
        log = self.logs[partition]
        self.truth.delete(partition, max(log.begin, log.stable - back))
        self.broker.changed()

    async def _reset(self, partition: int, back: int) -> None:
        """An operator sets a place back, as after a restore: nobody works meanwhile."""
        for worker in [*self.workers]:
            await self._stop(worker)
        key = key_of(partition)
        if row := self.store.rows.get(key):
            row["next"] = max(self.logs[partition].begin, min(row["next"], self.logs[partition].end) - back)
            row.pop("lost", None)
            self.truth.reset(key, row["next"])
        self._start(0)

    def _in(self, seconds: int) -> float:
        return asyncio.get_running_loop().time() + seconds


@contextmanager
def _apart() -> Iterator[None]:
    """What a crash leaves open is heard of by nobody, and gone at the end; chance is the same in each run."""
    chance = random.getstate()
    # aiokafka and stamina ask it too.
    random.seed(0)
    logging.disable(logging.CRITICAL)
    gc.freeze()
    try:
        silence = warnings.catch_warnings(action="ignore", category=ResourceWarning)
        with pytest.MonkeyPatch.context() as patching, silence:
            patching.setattr(sys, "unraisablehook", lambda _: None)
            yield
            gc.collect()
    finally:
        gc.unfreeze()
        logging.disable(logging.NOTSET)
        random.setstate(chance)


def lived(plan: Plan) -> list[str]:
    """What was wrong in a run of this plan."""
    with _apart():
        found: list[str] = run(lambda: Troubled(plan).live())
    return found
