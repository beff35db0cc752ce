"""Who of the platform runs and is ready, asked now, not remembered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.local.platform import Platform
from deploy.local.probes import is_ready
from deploy.local.programs import Plan
from deploy.local.settings import SERVICES
from deploy.local.state import State

if TYPE_CHECKING:
    from deploy.local.settings import Settings


@dataclass(frozen=True, slots=True)
class Status:
    """One process: `ready`, `not_ready` (runs, does not answer), `starting`, `restarting` or `stopped`."""

    name: str
    pid: int | None
    url: str
    state: str
    restarts: int = 0


def status(settings: Settings) -> list[Status]:
    """Ask every process of the last `up` (all of them, if there was none), at the same time."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(lambda name: _of(settings, name), names(settings)))


def names(settings: Settings) -> list[str]:
    """Kafka and MongoDB, embedded or not, then what the last `up` was to start."""
    if plan := Plan.kept(settings.run / "plan.json"):
        started = [program.name for program in plan.programs]
        return ["kafka", "mongodb", *(name for name in started if name not in {"kafka", "mongodb"})]
    return ["kafka", "mongodb", "identity", *SERVICES]


def _of(settings: Settings, name: str) -> Status:
    platform = Platform(settings)
    pid = platform.pid(name)
    told = State.read(settings.run).processes.get(name)
    foreign = bool((name == "kafka" and settings.kafka) or (name == "mongodb" and settings.mongo))
    state = _state(platform, name, runs=pid is not None or foreign, told=told.state if told else "stopped")
    return Status(name, pid, _url(settings, name), state, told.restarts if told else 0)


def _state(platform: Platform, name: str, *, runs: bool, told: str) -> str:
    if not runs:
        return "restarting" if told == "restarting" else "stopped"
    if is_ready(platform.address(name)):
        return "ready"
    return "starting" if told == "starting" else "not_ready"


def _url(settings: Settings, name: str) -> str:
    if name == "kafka":
        return settings.kafka_address
    return _without_secrets(settings.mongo_uri) if name == "mongodb" else settings.url(name)


def _without_secrets(uri: str) -> str:
    """A connection string as it may be shown: hosts and replica set; users, passwords and other options stay unsaid."""
    scheme, _, rest = uri.partition("://")
    where, _, options = rest.rpartition("@")[2].partition("?")
    shown = [one for one in options.split("&") if one.startswith("replicaSet=")]
    return f"{scheme}://{where}" + (f"?{shown[0]}" if shown else "")
