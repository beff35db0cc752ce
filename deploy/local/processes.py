"""Background processes that can be found and stopped again by anyone who knows the state folder."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PR_SET_PDEATHSIG = 1
BOOT = Path("/proc/sys/kernel/random/boot_id")
ROOT = Path(__file__).resolve().parents[2]
LIBC = ctypes.CDLL(None)
# What a full disk or a crash of the machine leaves of a JSON file.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)
KEPT: list[subprocess.Popen[bytes]] = []


class Failed(RuntimeError):
    """The platform could not do what was asked; says what happened and what to do about it, in Russian."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n{remedy}".strip())
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run, how to see that it is ready, and in seconds: how long a polite stop may take, how soon it is ready.

    What is not ready `soon` after its start hangs and is started again, with more time; 0 waits for ever.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: str = ""
    patience: float = 40.0
    soon: float = 0.0


@dataclass(frozen=True, slots=True)
class Record:
    """A started process: its pid is only trusted together with the boot and the tick it started at."""

    name: str
    pid: int
    ticks: int
    boot: str

    @classmethod
    def of(cls, name: str, pid: int) -> Self:
        """Describe a process that has just been started."""
        return cls(name, pid, _ticks(pid) or 0, BOOT.read_text().strip())

    def alive(self) -> bool:
        """Say whether this very process still runs (a zombie does not)."""
        return _ticks(self.pid) == self.ticks and BOOT.read_text().strip() == self.boot

    def signal(self, number: int) -> bool:
        """Send a signal to this very process, never to one that got its pid later."""
        if not self.alive():
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return False
        return True

    def save(self, folder: Path) -> None:
        """Write the record whole or not at all."""
        write_whole(folder / f"{self.name}.pid.json", json.dumps(asdict(self)))


def write_whole(path: Path, text: str) -> None:
    """Replace a file so that a reader sees the old or the new text, never a half."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)


def recorded(folder: Path) -> dict[str, Record]:
    """Read the records of a state folder, dead processes among them; not one forgotten meanwhile, or unreadable."""
    found = {}
    for path in sorted(folder.glob("*.pid.json")):
        with contextlib.suppress(FileNotFoundError, *UNREADABLE):
            record = Record(**json.loads(path.read_text()))
            found[record.name] = record
    return found


def forget(folder: Path, name: str) -> None:
    """Remove the record of a stopped process."""
    reap()
    (folder / f"{name}.pid.json").unlink(missing_ok=True)


def launch(program: Program, *, log: Path, env: Mapping[str, str], bonded: bool) -> Record:
    """Start a background process in a session of its own; a bonded one gets SIGTERM when we die."""
    reap()
    with log.open("ab") as out:
        child = subprocess.Popen(  # noqa: S603 (our own words)
            program.argv,
            cwd=ROOT,
            env={**env, **program.env},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            umask=0o077,  # keys, logs and data of ours and of its children: for nobody else on this machine
            preexec_fn=bond() if bonded else None,  # noqa: PLW1509 (one C call, no locks)
        )
    KEPT.append(child)
    return Record.of(program.name, child.pid)


def reap() -> None:
    """Take leave of our own children that have ended: no zombies, no warnings about them when we end."""
    KEPT[:] = [child for child in KEPT if child.poll() is None]


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies; called in the child between fork and exec."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def bond() -> Callable[[], None] | None:
    """Bind a child to us, but only from the main thread: the bond is to the thread, not to the process."""
    return die_with_parent if threading.current_thread() is threading.main_thread() else None


def stop(record: Record, *, patience: float) -> bool:
    """Stop politely, then by force; say whether politeness was enough."""
    record.signal(signal.SIGCONT)
    record.signal(signal.SIGTERM)
    if gone(record, seconds=patience):
        return True
    record.signal(signal.SIGKILL)
    gone(record, seconds=10)
    return False


def gone(record: Record, *, seconds: float) -> bool:
    """Wait until the process has ended."""
    deadline = time.monotonic() + seconds
    while record.alive():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    reap()
    return True


def tail(log: Path, lines: int = 15) -> str:
    """Give the last lines of a log, for an error message."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def shorten(logs: Path, *, limit: int = 20 * 2**20) -> None:
    """Set long logs aside, one older one of each is kept."""
    for log in logs.glob("*.log"):
        if log.stat().st_size > limit:
            log.replace(log.with_suffix(".log.1"))


def _ticks(pid: int) -> int | None:
    """Give the start time of a running process in clock ticks since boot (proc(5), field 22)."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else int(rest[18])
