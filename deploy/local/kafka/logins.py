"""Who signs in to a secured Kafka: users with passwords in the state folder, or the one that the environment names."""

from __future__ import annotations

import os
import secrets
import ssl
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from deploy.local.kafka.rights import users
from deploy.local.passwords import BROKER, OPERATOR, authority, password_file
from deploy.local.processes import Failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.local.settings import Settings

MECHANISM = "SCRAM-SHA-512"
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user, a password and, where the way is encrypted, the file of the authority that the broker is known by."""

    user: str
    password: str
    ca: Path | None = None

    @classmethod
    def of(cls, settings: Settings, environ: Mapping[str, str] = os.environ) -> Self | None:
        """The operator's login: that of the environment, else that of the secured embedded Kafka, else none."""
        if user := environ.get("RSOKO_KAFKA_USER"):
            ca = environ.get("RSOKO_KAFKA_CA")
            return cls(user=user, password=_told(environ), ca=Path(ca) if ca else None)
        return cls.kept(settings.logins) if settings.secured else None

    @classmethod
    def kept(cls, folder: Path, user: str = OPERATOR) -> Self:
        """A login whose password is in the folder."""
        return cls(user=user, password=password_file(folder, user).read_text(), ca=authority(folder))

    def words(self) -> dict[str, Any]:
        """What any client of aiokafka must be told."""
        try:
            tls = ssl.create_default_context(cafile=str(self.ca)) if self.ca else None
        except OSError as error:
            why = error.strerror or "это не сертификат"
            raise Failed(f"RSOKO_KAFKA_CA: файл «{self.ca}» не подходит: {why}") from error
        return {
            "security_protocol": "SASL_SSL" if tls else "SASL_PLAINTEXT",
            "ssl_context": tls,
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
        }


def client(settings: Settings) -> dict[str, Any]:
    """Addresses and login for a client of aiokafka that acts for the operator."""
    login = Login.of(settings)
    return {"bootstrap_servers": settings.kafka_address.split(","), **(login.words() if login else {})}


def client_at(address: str) -> dict[str, Any]:
    """The same for an address that was given, with the login of this machine's environment and state folder."""
    from deploy.local.settings import Settings

    return client(replace(Settings.from_env(), kafka=address))


def make(folder: Path) -> list[Login]:
    """Give every user a password (those that have one keep it), readable by the owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for user in (BROKER, OPERATOR, *users()):
        if not (path := password_file(folder, user)).exists():
            write_secret(path, secrets.token_urlsafe(24))
    return [Login.kept(folder, user) for user in (BROKER, OPERATOR, *users())]


def write_secret(path: Path, text: str) -> None:
    """Write a file that nobody but its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as file:
        file.write(text)


def _told(environ: Mapping[str, str]) -> str:
    if told := environ.get("RSOKO_KAFKA_PASSWORD"):
        return told
    named = environ.get("RSOKO_KAFKA_PASSWORD_FILE") or ""
    try:
        return Path(named).read_text(encoding="utf-8").strip()
    except OSError:
        raise Failed(
            "RSOKO_KAFKA_USER задан, а пароля нет", "укажите RSOKO_KAFKA_PASSWORD_FILE (файл, который читается)"
        ) from None
