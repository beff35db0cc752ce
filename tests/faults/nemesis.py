"""What is done to the running platform: kills, sleeps, workers that come and go, repeats of a sleeping relay."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from signal import SIGCONT, SIGSTOP

from aiokafka import AIOKafkaProducer

from deploy.local import STORED
from shared.testing import eventually
from tests.faults.load import Load
from tests.faults.pause import pause
from tests.faults.topics import Record, Tail
from tests.faults.workers import Deed, Fault, Seconds, back
from tests.faults.world import PORTAL, World

GROUND = ("mongodb", "kafka")
TAKEN_WITHIN = 40.0
AGAIN = 60
# How much more often a fault without a second worker comes again: one with it takes half a minute.
QUICK = 5


@dataclass
class Nemesis:
    """Injects one fault at a time while the load goes on; returns when every process is ready again."""

    world: World
    load: Load
    rng: random.Random
    copies: Sequence[Tail] = ()

    def kinds(self) -> Mapping[str, Deed]:
        """Every kind of fault by its name."""
        kills: dict[str, tuple[str, ...]] = {f"kill {name}": (name,) for name in (*STORED, *GROUND)}
        kills |= {"kill kafka and mongodb": GROUND, "kill everything": (*STORED, *GROUND)}
        found: dict[str, Deed] = {name: self._killing(victims) for name, victims in kills.items()}
        found |= Seconds(self.world, self.load.more).kinds()
        found["kill portal"] = self._kill_portal
        found["kill scoring as it starts"] = self._kill_twice
        found["mongodb sleeps"] = self._freeze
        found["kafka sleeps and dies"] = self._freeze_and_kill
        found["a relay repeats itself"] = self._repeat
        return found

    def plan(self, count: int) -> list[str]:
        """So many kinds in a seeded order: first each once, then mostly the quick ones."""
        kinds = list(self.kinds())
        slow = Seconds(self.world, self.load.more).kinds()
        self.rng.shuffle(kinds)
        weights = [1 if kind in slow else QUICK for kind in kinds]
        return [*kinds, *self.rng.choices(kinds, weights, k=max(0, count - len(kinds)))][:count]

    async def inject(self, kind: str) -> Fault:
        """Do it; returns when everything is ready again."""
        fault, began = Fault(kind), time.monotonic()
        await self.kinds()[kind](fault)
        await self.world.ready(*STORED)
        fault.ready_seconds = time.monotonic() - began
        return fault

    def _killing(self, names: Sequence[str]) -> Deed:
        async def kill(fault: Fault) -> None:
            pids = {name: self.world.platform.kill(name) for name in names}
            for name, pid in pids.items():
                await back(self.world, fault, name, pid)

        return kill

    async def _kill_twice(self, fault: Fault) -> None:
        first = self.world.platform.kill("scoring")
        second = (
            await eventually(lambda: _other(self.world.platform.pid("scoring"), first), what="a new scoring") or first
        )
        self.world.platform.kill("scoring")
        await back(self.world, fault, "scoring", second)

    async def _kill_portal(self, fault: Fault) -> None:
        """It keeps nothing: whoever comes back to it sees the situation again."""
        await self._killing((PORTAL,))(fault)
        await self.world.page("/")

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


def _other(pid: int | None, than: int) -> int | None:
    return pid if pid != than else None
