"""The table of rights in Kafka, `deploy/acls.yaml`, read as the bindings that Kafka keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DECLARED = Path(__file__).resolve().parents[2] / "acls.yaml"


class Right(NamedTuple):
    """One user may do one thing with one topic or group: `("scoring", "topic", "scoring.score.v1", "write")`."""

    user: str
    kind: str
    name: str
    deed: str


def users(path: Path = DECLARED) -> dict[str, set[Right]]:
    """Every declared user, services first, with what it may do."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {user: set(_rights(user, told)) for part in ("services", "systems") for user, told in raw[part].items()}


def reads(service: str, path: Path = DECLARED) -> dict[str, list[str]]:
    """The consumer groups of a service with their topics; none of one that does not listen."""
    services = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]
    if service not in services:
        raise LookupError(f"{service} has no user: say in deploy/acls.yaml what it writes and reads")
    found: dict[str, list[str]] = services[service].get("reads", {})
    return found


def _rights(user: str, told: Mapping[str, Any]) -> Iterator[Right]:
    for topic in told.get("writes", ()):
        yield Right(user, "topic", topic, "write")
    for group, topics in told.get("reads", {}).items():
        yield Right(user, "group", group, "read")
        for topic in topics:
            yield Right(user, "topic", topic, "read")
