"""Background processes are found, trusted and stopped only by their true identity."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from deploy.local.platform import Platform
from deploy.local.processes import KEPT, Program, Record, gone, launch, recorded, stop
from deploy.local.settings import Settings
from tests.unit.local.test_supervisor import until

STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(9)"


def started(tmp_path: Path, code: str = "import time; time.sleep(60)") -> Record:
    program = Program(name="sleeper", argv=(sys.executable, "-c", code))
    return launch(program, log=tmp_path / "sleeper.log", env=dict(os.environ), bonded=True)


def test_a_running_process_is_alive_and_a_stopped_one_is_not(tmp_path: Path) -> None:
    record = started(tmp_path)
    assert record.alive()
    assert stop(record, patience=10)
    assert not record.alive()


def test_what_is_started_here_writes_for_its_own_account_only(tmp_path: Path) -> None:
    made = tmp_path / "made"
    record = started(tmp_path, f"import pathlib; pathlib.Path({str(made)!r}).touch()")
    try:
        until(made.exists)
        assert made.stat().st_mode & 0o777 == 0o600
    finally:
        stop(record, patience=10)


def test_the_state_folder_is_for_its_own_account_only(tmp_path: Path) -> None:
    settings = Settings.spare(tmp_path / "home")
    Platform(settings)._made()
    assert settings.home.stat().st_mode & 0o777 == 0o700


def test_a_stopped_child_leaves_no_zombie_behind(tmp_path: Path) -> None:
    record = started(tmp_path)
    assert record.pid in {child.pid for child in KEPT}
    stop(record, patience=10)
    assert record.pid not in {child.pid for child in KEPT}
    assert not Path(f"/proc/{record.pid}").exists()


def test_a_pid_given_to_another_process_is_never_signalled(tmp_path: Path) -> None:
    record = started(tmp_path)
    earlier = replace(record, ticks=record.ticks - 1)
    assert not earlier.alive()
    assert not earlier.signal(signal.SIGKILL)
    assert record.alive()
    stop(record, patience=10)


def test_a_record_of_another_boot_is_not_trusted(tmp_path: Path) -> None:
    record = started(tmp_path)
    assert not replace(record, boot="another").alive()
    stop(record, patience=10)


def test_what_ignores_a_polite_stop_is_killed(tmp_path: Path) -> None:
    record = started(tmp_path, STUBBORN)
    while "up" not in (tmp_path / "sleeper.log").read_text():
        assert record.alive()
    assert not stop(record, patience=0.2)
    assert not record.alive()


def test_what_was_frozen_is_stopped_too(tmp_path: Path) -> None:
    record = started(tmp_path)
    record.signal(signal.SIGSTOP)
    stop(record, patience=10)
    assert not record.alive()


def test_records_are_read_back_as_written(tmp_path: Path) -> None:
    record = started(tmp_path)
    record.save(tmp_path)
    assert recorded(tmp_path) == {"sleeper": record}
    stop(record, patience=10)


def test_a_bonded_child_dies_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from deploy.local.processes import KEPT, Program, launch\n"
        "program = Program(name='child', argv=(sys.executable, '-c', 'import time; time.sleep(60)'))\n"
        f"launch(program, log=Path({str(tmp_path / 'log')!r}), env=dict(os.environ), bonded=True)"
        f".save(Path({str(tmp_path)!r}))\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert gone(recorded(tmp_path)["child"], seconds=5)


def test_a_record_that_goes_while_the_folder_is_read_is_not_there(tmp_path: Path) -> None:
    # What a listing still shows of a file that is removed before it is opened.
    (tmp_path / "prepare.pid.json").symlink_to(tmp_path / "gone")
    assert recorded(tmp_path) == {}
