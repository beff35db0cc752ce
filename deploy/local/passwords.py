"""What lies in the state folder of a secured Kafka, and by which variables a process of the platform signs in there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Both may do everything: the first is the broker to itself, the second whoever runs the platform.
BROKER, OPERATOR = "broker", "operator"


def secured_mark(home: Path) -> Path:
    """The file that says that the Kafka of this state folder was begun secured; it stays so."""
    return home / "kafka" / "secured"


def environ_of(folder: Path, user: str) -> dict[str, str]:
    """The variables by which a process signs in as this user; none for a process that has nothing to do with Kafka."""
    path = password_file(folder, user)
    if not path.exists():
        return {"RSOKO_KAFKA_USER": "", "RSOKO_KAFKA_PASSWORD_FILE": ""}
    return {
        "RSOKO_KAFKA_USER": user,
        "RSOKO_KAFKA_PASSWORD_FILE": str(path),
        "RSOKO_KAFKA_CA": str(authority(folder)),
    }


def password_file(folder: Path, user: str) -> Path:
    """Where the password of a user is."""
    return folder / f"{user}.password"


def authority(folder: Path) -> Path:
    """The certificate that the broker's is signed by."""
    return folder / "ca.pem"


def keystore(folder: Path) -> Path:
    """The broker's key and certificate, as Kafka reads them (PEM)."""
    return folder / "broker.pem"
