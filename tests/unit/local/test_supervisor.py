"""The supervisor restarts what dies, at once and then with growing patience, and leaves nothing behind."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from deploy.local import guard
from deploy.local.platform import Platform
from deploy.local.processes import Failed, Program, Record, gone, launch, recorded
from deploy.local.programs import Plan, ports_of
from deploy.local.settings import Settings
from deploy.local.state import State, damaged
from deploy.local.status import status
from deploy.local.supervisor import DELAYS, Supervisor, delay

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


def supervise(
    platform: Platform,
    *services: Program,
    ground: tuple[Program, ...] = (),
    preparation: Program | None = None,
    ports: Mapping[str, str | int] | None = None,
) -> Record:
    """Start the supervisor itself on a plan of plain processes."""
    settings = platform.settings
    plan = Plan(ground=ground, preparation=preparation, services=services, ports=ports or {})
    plan.save(settings.run / "plan.json")
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
    until(lambda: log.exists() and "up" in log.read_text() and "one" in recorded(platform.settings.run))
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


async def test_what_dies_late_but_was_never_ready_ends_the_start_too(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.supervisor.STEADY_SECONDS", 0)
    run = platform.settings.run
    bad = Program(name="bad", argv=DIE, ready="http://127.0.0.1:9/")
    Plan(ground=(), preparation=None, services=(bad,)).save(run / "plan.json")
    async with asyncio.timeout(8):
        assert await Supervisor(platform.settings.home).main() == 1
    assert State.read(run).failed == "bad"


def test_who_never_gets_ready_is_named_with_the_last_lines_of_its_log(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.platform.START_SECONDS", 1)
    tells = (sys.executable, "-c", "import time; print('the reason', flush=True); time.sleep(60)")
    supervise(platform, Program(name="one", argv=tells, ready="http://127.0.0.1:1/"), Program(name="two", argv=SLEEP))
    log = platform.settings.logs / "one.log"
    until(lambda: log.exists() and "the reason" in log.read_text())
    with pytest.raises(Failed, match="не готовы за 1 с: one") as told:
        platform.up(services=("one", "two"))
    assert "the reason" in told.value.remedy


def test_who_waits_for_others_is_named_without_the_log_of_an_earlier_run(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.local.platform.START_SECONDS", 1)
    (platform.settings.logs / "later.log").write_text("stopped yesterday")
    first = Program(name="first", argv=SLEEP, ready="http://127.0.0.1:1/")
    supervise(platform, Program(name="later", argv=SLEEP), ground=(first,))
    until(lambda: platform.pid("first"))
    with pytest.raises(Failed, match="не готовы за 1 с: first, later") as told:
        platform.up(services=("later",))
    assert "first:" in told.value.remedy
    assert "yesterday" not in told.value.remedy


def test_up_with_other_ports_is_not_taken_for_the_one_that_runs(platform: Platform) -> None:
    settings = platform.settings
    supervise(platform, Program(name="one", argv=SLEEP), ports=ports_of(settings))
    until(lambda: State.read(settings.run).settled)
    assert platform.up(services=("one",)) is False
    other = Platform(replace(settings, port_base=settings.port_base + 10))
    with pytest.raises(Failed, match="уже запущено с другими портами") as told:
        other.up(services=("one",))
    assert "down" in told.value.remedy


def test_records_that_a_full_disk_left_empty_are_said_to_be_and_stop_no_down(platform: Platform) -> None:
    run = platform.settings.run
    supervise(platform, Program(name="one", argv=SLEEP))
    until(lambda: State.read(run).settled)
    for name in ("plan.json", "state.json", "other.pid.json"):
        (run / name).write_text("")
    assert damaged(run) == ["other.pid.json", "plan.json", "state.json"]
    assert {one.name for one in status(platform.settings)} > {"kafka", "mongodb"}
    with pytest.raises(Failed, match="не читается"):
        platform.up(services=("one",))
    assert set(platform.down()) == {"one", "supervisor"}
    assert damaged(run) == []


@pytest.mark.parametrize("place", [{"kafka_port": 8003}, {"mongo_port": 8006}, {"kafka_port": 27016}])
def test_ports_that_clash_with_each_other_are_named(tmp_path: Path, place: dict[str, int]) -> None:
    with pytest.raises(Failed, match=r"порт \d+ нужен дважды: .+ и .+"):
        guard.check(Settings(home=tmp_path, **place), ("scoring",))


def test_the_issuer_may_be_named_beside_the_services_that_it_starts_with(tmp_path: Path) -> None:
    guard.check(Settings.spare(tmp_path), ("identity", "scoring"))


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


def test_what_is_only_slow_to_start_gets_more_time_with_each_start(platform: Platform) -> None:
    supervise(platform, Program(name="slow", argv=SLEEP, ready="http://127.0.0.1:1/", soon=0.1))
    log = platform.settings.logs / "supervisor.log"
    until(lambda: "giving up: slow does not start" in log.read_text())
    assert re.findall(r"slow is not ready after (\S+) s", log.read_text()) == ["0.1", "0.2", "0.4"]


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
