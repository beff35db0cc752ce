"""The supervisor restarts what dies, at once and then with growing patience, and leaves nothing behind."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from deploy.local.platform import Platform
from deploy.local.processes import Program, Record, gone, launch, recorded
from deploy.local.programs import Plan
from deploy.local.settings import Settings
from deploy.local.state import State
from deploy.local.supervisor import DELAYS, delay

T = TypeVar("T")
SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(9)"
DIE = (sys.executable, "-c", "import sys; sys.exit('no way')")


def until(condition: Callable[[], T], seconds: float = 10) -> T:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    found = Platform(Settings.spare(tmp_path))
    for folder in (found.settings.run, found.settings.logs):
        folder.mkdir()
    yield found
    found.down()


def supervise(platform: Platform, *services: Program, preparation: Program | None = None) -> Record:
    """Start the supervisor itself on a plan of plain processes."""
    settings = platform.settings
    Plan(ground=(), preparation=preparation, services=services).save(settings.run / "plan.json")
    argv = (sys.executable, "-m", "deploy.local.supervisor", str(settings.home))
    program = Program(name="supervisor", argv=argv)
    record = launch(program, log=settings.logs / "supervisor.log", env=dict(os.environ), bonded=True)
    record.save(settings.run)
    return record


def pid_other_than(platform: Platform, name: str, pid: int) -> int:
    return until(lambda: (found := platform.pid(name)) and found != pid and found)


def test_the_first_restart_is_at_once_and_the_waits_grow_to_five_seconds() -> None:
    assert delay(1) == 0
    assert [delay(deaths) for deaths in range(1, 12)] == sorted(delay(deaths) for deaths in range(1, 12))
    assert delay(100) == max(DELAYS) == 5


def test_what_is_killed_comes_back_at_once_and_it_is_told(platform: Platform) -> None:
    supervise(platform, Program(name="one", argv=SLEEP), Program(name="two", argv=SLEEP))
    until(lambda: State.read(platform.settings.run).settled)
    untouched = platform.pid("two")
    pid_other_than(platform, "one", platform.kill("one"))
    assert platform.pid("two") == untouched
    log = platform.settings.logs / "supervisor.log"
    until(lambda: "one died (exit -9), restart 1 in 0 s" in log.read_text())


def test_down_leaves_nothing_running(platform: Platform) -> None:
    supervise(platform, Program(name="one", argv=SLEEP))
    until(lambda: State.read(platform.settings.run).settled)
    records = recorded(platform.settings.run)
    assert set(platform.down()) == {"one", "supervisor"}
    assert not [record for record in records.values() if record.alive()]
    assert recorded(platform.settings.run) == {}


def test_down_leaves_nothing_running_after_the_supervisor_was_killed(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.platform.SWEEP_SECONDS", 0.2)
    supervise(platform, Program(name="one", argv=(sys.executable, "-c", STUBBORN)))
    log = platform.settings.logs / "one.log"
    until(lambda: log.exists() and "up" in log.read_text())
    records = recorded(platform.settings.run)
    records["supervisor"].signal(signal.SIGKILL)
    gone(records["supervisor"], seconds=5)
    assert records["one"].alive()
    assert platform.down() == ["one"]
    assert not [record for record in records.values() if record.alive()]


def test_what_never_comes_up_ends_the_start_and_stops_the_rest(platform: Platform) -> None:
    supervisor = supervise(
        platform, Program(name="good", argv=SLEEP), Program(name="bad", argv=DIE, ready="http://127.0.0.1:9/")
    )
    assert gone(supervisor, seconds=20)
    assert State.read(platform.settings.run).failed == "bad"
    assert platform.pid("good") is None


def test_services_wait_for_the_preparation_and_its_failure_is_named(platform: Platform) -> None:
    supervisor = supervise(platform, Program(name="one", argv=SLEEP), preparation=Program(name="prepare", argv=DIE))
    assert gone(supervisor, seconds=20)
    assert State.read(platform.settings.run).failed == "prepare"
    assert not (platform.settings.logs / "one.log").exists()


def test_what_hangs_as_it_starts_is_started_again(platform: Platform) -> None:
    hangs = Program(name="hangs", argv=SLEEP, ready="http://127.0.0.1:1/", soon=0.2)
    supervise(platform, hangs)
    until(lambda: platform.pid("hangs"))
    pid_other_than(platform, "hangs", platform.pid("hangs") or 0)
    until(lambda: "hangs is not ready after 0.2 s" in (platform.settings.logs / "supervisor.log").read_text())


def test_what_cannot_be_written_down_ends_no_supervision(platform: Platform) -> None:
    """As on a full disk: the folder of records takes nothing for a while."""
    run = platform.settings.run
    supervise(platform, Program(name="one", argv=SLEEP))
    until(lambda: State.read(run).settled)
    pid = platform.pid("one") or 0
    away = run.rename(run.with_name("away"))
    os.kill(pid, signal.SIGKILL)
    log = platform.settings.logs / "supervisor.log"
    until(lambda: "one died (not started: " in log.read_text())
    away.rename(run)
    pid_other_than(platform, "one", pid)
