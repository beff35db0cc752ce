"""A broker that starts and ends once, so that every later one starts in a third of the time.

Java keeps the classes that it has loaded and linked in one file (ahead-of-time cache, JEP 483 and 514). It is made on
this machine after the jars were fetched, and Java goes on without it where it does not fit.
"""

from __future__ import annotations

import contextlib
import fcntl
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.kafka import configuration, format_storage
from deploy.local.kafka.java import cache, ours, rehearsing
from deploy.local.ports import free_port_base
from deploy.local.processes import Failed, Program, Record, launch, stop

if TYPE_CHECKING:
    from deploy.local.settings import Settings

STARTED = "Kafka Server started"
START_SECONDS, END_SECONDS = 60, 60


def rehearse(settings: Settings) -> None:
    """Make the file unless it is there; two at once wait for one another. Nothing fails for want of it."""
    if not ours(settings) or cache().exists():
        return
    # A full disk, say: whatever cannot do without it says so itself, and the next start tries again.
    with contextlib.suppress(OSError), (Path(sys.prefix) / "rehearsal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if cache().exists():
            return
        with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=cache().parent) as folder:
            draft = Path(folder) / "draft.aot"
            if not _kept(settings, Path(folder), draft):
                draft.write_bytes(b"")
            draft.chmod(0o644)
            for older in cache().parent.glob("rehearsed*.aot"):
                older.unlink()
            draft.replace(cache())


def _kept(settings: Settings, folder: Path, draft: Path) -> bool:
    """Start a broker of its own and end it as soon as it serves; whether Java has kept anything of it."""
    config = folder / "server.properties"
    config.write_text(configuration(port=free_port_base(), data=folder / "data"))
    try:
        format_storage(settings, config)
    except Failed:
        return False
    log = folder / "kafka.log"
    program = Program(name="rehearsal", argv=(*rehearsing(settings, draft), "kafka.Kafka", str(config)))
    broker = launch(program, log=log, env=settings.environ(), bonded=True)
    try:
        _await(broker, log)
    finally:
        ended = stop(broker, patience=END_SECONDS)
    return ended and draft.is_file()


def _await(broker: Record, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while broker.alive() and STARTED not in log.read_text(errors="replace") and time.monotonic() < deadline:
        time.sleep(0.05)
