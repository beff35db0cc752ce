"""What is done to the running platform: kills, sleeps, workers that come and go, repeats of a sleeping relay."""

import asyncio
import random
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from signal import SIGCONT, SIGSTOP

import httpx
import psutil
from aiokafka import AIOKafkaProducer

from deploy.local.processes import recorded
from shared.testing import eventually
from tests.faults.load import Load
from tests.faults.pause import pause
from tests.faults.settling import GROUPS
from tests.faults.topics import Record, Tail
from tests.faults.world import SERVICES, World

GROUND = ("mongodb", "kafka")
BACK_WITHIN = 60.0
TAKEN_WITHIN = 40.0
AGAIN = 60


@dataclass(slots=True)
class Fault:
    """What was done: processes that were killed and came back, when, and how long until all were ready."""

    kind: str
    back: dict[str, float] = field(default_factory=dict)
    ready_seconds: float = 0.0


@dataclass
class Nemesis:
    """Injects one fault at a time while the load goes on; returns when every process is ready again."""

    world: World
    load: Load
    rng: random.Random
    copies: Sequence[Tail] = ()

    def kinds(self) -> Mapping[str, Callable[[Fault], Awaitable[None]]]:
        """Every kind of fault by its name."""
        kills: dict[str, tuple[str, ...]] = {f"kill {name}": (name,) for name in (*SERVICES, *GROUND)}
        kills |= {"kill kafka and mongodb": GROUND, "kill everything": (*SERVICES, *GROUND)}
        kills |= {"kill kafka and monitoring": ("kafka", "monitoring")}
        found: dict[str, Callable[[Fault], Awaitable[None]]] = {
            name: self._killing(victims) for name, victims in kills.items()
        }
        for service in ("monitoring", "scoring"):
            found[f"kill relay of {service}"] = self._with_second(service, self._kill_relay)
            found[f"second {service} joins and leaves"] = self._with_second(service, self._leave)
        found["second scoring joins and dies"] = self._with_second("scoring", self._die)
        for service in ("monitoring", "scoring", "notification"):
            found[f"{service} sleeps past its session"] = self._with_second(service, self._sleep)
        found["kill scoring as it starts"] = self._kill_twice
        found["mongodb sleeps"] = self._freeze
        found["kafka sleeps and dies"] = self._freeze_and_kill
        found["a relay repeats itself"] = self._repeat
        return found

    def plan(self, count: int) -> list[str]:
        """So many kinds in a seeded order, each before any comes again."""
        kinds = list(self.kinds())
        found: list[str] = []
        while len(found) < count:
            self.rng.shuffle(kinds)
            found += kinds
        return found[:count]

    async def inject(self, kind: str) -> Fault:
        """Do it; returns when everything is ready again."""
        fault, began = Fault(kind), time.monotonic()
        await self.kinds()[kind](fault)
        await self.world.ready(*SERVICES)
        fault.ready_seconds = time.monotonic() - began
        return fault

    def _killing(self, names: Sequence[str]) -> Callable[[Fault], Awaitable[None]]:
        async def kill(fault: Fault) -> None:
            pids = {name: self.world.platform.kill(name) for name in names}
            for name, pid in pids.items():
                await self._back(fault, name, pid)

        return kill

    async def _back(self, fault: Fault, name: str, pid: int) -> None:
        found = await asyncio.to_thread(self.world.platform.wait_ready, name, seconds=BACK_WITHIN, since=pid)
        fault.back[name] = psutil.Process(found).create_time()

    async def _kill_twice(self, fault: Fault) -> None:
        first = self.world.platform.kill("scoring")
        second = (
            await eventually(lambda: _other(self.world.platform.pid("scoring"), first), what="a new scoring") or first
        )
        self.world.platform.kill("scoring")
        await self._back(fault, "scoring", second)

    async def _freeze(self, fault: Fault) -> None:
        del fault
        self.world.platform.signal("mongodb", SIGSTOP)
        await pause(self.rng.uniform(2, 5))
        self.world.platform.signal("mongodb", SIGCONT)

    async def _freeze_and_kill(self, fault: Fault) -> None:
        """What was sent to a broker that takes nothing any more is not sent."""
        self.world.platform.signal("kafka", SIGSTOP)
        await self.load.more(8)
        await pause(0.5)
        await self._killing(("kafka",))(fault)

    async def _repeat(self, fault: Fault) -> None:
        """Send copies of what was sent before, as a relay may that slept past its lease."""
        del fault
        producer = AIOKafkaProducer(bootstrap_servers=self.world.settings.kafka_address, acks="all")
        await producer.start()
        try:
            for tail in self.copies:
                for record in self._old(tail.records):
                    await producer.send_and_wait(
                        tail.topic,
                        record.raw.value,
                        key=record.raw.key,
                        headers=list(record.raw.headers),
                        partition=record.partition,
                    )
        finally:
            await producer.stop()
        await self.load.more(20)

    def _old(self, records: Sequence[Record]) -> list[Record]:
        """Some here and there, and a whole run of one partition."""
        if not records:
            return []
        some = sorted(self.rng.sample(records, min(AGAIN, len(records))), key=lambda one: one.place)
        start = self.rng.choice(some)
        run = [one for one in records if one.partition == start.partition and one.offset >= start.offset]
        return some + sorted(run, key=lambda one: one.offset)[:AGAIN]

    def _with_second(
        self, service: str, deed: Callable[[Fault, str], Awaitable[None]]
    ) -> Callable[[Fault], Awaitable[None]]:
        async def with_second(fault: Fault) -> None:
            port = _free_port()
            await asyncio.to_thread(self.world.platform.start_service, service, number=2, port=port, role="worker")
            try:
                await eventually(lambda: self._held(port), within=TAKEN_WITHIN, what=f"{service}-2 holds partitions")
                await self.load.more(10)
                await deed(fault, service)
            finally:
                await asyncio.to_thread(self.world.platform.stop, f"{service}-2")

        return with_second

    async def _leave(self, fault: Fault, service: str) -> None:
        del fault, service
        await self.load.more(20)

    async def _die(self, fault: Fault, service: str) -> None:
        del fault
        self.world.platform.kill(f"{service}-2")
        await self.load.more(20)

    async def _kill_relay(self, fault: Fault, service: str) -> None:
        lease = (await self.world.rows(service, "leases"))[0]
        name = service if lease["owner"] == f"{service}-1" else f"{service}-2"
        pid = self.world.platform.kill(name)
        if name == service:
            await self._back(fault, name, pid)
        await self.load.more(20)

    async def _sleep(self, fault: Fault, service: str) -> None:
        """Sleep until the second worker has taken everything over, and wake up in the middle of its work."""
        del fault
        port = self._port(f"{service}-2")
        total = await self._partitions(service)
        self.world.platform.signal(service, SIGSTOP)
        try:
            await eventually(lambda: self._held(port, total), within=TAKEN_WITHIN, what=f"{service}-2 holds all")
            await self.load.more(10)
        finally:
            self.world.platform.signal(service, SIGCONT)
        await self.load.more(10)

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


def _other(pid: int | None, than: int) -> int | None:
    return pid if pid != than else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
