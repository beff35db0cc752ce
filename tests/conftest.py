"""Fixtures for everything: one embedded Kafka and MongoDB per run, a database and topics of its own per test."""

import gc
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import hypothesis
import pymongo  # noqa: TID251 - a setting of the server of the tests
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import Platform, tools
from deploy.local import Settings as LocalSettings
from shared.mongo import Database, Mongo
from shared.mongo.schema import Schema
from shared.settings import Settings
from shared.telemetry import configure_logs
from tests.prepared import SPARE, Prepared, kept, prepare

# How fast a busy machine makes examples is no property of the code.
hypothesis.settings.register_profile(
    "rsoko", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("rsoko")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many faults the crash tests inject (by default each of the 22 kinds once, 200 before a release)."""
    parser.addoption("--faults", type=int, default=22, help="faults to inject into the running platform")
    parser.addoption("--sabotage", action="store_true", help="break each guarantee on purpose and see the checks red")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what this run did without."""
    if skipped := tools.without():
        terminalreporter.section("NOT TESTED", red=True, bold=True)
        terminalreporter.line(f"{tools.WITHOUT}={','.join(sorted(skipped))}: every test that needs it was skipped")


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    """JSON lines as in a real process, and only what is critical."""
    configure_logs(service="test", instance="test", level="error")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let the collector look seldom, and never again at what thousands of tests are made of: a tenth of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)


def _forget_soon(found: LocalSettings) -> None:
    """Let MongoDB give up the files of dropped databases soon.

    It keeps them open for its history of five minutes otherwise: some hundred tests, each with a database of its own,
    come to 20,000 open files within that, and MongoDB ends itself.
    """
    with pymongo.MongoClient(found.mongo_uri) as client:
        client.admin.command("setParameter", 1, minSnapshotHistoryWindowInSeconds=5)
        client.admin.command("setParameter", 1, syncdelay=5)
        # By a clock that stands still a row is too old from the first: the monitor takes it away within a minute.
        client.admin.command("setParameter", 1, ttlMonitorEnabled=False)


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSettings]:
    """Kafka and MongoDB for this run, on spare ports; stopped at its end."""
    platform = Platform(LocalSettings.spare(Path(tmp_path_factory.mktemp("platform"))))
    platform.start_mongo()
    _forget_soon(platform.settings)
    platform.start_kafka()
    yield platform.settings
    platform.down()


@pytest.fixture
def settings(stores: LocalSettings) -> Settings:
    """A service's settings for the stores of this run."""
    return Settings(
        env="local", kafka=(stores.kafka_address,), mongo=stores.mongo_uri, instance=f"test-{uuid.uuid4().hex[:8]}"
    )


@pytest.fixture
async def mongo(stores: LocalSettings) -> AsyncIterator[Mongo]:
    """A connection of this test."""
    connection = Mongo(stores.mongo_uri, by="test")
    yield connection
    connection.close()


@pytest.fixture
async def database(mongo: Mongo) -> AsyncIterator[Database]:
    """An empty database of this test."""
    found = mongo.database(f"test_{uuid.uuid4().hex[:12]}")
    yield found
    await found.drop()


@pytest.fixture
async def prepared(mongo: Mongo) -> AsyncIterator[Prepared]:
    """Gives an empty database with the collections of these schemas, which no other test uses meanwhile."""
    given: list[tuple[frozenset[str], str]] = []

    async def give(schemas: Sequence[Schema]) -> Database:
        spare = SPARE[kept(schemas)]
        found = mongo.database(spare.pop() if spare else f"test_{uuid.uuid4().hex[:12]}", schemas)
        given.append((kept(schemas), found.name))
        await prepare(found, schemas)
        return found

    yield give
    for collections, name in given:
        SPARE[collections].append(name)


@pytest.fixture
async def topic(stores: LocalSettings) -> str:
    """A fresh topic with three partitions."""
    name = f"test.{uuid.uuid4().hex[:12]}.v1"
    admin = AIOKafkaAdminClient(bootstrap_servers=stores.kafka_address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name=name, num_partitions=3, replication_factor=1)])
    finally:
        await admin.close()
    return name
