"""One Apache Kafka broker in KRaft mode, broker and controller in one process."""

from __future__ import annotations

import asyncio
import base64
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.kafka.jars import jars
from deploy.local.processes import Failed, Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy.local.settings import Settings

HERE = Path(__file__).parent
HEAP = ("-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
OFFSETS_PARTITIONS = 5


def prepare(settings: Settings) -> Program:
    """Get the jars, write the configuration, format the storage once; give the program to run."""
    home = settings.home / "kafka"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "server.properties"
    config.write_text(configuration(port=settings.kafka_port, data=home / "data"))
    if not (home / "data" / "meta.properties").exists():
        _format(settings, config)
    return Program(
        name="kafka",
        argv=(*_java(settings), "kafka.Kafka", str(config)),
        ready=f"kafka://{settings.kafka_address}",
        patience=30,
    )


def configuration(*, port: int, data: Path) -> str:
    """Write the broker's properties; the controller listens on the next port."""
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{port + 1}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
delete.topic.enable=true
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions={OFFSETS_PARTITIONS}
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=3
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
message.max.bytes=4194304
replica.fetch.max.bytes=4194304
log.segment.bytes=268435456
log.index.size.max.bytes=1048576
num.network.threads=2
num.io.threads=4
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
"""


async def is_ready(address: str) -> bool:
    """Say whether the broker has a controller, and group coordinators on a whole `__consumer_offsets`."""
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import KafkaError

    admin = AIOKafkaAdminClient(bootstrap_servers=address.split(","), request_timeout_ms=3000)
    try:
        await admin.start()
        await admin.find_coordinator("rsoko-ready")
        described = await admin.describe_topics(["__consumer_offsets"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()
    return all(part["leader"] >= 0 for topic in described for part in topic["partitions"])


def is_ready_now(address: str) -> bool:
    """Ask once, in a thread of its own: the caller may or may not run an event loop."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, is_ready(address)).result()


def _java(settings: Settings) -> Sequence[str]:
    path = ":".join(f"{folder}/*" for folder in (jars() / "jars", jars() / "modules"))
    log = f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}"
    return (str(settings.java()), *HEAP, log, "-Djava.awt.headless=true", "-cp", path)


def _format(settings: Settings, config: Path) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode().lstrip("-").ljust(22, "A")
    argv = (*_java(settings), "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(config))
    done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    if done.returncode:
        raise Failed(f"Kafka: не удалось разметить {config.parent}: {done.stdout[-600:]}{done.stderr[-600:]}")
