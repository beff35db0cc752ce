"""Which processes there are in Kubernetes, and what they and their secrets are called."""

from __future__ import annotations

from typing import Any

PART_OF = "rsoko"
PORTAL = "portal"
# Strimzi's cluster, its bootstrap service and the secret with its authority.
KAFKA, BOOTSTRAP, AUTHORITY = "rsoko", "rsoko-kafka-bootstrap:9093", "rsoko-cluster-ca-cert"


def roles(service: str) -> tuple[str, ...]:
    """The processes of a service: one that answers and one that works; the portal only answers."""
    return ("api",) if service == PORTAL else ("api", "worker")


def called(service: str, role: str) -> str:
    """The name of a process's deployment and service; who answers is called like the service itself."""
    return service if role == "api" else f"{service}-{role}"


def labels(service: str, role: str) -> dict[str, str]:
    """What selects the pods of a process."""
    return {
        "app.kubernetes.io/part-of": PART_OF,
        "app.kubernetes.io/name": service,
        "app.kubernetes.io/component": role,
    }


def about(name: str, marked: dict[str, str] | None = None) -> dict[str, Any]:
    """The metadata of an object of ours."""
    return {"name": name, "labels": marked or {"app.kubernetes.io/part-of": PART_OF}}


def database_secret(service: str) -> str:
    """The secret with the connection string of a service's database user."""
    return f"mongodb-{service}"
