"""What must be true of the machine before anything starts: free ports, disk space."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from deploy.local.ports import comes_free, holder
from deploy.local.processes import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy.local.settings import Settings

NEEDED_MB = 600


def check(settings: Settings, services: Sequence[str]) -> None:
    """Fail with the first thing that would keep the platform from starting."""
    free = shutil.disk_usage(settings.home).free // 2**20
    if free < NEEDED_MB:
        raise Failed(
            f"на диске с папкой {settings.home} свободно {free} МБ, нужно не меньше {NEEDED_MB} МБ",
            "освободите место или укажите другую папку в RSOKO_HOME",
        )
    ports: dict[int, tuple[str, str]] = {}
    for name, port, variable in _ports(settings, services):
        if port in ports:
            other, its = ports[port]
            raise Failed(f"порт {port} нужен дважды: {other} и {name}", f"разведите их: {its}; {variable}")
        ports[port] = (name, variable)
        if not comes_free(port):
            who = holder(port)
            raise Failed(
                f"порт {port} ({name}) занят{f': {who}' if who else ''}",
                f"освободите его или укажите другой порт в {variable}",
            )


def _ports(settings: Settings, services: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    if not settings.kafka:
        yield "Kafka", settings.kafka_port, "RSOKO_KAFKA_PORT"
        yield "Kafka, управление", settings.kafka_port + 1, "RSOKO_KAFKA_PORT (занимает и следующий порт)"
    if not settings.mongo:
        yield "MongoDB", settings.mongo_port, "RSOKO_MONGO_PORT"
    # The issuer starts beside any service, also where it is named itself.
    for name in dict.fromkeys((*(("identity",) if services else ()), *services)):
        yield name, settings.port(name), "RSOKO_PORT_BASE"
