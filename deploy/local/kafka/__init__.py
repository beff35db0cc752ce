"""One Apache Kafka broker in KRaft mode, broker and controller in one process."""

from __future__ import annotations

import asyncio
import base64
import itertools
import subprocess
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.kafka import secured
from deploy.local.kafka.java import command
from deploy.local.kafka.logins import Login, write_secret
from deploy.local.processes import Failed, Program

if TYPE_CHECKING:
    from aiokafka.admin import AIOKafkaAdminClient

    from deploy.local.settings import Settings

OFFSETS_PARTITIONS = 5
# Answers of a coordinator that has not (or not rightly) read its partition of the offsets yet.
LOADING, NOT_AVAILABLE, NOT_COORDINATOR = 14, 15, 16


def prepare(settings: Settings) -> Program:
    """Get the jars, write the configuration, format the storage once; give the program to run."""
    home = settings.home / "kafka"
    home.mkdir(parents=True, exist_ok=True)
    if settings.secured:
        secured.prepare(settings)
    config = home / "server.properties"
    written = configuration(port=settings.kafka_port, data=home / "data", logins=settings.used_logins)
    write_secret(config, written)
    if not (home / "data" / "meta.properties").exists():
        format_storage(settings, config)
    return Program(
        name="kafka",
        argv=(*command(settings), "kafka.Kafka", str(config)),
        ready=settings.kafka_probe,
        patience=30,
        soon=60,
    )


def configuration(*, port: int, data: Path, logins: Path | None = None) -> str:
    """Write the broker's properties; the controller listens on the next port. `logins` makes it a secured one.

    The segments of the offsets are small, so that they are compacted and a killed broker reads them in no time: while
    Kafka 4.4 reads many (seen with 160,000), a member that joins again makes it lose its place, and it begins anew.
    """
    listener, controller = (secured.LISTENER, "SSL") if logins else ("PLAINTEXT", "PLAINTEXT")
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{port + 1}
listeners={listener}://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1}
advertised.listeners={listener}://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:{controller},{listener}:{listener}
log.dirs={data}
auto.create.topics.enable=false
delete.topic.enable=true
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions={OFFSETS_PARTITIONS}
offsets.topic.segment.bytes=1048576
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
{secured.properties(logins) if logins else ""}"""


async def is_ready(address: str) -> bool:
    """Say whether the broker has a controller, and group coordinators on a whole `__consumer_offsets`.

    `host:port`, or of a secured one `host:port#folder`, where the operator's login is kept.
    """
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import KafkaError

    servers, _, folder = address.partition("#")
    login = Login.kept(Path(folder)).words() if folder else {}
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.split(","), request_timeout_ms=3000, **login)
    try:
        await admin.start()
        await admin.find_coordinator("rsoko-ready")
        described = await admin.describe_topics(["__consumer_offsets"])
        led = all(part["leader"] >= 0 for topic in described for part in topic["partitions"])
        return led and await _coordinates(admin)
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()


async def _coordinates(admin: AIOKafkaAdminClient) -> bool:
    """Ask the coordinator of every partition of the offsets: one that was not read answers no group for ever."""
    for group in probes(OFFSETS_PARTITIONS):
        # One at a time: a broker closes the connection on several in one request of aiokafka.
        (answer,) = await admin.describe_consumer_groups([group])
        if answer.groups[0][0] in {LOADING, NOT_AVAILABLE, NOT_COORDINATOR}:
            return False
    return True


@cache
def probes(partitions: int) -> tuple[str, ...]:
    """Names of groups, one for each partition of the offsets asked after and never joined."""
    found: dict[int, str] = {}
    for number in itertools.count():
        name = f"rsoko-ready-{number}"
        found.setdefault(partition_of(name, partitions), name)
        if len(found) == partitions:
            return tuple(found[partition] for partition in range(partitions))
    raise AssertionError


def partition_of(group: str, partitions: int) -> int:
    """The partition of the offsets that holds a group: Java's hash of its name, as Kafka makes it positive."""
    number = 0
    for character in group:
        number = (31 * number + ord(character)) & 0xFFFFFFFF
    signed = number - (1 << 32) if number >= 1 << 31 else number
    return abs(signed) % partitions


def is_ready_now(address: str) -> bool:
    """Ask once, in a thread of its own: the caller may or may not run an event loop."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, is_ready(address)).result()


def format_storage(settings: Settings, config: Path) -> None:
    """Make the folders of the configuration ready for a broker; Failed says what Kafka said."""
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode().lstrip("-").ljust(22, "A")
    words = ("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(config))
    with secured.told_users(settings.logins) if settings.secured else nullcontext(()) as users:
        argv = (*command(settings), *words, *users)
        done = subprocess.run(argv, capture_output=True, text=True, check=False)  # noqa: S603 (our own words)
    if done.returncode:
        raise Failed(f"Kafka: не удалось разметить {config.parent}: {done.stdout[-600:]}{done.stderr[-600:]}")
