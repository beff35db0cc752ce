"""What stands between a running Kafka and MongoDB and the services: topics, indexes, validators."""

from __future__ import annotations

import sys

from deploy.cli import migrate, topics
from deploy.cli.show import progress
from deploy.local.processes import Failed
from deploy.local.settings import SERVICES, Settings


def main(names: list[str]) -> None:
    """Apply the topics and the rights, and migrate the stores of the services named."""
    settings = Settings.from_env()
    services = tuple(name for name in names if name in SERVICES)
    if services:
        migrate.refuse_half_restored(settings, services)
    for item in topics.apply(settings):
        if item["warnings"]:
            progress(topics.line(item))
    topics.grant(settings)
    migrate.run(services)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failed as failed:
        sys.exit(str(failed))
