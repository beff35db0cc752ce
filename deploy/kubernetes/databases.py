"""The replica set as a resource of MongoDB's community operator, with a user for each service's own database."""

from __future__ import annotations

from typing import Any

from deploy.kubernetes.names import about, database_secret
from deploy.local.settings import STORED

# As the embedded one: what a killed process left open must not hold others up for a minute.
ORPHAN_SECONDS = 10


def documents() -> list[dict[str, Any]]:
    """One resource; the passwords are in secrets `mongodb-password-<service>` that somebody makes."""
    setup = _user("setup", [_role(role, name) for name in STORED for role in ("readWrite", "dbAdmin")])
    return [
        {
            "apiVersion": "mongodbcommunity.mongodb.com/v1",
            "kind": "MongoDBCommunity",
            "metadata": about("rsoko-mongodb"),
            "spec": {
                "members": 3,
                "type": "ReplicaSet",
                "version": "7.0.14",
                "security": {"authentication": {"modes": ["SCRAM"]}},
                "additionalMongodConfig": {"setParameter": {"transactionLifetimeLimitSeconds": ORPHAN_SECONDS}},
                "users": [setup, *(_user(name, _own(name)) for name in STORED)],
            },
        }
    ]


def _own(service: str) -> list[dict[str, str]]:
    """Its own database, and what is asked of the server itself: the identity of the set, its own open transactions."""
    return [_role("readWrite", service), _role("clusterMonitor", "admin")]


def _user(name: str, roles: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "name": name,
        "db": "admin",
        "passwordSecretRef": {"name": f"mongodb-password-{name}"},
        "scramCredentialsSecretName": f"mongodb-{name}",
        "connectionStringSecretName": database_secret(name),
        "roles": roles,
    }


def _role(name: str, database: str) -> dict[str, str]:
    return {"name": name, "db": database}
