"""The process that keeps the platform up: starts in order, restarts what dies, stops in order.

`python -m deploy.local.supervisor HOME` reads `HOME/run/plan.json`; SIGTERM stops everything.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

from deploy.local.probes import is_ready
from deploy.local.processes import Program, Record, die_with_parent, forget
from deploy.local.programs import Plan
from deploy.local.settings import ROOT
from deploy.local.state import Process, State

DELAYS = (0.0, 0.5, 1.0, 2.0, 4.0, 5.0)
STEADY_SECONDS = 5.0
PATIENCE = 3
# As which a service ends itself where only a new process helps (`shared.ending`).
ENDED_ITSELF = os.EX_TEMPFAIL
LOG = logging.getLogger("supervisor")


def delay(deaths: int) -> float:
    """Seconds to wait before a restart: none after the first death in a row, then growing to five."""
    return DELAYS[min(deaths, len(DELAYS)) - 1]


def allowed(program: Program, process: Process) -> float:
    """Seconds to get ready in: twice, then four times as many for what may only be slow (a busy machine)."""
    return program.soon * (1, 2, 4)[min(process.hung, 2)] or math.inf


async def spawned(program: Program, log: BinaryIO) -> asyncio.subprocess.Process:
    """A program as a process of its own group, which dies with this one."""
    return await asyncio.create_subprocess_exec(
        *program.argv,
        cwd=ROOT,
        env={**os.environ, **program.env},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


class Supervisor:
    """Looks after the programs of one plan; lives in one event loop."""

    def __init__(self, home: Path) -> None:
        """Read the plan left in the state folder."""
        self.run, self.logs = home / "run", home / "logs"
        self.plan = Plan.load(self.run / "plan.json")
        self.state = State({program.name: Process() for program in self.plan.programs})
        self.stopping = asyncio.Event()
        self.ready = {program.name: asyncio.Event() for program in self.plan.programs}
        self.children: dict[str, asyncio.subprocess.Process] = {}

    async def main(self) -> int:
        """Run until told to stop; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        keeping = asyncio.create_task(self._begin())
        keeping.add_done_callback(self._ended)
        await self.stopping.wait()
        await self._stop_all()
        keeping.cancel()
        return 1 if self.state.failed else 0

    def _ended(self, keeping: asyncio.Task[None]) -> None:
        """Nothing is looked after any more: say so and stop everything, never go on as if it were."""
        if not keeping.cancelled() and (error := keeping.exception()) is not None:
            LOG.critical("supervision ended", exc_info=error)
            self._give_up("supervisor")

    async def _begin(self) -> None:
        async with asyncio.TaskGroup() as group:
            await self._phase(group, self.plan.ground)
            if self.plan.preparation and not await self._once(self.plan.preparation):
                self._give_up(self.plan.preparation.name)
                return
            await self._phase(group, self.plan.services)
            self.state.settled = True
            self._say("all ready")

    async def _phase(self, group: asyncio.TaskGroup, programs: tuple[Program, ...]) -> None:
        for program in programs:
            group.create_task(self._keep(program))
        for program in programs:
            await self.ready[program.name].wait()

    async def _keep(self, program: Program) -> None:
        """Start, watch, restart; a program that was up for a while is restarted at once."""
        deaths, process = 0, self.state.processes[program.name]
        while not self.stopping.is_set():
            began = time.monotonic()
            code = await self._life(program, process)
            if self.stopping.is_set():
                return
            steady = self.ready[program.name].is_set() and time.monotonic() - began > STEADY_SECONDS
            deaths = 1 if steady else deaths + 1
            if not self.state.settled and deaths >= PATIENCE:
                self._give_up(program.name)
                return
            process.state, process.pid, process.restarts = "restarting", None, process.restarts + 1
            self._say(f"{program.name} died ({code}), restart {process.restarts} in {delay(deaths):g} s")
            await asyncio.sleep(delay(deaths))

    async def _life(self, program: Program, process: Process) -> str:
        """From a start to a death, or a start that the machine refuses (a full disk): why it ended."""
        try:
            child = await self._spawn(program)
        except OSError as error:
            return f"not started: {error}"
        process.pid = child.pid
        self._note()
        waiter = asyncio.create_task(self._tell_ready(program, process, child))
        code = await child.wait()
        waiter.cancel()
        return f"exit {code}" + (": it ended itself, its log says why" if code == ENDED_ITSELF else "")

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        with (self.logs / f"{program.name}.log").open("ab") as log:
            child = self.children[program.name] = await spawned(program, log)
        try:
            Record.of(program.name, child.pid).save(self.run)
        except OSError:
            # Nobody could find it again: better none than one that `down` does not know.
            child.kill()
            await child.wait()
            raise
        return child

    async def _tell_ready(self, program: Program, process: Process, child: asyncio.subprocess.Process) -> None:
        soon = allowed(program, process)
        latest = time.monotonic() + soon
        while not await asyncio.to_thread(is_ready, program.ready):
            if time.monotonic() > latest and child.returncode is None:
                process.hung += 1
                self._say(f"{program.name} is not ready after {soon:g} s: killed, to be started again")
                child.kill()
                return
            await asyncio.sleep(0.05)
        if child.returncode is None:
            process.state, process.hung = "ready", 0
            self.ready[program.name].set()
            self._say(f"{program.name} ready (pid {child.pid})")

    async def _once(self, program: Program) -> bool:
        child = await self._spawn(program)
        code = await child.wait()
        forget(self.run, program.name)
        del self.children[program.name]
        self._say(f"{program.name} finished (exit {code})")
        return code == 0

    async def _stop_all(self) -> None:
        """Services and issuer together, then Kafka, then MongoDB."""
        ground = {program.name for program in self.plan.ground} - {"identity"}
        await asyncio.gather(*(self._stop(name) for name in [*self.children] if name not in ground))
        for name in ("kafka", "mongodb"):
            await self._stop(name)
        self._say("all stopped")

    async def _stop(self, name: str) -> None:
        child = self.children.get(name)
        if child is None:
            return
        patience = next((program.patience for program in self.plan.programs if program.name == name), 5)
        if child.returncode is None:
            child.send_signal(signal.SIGCONT)
            child.terminate()
            try:
                await asyncio.wait_for(child.wait(), patience)
            except TimeoutError:
                self._say(f"{name} did not stop in {patience:g} s: killed")
                child.kill()
                await child.wait()
        forget(self.run, name)
        if name in self.state.processes:
            self.state.processes[name] = Process(state="stopped")

    def _give_up(self, name: str) -> None:
        self.state.failed = name
        self._say(f"giving up: {name} does not start")
        self.stopping.set()

    def _say(self, text: str) -> None:
        LOG.info(text)
        self._note()

    def _note(self) -> None:
        # The state is for those who look on; what it cannot write is in the log, and goes into the next one.
        with contextlib.suppress(OSError):
            self.state.save(self.run)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    sys.exit(asyncio.run(Supervisor(Path(sys.argv[1])).main()))
