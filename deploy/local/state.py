"""What the supervisor says about the processes it looks after, as a file others read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

from deploy.local.processes import UNREADABLE, write_whole

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Process:
    """One process: `starting`, `ready`, `restarting` or `stopped`; how often it was started again, and hung."""

    state: str = "starting"
    pid: int | None = None
    restarts: int = 0
    hung: int = 0


@dataclass(slots=True)
class State:
    """All processes; `failed` names the one that spoiled the first start, `settled` ends that start."""

    processes: dict[str, Process] = field(default_factory=dict)
    settled: bool = False
    failed: str | None = None

    @staticmethod
    def path(run: Path) -> Path:
        """Where the state of a platform lies."""
        return run / "state.json"

    @classmethod
    def read(cls, run: Path) -> Self:
        """Read the state; an empty one before the supervisor has said anything, or unreadable."""
        try:
            raw = json.loads(cls.path(run).read_text())
            processes = {name: Process(**process) for name, process in raw["processes"].items()}
            return cls(processes=processes, settled=raw["settled"], failed=raw["failed"])
        except (FileNotFoundError, *UNREADABLE):
            return cls()

    def save(self, run: Path) -> None:
        """Write the state whole."""
        write_whole(self.path(run), json.dumps(asdict(self)))

    def waiting(self) -> list[str]:
        """The names of those that are not ready."""
        return [name for name, process in self.processes.items() if process.state != "ready"]

    def begun(self) -> list[str]:
        """Those of them that were started: of the others the logs tell of an earlier run only."""
        return [name for name in self.waiting() if (one := self.processes[name]).pid or one.restarts]


def damaged(run: Path) -> list[str]:
    """The files of a state folder that a full disk or a crash left unreadable: what they said counts as unsaid."""
    found = []
    for path in sorted(run.glob("*.json")):
        try:
            json.loads(path.read_text())
        except FileNotFoundError:
            continue
        except ValueError:
            found.append(path.name)
    return found
