"""KEDA's resources: workers by the lag of their groups, never more of them than partitions."""

from __future__ import annotations

from typing import Any

from deploy.kubernetes.names import AUTHORITY, BOOTSTRAP, about, called
from deploy.local.kafka.declared import declared
from deploy.local.kafka.rights import reads
from deploy.local.settings import STORED

API = "keda.sh/v1alpha1"
# Records behind for which one more worker is worth its while: a full batch.
LAG = 500


def documents() -> list[dict[str, Any]]:
    """For every service that listens: how KEDA signs in (as the service), and what it looks at."""
    return [one for service in STORED if _heard(service) for one in (_login(service), _scaled(service))]


def _heard(service: str) -> list[tuple[str, str]]:
    """Its groups, each with every topic that it reads."""
    return sorted((group, topic) for group, topics in reads(service).items() for topic in topics)


def _login(service: str) -> dict[str, Any]:
    secrets = [("password", service, "password"), ("ca", AUTHORITY, "ca.crt")]
    return {
        "apiVersion": API,
        "kind": "TriggerAuthentication",
        "metadata": about(f"kafka-{service}"),
        "spec": {
            "secretTargetRef": [{"parameter": word, "name": name, "key": key} for word, name, key in secrets],
            "env": [{"parameter": "username", "name": "RSOKO_KAFKA_USER", "containerName": "worker"}],
        },
    }


def _scaled(service: str) -> dict[str, Any]:
    partitions = {one.name: one.partitions for one in declared(brokers=1)}
    heard = _heard(service)
    return {
        "apiVersion": API,
        "kind": "ScaledObject",
        "metadata": about(called(service, "worker")),
        "spec": {
            "scaleTargetRef": {"name": called(service, "worker")},
            "minReplicaCount": 1,
            "maxReplicaCount": max(partitions[topic] for _, topic in heard),
            "cooldownPeriod": 300,
            "triggers": [_trigger(service, group, topic) for group, topic in heard],
        },
    }


def _trigger(service: str, group: str, topic: str) -> dict[str, Any]:
    return {
        "type": "kafka",
        "metadata": {
            "bootstrapServers": BOOTSTRAP,
            "consumerGroup": group,
            "topic": topic,
            "lagThreshold": str(LAG),
            "allowIdleConsumers": "false",
            "limitToPartitionsWithLag": "true",
            "excludePersistentLag": "true",
            "sasl": "scram_sha512",
            "tls": "enable",
        },
        "authenticationRef": {"name": f"kafka-{service}"},
    }
