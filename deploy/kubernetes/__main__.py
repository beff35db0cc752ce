"""`python -m deploy.kubernetes` writes the made manifests; a test holds the written ones equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from deploy.kubernetes import databases, network, scaling, topics, workloads
from deploy.local.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = ROOT / "deploy" / "k8s"
HEAD = "# Made by `python -m deploy.kubernetes` from the code, deploy/topics.yaml and deploy/acls.yaml.\n"


def made() -> dict[str, str]:
    """Every made file by its path in deploy/k8s."""
    parts: dict[str, Sequence[dict[str, Any]]] = {
        "base/services.yaml": workloads.documents(),
        "base/network.yaml": network.policies(),
        "base/ingress.yaml": network.ingresses(),
        "components/kafka/topics.yaml": topics.topics(),
        "components/kafka/users.yaml": topics.users(),
        "components/mongodb/mongodb.yaml": databases.documents(),
        "components/autoscaling/workers.yaml": scaling.documents(),
    }
    return {path: HEAD + yaml.safe_dump_all(told, sort_keys=False, allow_unicode=True) for path, told in parts.items()}


def write() -> None:
    """Write them all."""
    for path, text in made().items():
        (FOLDER / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
