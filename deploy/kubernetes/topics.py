"""Topics and users as Strimzi's resources (API v1), from deploy/topics.yaml and deploy/acls.yaml."""

from __future__ import annotations

from typing import Any

from deploy.kubernetes.names import KAFKA, about
from deploy.local.kafka.declared import declared
from deploy.local.kafka.rights import Right
from deploy.local.kafka.rights import users as declared_users
from deploy.local.passwords import OPERATOR

BROKERS = 3


def topics() -> list[dict[str, Any]]:
    """One resource a topic, for three brokers."""
    return [
        _resource("KafkaTopic", one.name, {
            "partitions": one.partitions,
            "replicas": one.replication,
            "config": {name: _exact(value) for name, value in one.config.items()},
        })
        for one in declared(brokers=BROKERS)
    ]  # fmt: skip


def users() -> list[dict[str, Any]]:
    """One resource a user; the password is made by Strimzi, in a secret of the user's name."""
    operator = _resource("KafkaUser", OPERATOR, {"authentication": {"type": "scram-sha-512"}})
    return [operator, *(_user(name, sorted(rights)) for name, rights in declared_users().items())]


def _user(name: str, rights: list[Right]) -> dict[str, Any]:
    acls = [
        {
            "resource": {"type": right.kind, "name": right.name, "patternType": "literal"},
            "operations": [right.deed.capitalize()],
            "host": "*",
        }
        for right in rights
    ]
    authorization = {"type": "simple", "acls": acls}
    return _resource("KafkaUser", name, {"authentication": {"type": "scram-sha-512"}, "authorization": authorization})


def _resource(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = about(name)
    metadata["labels"]["strimzi.io/cluster"] = KAFKA
    return {"apiVersion": "kafka.strimzi.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def _exact(value: str) -> str | int:
    return int(value) if value.lstrip("-").isdigit() else value
