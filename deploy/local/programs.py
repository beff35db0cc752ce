"""What `up` runs, in which order: a plan the supervisor reads from the state folder."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

from deploy.local import kafka, mongodb
from deploy.local.kafka.jars import resolve
from deploy.local.kafka.rehearsal import rehearse
from deploy.local.passwords import environ_of
from deploy.local.processes import UNREADABLE, Program, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deploy.local.settings import Settings

UVICORN = (
    *("--factory", "--host", "127.0.0.1", "--no-access-log", "--loop", "uvloop"),
    *("--http", "httptools", "--timeout-graceful-shutdown", "10"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Ground (Kafka, MongoDB, issuer) first, then a one-off preparation, then the services; at which `ports`."""

    ground: tuple[Program, ...]
    preparation: Program | None
    services: tuple[Program, ...]
    ports: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def programs(self) -> tuple[Program, ...]:
        """All that stays up, in the order of starting."""
        return (*self.ground, *self.services)

    def save(self, path: Path) -> None:
        """Write the plan for the supervisor."""
        write_whole(path, json.dumps(asdict(self)))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a plan back."""
        raw = json.loads(path.read_text())
        return cls(
            ground=tuple(_program(item) for item in raw["ground"]),
            preparation=_program(raw["preparation"]) if raw["preparation"] else None,
            services=tuple(_program(item) for item in raw["services"]),
            ports=raw.get("ports", {}),
        )

    @classmethod
    def kept(cls, path: Path) -> Self | None:
        """The plan of the last `up`; None where there was none, or what is left of it cannot be read."""
        try:
            return cls.load(path)
        except (FileNotFoundError, *UNREADABLE):
            return None


def plan(settings: Settings, services: tuple[str, ...]) -> Plan:
    """Prepare Kafka and MongoDB (unless running ones are named) and lay out the rest."""
    ground = (kafka_program(settings), mongo_program(settings), issuer(settings) if services else None)
    return Plan(
        ground=tuple(program for program in ground if program),
        preparation=Program(
            name="prepare", argv=(sys.executable, "-m", "deploy.local.prepare", *(services or ("none",)))
        ),
        services=tuple(service(settings, name) for name in services if name != "identity"),
        ports=ports_of(settings),
    )


def ports_of(settings: Settings) -> dict[str, str | int]:
    """Where all of a platform is found: what differs in this is another one."""
    mongo = "RSOKO_MONGO" if settings.mongo else settings.mongo_port
    return {"base": settings.port_base, "kafka": settings.kafka_address, "mongo": mongo}


def kafka_program(settings: Settings) -> Program | None:
    """Apache Kafka, or nothing when RSOKO_KAFKA names a running one."""
    if settings.kafka:
        return None
    resolve()
    rehearse(settings)
    return kafka.prepare(settings)


def mongo_program(settings: Settings) -> Program | None:
    """Start MongoDB, or nothing when RSOKO_MONGO names a running one."""
    return None if settings.mongo else mongodb.prepare(settings)


def service(settings: Settings, name: str, *, number: int = 1, port: int = 0, role: str = "all") -> Program:
    """One process of a service; a second one gets a number and a port of its own."""
    port = port or settings.port(name)
    target = settings.apps.get(name, f"services.{name}.app:create")
    login = environ_of(settings.logins, name) if settings.used_logins else {}
    return Program(
        name=name if number == 1 else f"{name}-{number}",
        argv=(sys.executable, "-m", "shared.serving", target, "--port", str(port), *UVICORN),
        env={"RSOKO_INSTANCE": f"{name}-{number}", "RSOKO_ROLE": role, **_public(settings, name), **login},
        ready=f"http://127.0.0.1:{port}/readyz",
    )


def _public(settings: Settings, name: str) -> dict[str, str]:
    """Where people find the portal, for links in files; the portal itself goes by the address its visitor used."""
    if name == "portal" or os.environ.get("RSOKO_PUBLIC_URL"):
        return {}
    return {"RSOKO_PUBLIC_URL": settings.url("portal")}


def issuer(settings: Settings) -> Program:
    """The local identity provider."""
    target = settings.apps.get("identity", "deploy.local.issuer.app:create")
    return Program(
        name="identity",
        argv=(sys.executable, "-m", "shared.serving", target, "--port", str(settings.port("identity")), *UVICORN),
        ready=f"{settings.issuer}/readyz",
    )


def _program(raw: dict[str, object]) -> Program:
    return Program(**{**raw, "argv": tuple(raw["argv"])})  # type: ignore[arg-type] # our own JSON
