"""Second workers: they join and leave, die, take over from one that sleeps or from one whose relay is killed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from signal import SIGCONT, SIGSTOP

import httpx
import psutil

from deploy.local import free_port_base
from deploy.local.platform import START_SECONDS
from deploy.local.processes import recorded
from shared.testing import eventually
from tests.faults.settling import GROUPS
from tests.faults.topics import Tail
from tests.faults.world import World

BACK_WITHIN = float(START_SECONDS)
TAKEN_WITHIN = 40.0
FILLED = 6


@dataclass(slots=True)
class Fault:
    """What was done: processes that were killed and came back, when, and how long until all were ready."""

    kind: str
    back: dict[str, float] = field(default_factory=dict)
    ready_seconds: float = 0.0


Deed = Callable[[Fault], Awaitable[None]]


async def back(world: World, fault: Fault, name: str, pid: int) -> None:
    """Wait until a killed process is ready again, and note when its next life began."""
    await eventually(lambda: world.platform.pid(name) not in {None, pid}, every=0.01, what=f"a new {name}")
    fault.back[name] = time.time()
    await asyncio.to_thread(world.platform.wait_ready, name, seconds=BACK_WITHIN, since=pid)


@dataclass
class Seconds:
    """Faults with a second worker of a service; `more` waits until so many more things were done."""

    world: World
    more: Callable[[int], Awaitable[None]]

    def kinds(self) -> Mapping[str, Deed]:
        """Each by its name."""
        found: dict[str, Deed] = {}
        for service in ("monitoring", "scoring"):
            found[f"kill relay of {service}"] = self._with_second(service, self._kill_relay)
            found[f"second {service} joins and leaves"] = self._with_second(service, self._leave)
        found["second scoring joins and dies"] = self._with_second("scoring", self._die)
        for service in ("monitoring", "scoring", "notification"):
            found[f"{service} sleeps past its session"] = self._with_second(service, self._sleep)
        return found

    def _with_second(self, service: str, deed: Callable[[Fault, str], Awaitable[None]]) -> Deed:
        async def with_second(fault: Fault) -> None:
            port = free_port_base()
            await asyncio.to_thread(self.world.platform.start_service, service, number=2, port=port, role="worker")
            try:
                await eventually(lambda: self._held(port), within=TAKEN_WITHIN, what=f"{service}-2 holds partitions")
                await self.more(10)
                await deed(fault, service)
            finally:
                await asyncio.to_thread(self.world.platform.stop, f"{service}-2")

        return with_second

    async def _leave(self, fault: Fault, service: str) -> None:
        del fault, service
        await self.more(20)

    async def _die(self, fault: Fault, service: str) -> None:
        del fault
        self.world.platform.kill(f"{service}-2")
        await self.more(20)

    async def _kill_relay(self, fault: Fault, service: str) -> None:
        lease = (await self.world.rows(service, "leases"))[0]
        name = service if lease["owner"] == f"{service}-1" else f"{service}-2"
        pid = self.world.platform.kill(name)
        if name == service:
            await back(self.world, fault, name, pid)
        await self.more(20)

    async def _sleep(self, fault: Fault, service: str) -> None:
        """Sleep until the second worker has taken everything over, and wake up in the middle of its work."""
        del fault
        port = self._port(f"{service}-2")
        total = await self._partitions(service)
        self.world.platform.signal(service, SIGSTOP)
        try:
            await eventually(lambda: self._held(port, total), within=TAKEN_WITHIN, what=f"{service}-2 holds all")
            before = await self._places(service)
            await eventually(lambda: self._gone_on(service, before), within=TAKEN_WITHIN, what=f"{service}-2 goes on")
        finally:
            self.world.platform.signal(service, SIGCONT)
        await self.more(10)

    async def _places(self, service: str) -> dict[str, int]:
        return {row["_id"]: row["next"] for row in await self.world.rows(service, "positions")}

    async def _gone_on(self, service: str, before: Mapping[str, int]) -> bool:
        """Whether the second worker went on in all partitions that the load fills."""
        after = await self._places(service)
        return sum(after[name] != place for name, place in before.items()) >= FILLED

    def _port(self, name: str) -> int:
        argv = psutil.Process(recorded(self.world.settings.run)[name].pid).cmdline()
        return int(argv[argv.index("--port") + 1])

    async def _partitions(self, service: str) -> int:
        tails = [
            Tail(self.world.settings.kafka_address, topic) for names in GROUPS[service].values() for topic in names
        ]
        return sum([await tail.partitions() for tail in tails])

    async def _held(self, port: int, least: int = 1) -> bool:
        """Whether the worker at this port has so many partitions."""
        try:
            answer = await self.world.http.get(f"http://127.0.0.1:{port}/metrics")
        except httpx.TransportError:
            return False
        lines = [line for line in answer.text.splitlines() if line.startswith("rsoko_consumer_assigned_partitions{")]
        return sum(float(line.rpartition(" ")[2]) for line in lines) >= least
