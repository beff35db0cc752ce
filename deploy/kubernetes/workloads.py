"""Deployments, services, accounts and budgets of our processes, and the job that migrates before they start."""

from __future__ import annotations

from typing import Any

from deploy.container import port_of
from deploy.kubernetes.names import (
    AUTHORITY,
    BOOTSTRAP,
    PORTAL,
    about,
    called,
    database_secret,
    labels,
    roles,
)
from deploy.local.settings import SERVICES, STORED
from shared.version import VERSION

IMAGE = f"rsoko:{VERSION}"
USER = 10001
# Measured: 103 MiB idle with the region, below 200 under load (docs/benchmarks.md).
RESOURCES = {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}
# Beside scoring itself (191 MiB at most) one process at a time makes files (378) or looks for signs (207).
ROOMY = {**RESOURCES, "limits": {"memory": "768Mi"}}
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
POD_RESTRICTED = {
    "runAsNonRoot": True,
    "runAsUser": USER,
    "runAsGroup": USER,
    "fsGroup": USER,
    "seccompProfile": {"type": "RuntimeDefault"},
}
CONNECTION = "connectionString.standard"
# Keys of ours, in the secret `rsoko`: who needs which.
KEYS = {PORTAL: "session-key", "notification": "webhook-key", "scoring": "signing-key"}


def documents() -> list[dict[str, Any]]:
    """All of them, service by service."""
    found = [_job()]
    for service in SERVICES:
        found.append(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": about(service),
                "automountServiceAccountToken": False,
            }
        )
        for role in roles(service):
            found += [_deployment(service, role), _service(service, role), _budget(service, role)]
    return found


def _deployment(service: str, role: str) -> dict[str, Any]:
    marked = labels(service, role)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": about(called(service, role), marked),
        "spec": {
            "replicas": 1,
            "revisionHistoryLimit": 3,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "selector": {"matchLabels": marked},
            "template": {"metadata": {"labels": marked}, "spec": _pod(service, role)},
        },
    }


def _pod(service: str, role: str) -> dict[str, Any]:
    return {
        "serviceAccountName": service,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": POD_RESTRICTED,
        # Ten seconds for requests, ten to drain, as the setting says, and the time to close and to send what is told.
        "terminationGracePeriodSeconds": 40,
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": labels(service, role)},
            }
        ],
        "containers": [_container(service, role)],
        "volumes": [{"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}}, *_volumes(service)],
    }


def _container(service: str, role: str) -> dict[str, Any]:
    mounted = [{"name": one["name"], "mountPath": f"/run/{one['name']}", "readOnly": True} for one in _volumes(service)]
    return {
        "name": role,
        "image": IMAGE,
        "args": [service],
        "ports": [{"name": "http", "containerPort": port_of(service)}],
        "envFrom": [{"configMapRef": {"name": "rsoko"}}],
        "env": _environment(service, role),
        "startupProbe": {**_probe("/livez"), "periodSeconds": 2, "failureThreshold": 60},
        "livenessProbe": {**_probe("/livez"), "periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 5},
        "readinessProbe": {**_probe("/readyz"), "periodSeconds": 5, "failureThreshold": 2, "timeoutSeconds": 5},
        "resources": ROOMY if service == "scoring" else RESOURCES,
        "securityContext": RESTRICTED,
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, *mounted],  # noqa: S108 (in memory, the pod's own)
    }


def _environment(service: str, role: str) -> list[dict[str, Any]]:
    told = {"RSOKO_ROLE": "all" if service == PORTAL else role}
    if service in STORED:
        told |= {
            "RSOKO_KAFKA": BOOTSTRAP,
            "RSOKO_KAFKA_USER": service,
            "RSOKO_KAFKA_PASSWORD_FILE": "/run/kafka/password",
            "RSOKO_KAFKA_CA": "/run/kafka-ca/ca.crt",
            "RSOKO_MONGO_FILE": f"/run/mongodb/{CONNECTION}",
        }
    else:
        told["RSOKO_SERVICES"] = ",".join(f"{name}=http://{name}:{port_of(name)}" for name in STORED)
    if key := KEYS.get(service):
        told[f"RSOKO_{key.replace('-', '_').upper()}_FILE"] = f"/run/keys/{key}"
    own = {"name": "RSOKO_INSTANCE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
    return [own, *({"name": name, "value": value} for name, value in told.items())]


def _volumes(service: str) -> list[dict[str, Any]]:
    """Files that only this service needs, of secrets that only have what it needs."""
    found = []
    if service in STORED:
        found += [
            _secret("kafka", service, "password"),
            _secret("kafka-ca", AUTHORITY, "ca.crt"),
            _secret("mongodb", database_secret(service), CONNECTION),
        ]
    if service in KEYS:
        found.append(_secret("keys", "rsoko", KEYS[service]))
    return found


def _secret(volume: str, name: str, key: str) -> dict[str, Any]:
    return {
        "name": volume,
        "secret": {"secretName": name, "defaultMode": 0o440, "items": [{"key": key, "path": key}]},
    }


def _probe(path: str) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": "http"}}


def _service(service: str, role: str) -> dict[str, Any]:
    """The address of who answers; of a worker only its metrics are asked, pod by pod."""
    port = {"name": "http", "port": port_of(service), "targetPort": "http"}
    spec: dict[str, Any] = {"selector": labels(service, role), "ports": [port]}
    if role == "worker":
        spec["clusterIP"] = "None"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": about(called(service, role), labels(service, role)),
        "spec": spec,
    }


def _budget(service: str, role: str) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": about(called(service, role)),
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": labels(service, role)}},
    }


def _job() -> dict[str, Any]:
    """Indexes, validators, document versions: once per version, with the databases' administrator."""
    marked = labels("setup", "job")
    container = {
        "name": "migrate",
        "image": IMAGE,
        "command": ["python", "-m", "deploy.cli", "migrate"],
        "env": [{"name": "RSOKO_MONGO_FILE", "value": f"/run/mongodb/{CONNECTION}"}],
        "resources": RESOURCES,
        "securityContext": RESTRICTED,
        "volumeMounts": [{"name": "mongodb", "mountPath": "/run/mongodb", "readOnly": True}],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": about(f"rsoko-setup-{VERSION}", marked),
        "spec": {
            "backoffLimit": 20,
            "ttlSecondsAfterFinished": 86400,
            "template": {
                "metadata": {"labels": marked},
                "spec": {
                    "restartPolicy": "OnFailure",
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "securityContext": POD_RESTRICTED,
                    "containers": [container],
                    "volumes": [_secret("mongodb", database_secret("setup"), CONNECTION)],
                },
            },
        },
    }
