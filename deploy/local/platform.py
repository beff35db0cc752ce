"""The embedded platform seen from outside: up, down, who runs, who is ready, who is to be killed."""

from __future__ import annotations

import fcntl
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deploy.local import guard, programs
from deploy.local.kafka.jars import present
from deploy.local.probes import is_ready
from deploy.local.processes import (
    Failed,
    Program,
    Record,
    forget,
    gone,
    launch,
    recorded,
    shorten,
    stop,
    tail,
)
from deploy.local.sessions import keep_keys
from deploy.local.settings import SERVICES
from deploy.local.state import State, damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from deploy.local.settings import Settings

# A Kafka that hangs as it starts is killed after one minute and gets two: `up` waits for the second time, too.
START_SECONDS, DOWN_SECONDS, SWEEP_SECONDS = 240, 60, 20
AGAIN = "остановите (./rsoko down) и запустите снова (./rsoko up)"
ORDER = ("supervisor", "prepare", *reversed(SERVICES), "identity", "kafka", "mongodb")


def quiet(_: str) -> None:
    """Tell nobody of the progress."""


class Platform:
    """One embedded platform: a state folder, its ports and the processes recorded there."""

    def __init__(self, settings: Settings, *, tell: Callable[[str], None] = quiet) -> None:
        """Name the platform; nothing starts yet. `tell` gets a line of progress for each long step."""
        self.settings = settings
        self.tell = tell

    def up(self, services: Sequence[str] = SERVICES) -> bool:
        """Start under the supervisor and wait until all are ready; False when they already were.

        Kafka and MongoDB always start, the issuer as soon as any service does. Raises Failed.
        """
        with self._alone():
            if self._supervised():
                return self._join(tuple(services))
            self._sweep()
            guard.check(self.settings, services)
            plan = self._planned(tuple(services))
            plan.save(self.settings.run / "plan.json")
            shorten(self.settings.logs)
            self._launch()
            self._await(plan)
        return True

    def down(self) -> list[str]:
        """Stop everything recorded in the state folder, also without a supervisor; the names stopped."""
        with self._alone():
            running = [name for name, record in recorded(self.settings.run).items() if record.alive()]
            if supervisor := self._supervised():
                supervisor.signal(signal.SIGCONT)
                supervisor.signal(signal.SIGTERM)
                gone(supervisor, seconds=DOWN_SECONDS)
            self._sweep()
            return running

    def start_kafka(self) -> None:
        """Start Kafka alone, as a child of this process, and wait until it is ready."""
        if program := programs.kafka_program(self._made()):
            self._start(program)

    def start_mongo(self) -> None:
        """Start MongoDB alone, as a child of this process, and wait until it is primary."""
        if program := programs.mongo_program(self._made()):
            self._start(program)

    def start_service(self, name: str, *, number: int = 1, port: int = 0, role: str = "all") -> None:
        """Start one process of a service beside the supervisor's (a second worker: `number=2` and a port)."""
        self._start(programs.service(self._made(), name, number=number, port=port, role=role))

    def pid(self, name: str) -> int | None:
        """The pid of a process of the platform while it runs."""
        record = recorded(self.settings.run).get(name)
        return record.pid if record and record.alive() else None

    def signal(self, name: str, number: int) -> int:
        """Send a signal to a process of the platform; its pid."""
        record = recorded(self.settings.run).get(name)
        if record is None or not record.signal(number):
            raise Failed(f"процесс «{name}» не запущен")
        return record.pid

    def kill(self, name: str) -> int:
        """Kill a process without warning (SIGKILL); the pid it had."""
        return self.signal(name, signal.SIGKILL)

    def stop(self, name: str, *, patience: float = 20) -> None:
        """Stop one process that the supervisor does not look after."""
        record = recorded(self.settings.run).get(name)
        if record:
            stop(record, patience=patience)
            forget(self.settings.run, name)

    def wait_ready(self, name: str, *, seconds: float = 60, since: int | None = None) -> int:
        """Wait until a process is ready (under another pid than `since`, if given); its pid."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            pid = self.pid(name)
            if pid and pid != since and is_ready(self.address(name)):
                return pid
            time.sleep(0.05)
        raise Failed(f"«{name}» не готов за {seconds:g} с", tail(self.settings.logs / f"{name}.log"))

    def address(self, name: str) -> str:
        """The address at which readiness is asked."""
        if name == "kafka":
            return self.settings.kafka_probe
        if name == "mongodb":
            return self.settings.mongo or f"mongod://127.0.0.1:{self.settings.mongo_port}"
        return f"{self.settings.url(name)}/readyz"

    def _made(self) -> Settings:
        self.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self.settings.run, self.settings.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
        keep_keys(self.settings)
        return self.settings

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self._made().run / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.tell("другая команда up или down ещё работает с этой папкой: жду её")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _supervised(self) -> Record | None:
        record = recorded(self.settings.run).get("supervisor")
        return record if record and record.alive() else None

    def _sweep(self) -> None:
        """Stop what a dead supervisor left, services before Kafka and MongoDB."""
        records = recorded(self.settings.run)
        rank = {name: place for place, name in enumerate(ORDER)}
        for name in sorted(records, key=lambda name: rank.get(name, 1)):
            if records[name].alive():
                self.tell(f"останавливаю {name}")
                stop(records[name], patience=SWEEP_SECONDS)
            forget(self.settings.run, name)
        State.path(self.settings.run).unlink(missing_ok=True)
        for name in damaged(self.settings.run):
            (self.settings.run / name).unlink(missing_ok=True)

    def _join(self, services: tuple[str, ...]) -> bool:
        running = programs.Plan.kept(self.settings.run / "plan.json")
        if running is None:
            raise Failed("уже запущено, а запись о запуске не читается", AGAIN)
        if running.ports and running.ports != programs.ports_of(self.settings):
            raise Failed("уже запущено с другими портами", AGAIN)
        if missing := set(services) - {program.name for program in running.programs}:
            raise Failed(
                f"уже запущено, но без: {', '.join(sorted(missing))}",
                AGAIN,
            )
        self._await(running)
        return False

    def _planned(self, services: tuple[str, ...]) -> programs.Plan:
        if not self.settings.kafka and not present():
            self.tell("скачиваю Apache Kafka (около 45 МБ) и готовлю её к быстрому запуску")
        return programs.plan(self.settings, services)

    def _launch(self) -> None:
        home = str(self.settings.home)
        program = Program(name="supervisor", argv=(sys.executable, "-m", "deploy.local.supervisor", home))
        self._spawn(program, bonded=False)

    def _start(self, program: Program) -> None:
        if self.pid(program.name) is None:
            self._spawn(program, bonded=True)
        self._until_ready(program)

    def _spawn(self, program: Program, *, bonded: bool) -> None:
        log = self.settings.logs / f"{program.name}.log"
        launch(program, log=log, env=self.settings.environ(), bonded=bonded).save(self.settings.run)

    def _until_ready(self, program: Program) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(program.ready):
            if self.pid(program.name) is None or time.monotonic() > deadline:
                raise Failed(f"«{program.name}» не запустился", tail(self.settings.logs / f"{program.name}.log"))
            time.sleep(0.05)

    def _await(self, plan: programs.Plan) -> None:
        """Follow the supervisor until all of the plan is ready, telling each step once."""
        told = {name for name, process in State.read(self.settings.run).processes.items() if process.state == "ready"}
        deadline = time.monotonic() + START_SECONDS
        while True:
            state = State.read(self.settings.run)
            ready = {name for name, process in state.processes.items() if process.state == "ready"}
            for name in sorted(ready - told):
                self.tell(f"{name} готов")
            told |= ready
            if state.failed:
                raise Failed(f"не удалось запустить: {state.failed}", tail(self.settings.logs / f"{state.failed}.log"))
            if state.settled and ready >= {program.name for program in plan.programs}:
                return
            if self._supervised() is None:
                raise Failed("надзорный процесс остановился", tail(self.settings.logs / "supervisor.log"))
            if time.monotonic() > deadline:
                waiting, begun = sorted(state.waiting()), sorted(state.begun())
                raise Failed(f"не готовы за {START_SECONDS} с: {', '.join(waiting)}", _tails(self.settings, begun))
            time.sleep(0.05)


def _tails(settings: Settings, names: Sequence[str]) -> str:
    """The last lines of some logs, each under its name."""
    return "\n".join(f"{name}:\n{tail(settings.logs / f'{name}.log', 5)}" for name in names)
