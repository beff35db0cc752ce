"""A secured Kafka for real: users with passwords, TLS and rights; a result flows, strangers are refused."""

import asyncio
import gc
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, SaslAuthenticationFailed
from aiokafka.errors import TopicAuthorizationFailedError as NotAllowed

from deploy.cli import topics
from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.cli.story import HOPS, choose, follow
from deploy.local import STORED, Failed, Platform, Settings
from deploy.local.kafka import granting
from deploy.local.kafka.declared import DECLARED
from deploy.local.kafka.logins import Login
from deploy.local.kafka.rights import Right, users
from deploy.local.passwords import password_file
from deploy.local.platform import START_SECONDS
from shared.testing import eventually

EVERYBODY = sorted(users())


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """All services but the portal, each signed in to Kafka as itself; the region's data came through it."""
    found = Platform(Settings.spare(tmp_path_factory.mktemp("secured"), secured=True))
    try:
        found.up(STORED)
        with Api(settings=found.settings) as api:
            bring_region(api, lambda _: None)
        yield found
    finally:
        found.down()


@pytest.fixture
def login(platform: Platform) -> Callable[[str], dict[str, Any]]:
    """What a client of Kafka is told to act as somebody."""
    folder, servers = platform.settings.logins, platform.settings.kafka_address

    def words(user: str) -> dict[str, Any]:
        return {"bootstrap_servers": servers, **Login.kept(folder, user).words()}

    return words


@asynccontextmanager
async def using(client: Any) -> AsyncIterator[Any]:
    """A client started, and closed whatever comes."""
    try:
        await client.start()
        yield client
    finally:
        await (client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())


# The demo's stream is cut off where it stands; the socket under it is closed when it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_correction_flows_from_service_to_service_under_passwords_tls_and_rights(platform: Platform) -> None:
    with Api(settings=platform.settings) as api:
        followed = asyncio.run(follow(api, choose(api)))
    gc.collect()
    assert set(followed.seen) == {name for name, _ in HOPS}


@pytest.mark.parametrize("user", EVERYBODY)
async def test_everybody_sees_their_own_topics_and_no_others(user: str, login: Callable[[str], dict[str, Any]]) -> None:
    async with using(AIOKafkaAdminClient(**login(user))) as admin:
        seen = {name for name in await admin.list_topics() if not name.startswith("__")}
    assert seen == {right.name for right in users()[user] if right.kind == "topic"}


@pytest.mark.parametrize("user", EVERYBODY)
async def test_everybody_writes_where_the_table_says_and_nowhere_else(
    user: str, login: Callable[[str], dict[str, Any]]
) -> None:
    declared = set(yaml.safe_load(DECLARED.read_text())["topics"])
    may = {right.name for right in users()[user] if right.deed == "write"}
    async with using(AIOKafkaProducer(**login(user), enable_idempotence=True, acks="all")) as producer:
        for topic in sorted(declared - may):
            with pytest.raises(NotAllowed):
                await producer.send_and_wait(topic, b"{}", partition=0)
        client = producer.client
        await client.set_topics(sorted(may))
        assert {topic: bool(client.cluster.partitions_for_topic(topic)) for topic in may} == dict.fromkeys(may, True)


async def test_what_a_service_tells_on_a_topic_not_of_that_event_is_a_dead_letter(
    platform: Platform, login: Callable[[str], dict[str, Any]]
) -> None:
    kind, topic = "ru.rsoko.monitoring.result.corrected.v1", "registry.municipality.v1"
    attributes = {"ce_specversion": "1.0", "ce_id": "forged", "ce_source": "/registry", "ce_type": kind}
    headers = [(name, text.encode()) for name, text in attributes.items()]
    async with using(AIOKafkaProducer(**login("registry"), enable_idempotence=True, acks="all")) as producer:
        await producer.send_and_wait(topic, b"{}", key=b"forged", headers=headers, partition=0)
    with Api(settings=platform.settings) as api:

        def letters() -> list[dict[str, Any]]:
            page = api.get("scoring", "/v1/operations/dead-letters", code="foreign-type")
            return list(page["items"])

        [letter] = await eventually(letters, what="the dead letter")
    assert (letter["event"], letter["origin"]["topic"]) == ("forged", topic)


async def read(**words: Any) -> Any:
    """The first record of what a new consumer is told to read."""
    async with asyncio.timeout(20), using(AIOKafkaConsumer(**words, auto_offset_reset="earliest")) as consumer:
        consumer.subscribe([words["client_id"]])
        return await consumer.getone()


@pytest.mark.parametrize(
    ("user", "topic"),
    [
        ("scoring", "scoring.rating.v1"),
        ("monitoring", "monitoring.dlq"),
        ("gis-education", "monitoring.intake.v1"),
    ],
    ids=str,
)
async def test_what_one_only_writes_one_cannot_read(
    user: str, topic: str, login: Callable[[str], dict[str, Any]]
) -> None:
    with pytest.raises(NotAllowed):
        await read(client_id=topic, **login(user))


@pytest.mark.parametrize(
    ("user", "topic"), [("registry", "monitoring.result.v1"), ("scoring", "roadmap.recommendation.v1")], ids=str
)
async def test_of_what_one_neither_writes_nor_reads_one_learns_nothing(
    user: str, topic: str, login: Callable[[str], dict[str, Any]]
) -> None:
    async with using(AIOKafkaConsumer(**login(user))) as consumer:
        await consumer._client.set_topics([topic])
        assert consumer._client.cluster.unauthorized_topics == {topic}
        assert consumer._client.cluster.partitions_for_topic(topic) is None


async def test_the_group_of_another_service_cannot_be_joined(login: Callable[[str], dict[str, Any]]) -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        await read(client_id="scoring.score.v1", group_id="notification", **login("roadmap"))


async def refused(client: AIOKafkaAdminClient) -> str:
    try:
        async with using(client):
            return "let in"
    except SaslAuthenticationFailed:
        return "password"
    except KafkaError:
        return "connection"


async def test_a_wrong_password_no_password_and_no_encryption_are_refused(
    platform: Platform, login: Callable[[str], dict[str, Any]]
) -> None:
    good, servers = login("scoring"), platform.settings.kafka_address
    others = Login.kept(platform.settings.logins, "monitoring").password
    assert await refused(AIOKafkaAdminClient(**good)) == "let in"
    assert await refused(AIOKafkaAdminClient(**{**good, "sasl_plain_password": "guess"})) != "let in"
    assert await refused(AIOKafkaAdminClient(**{**good, "sasl_plain_password": others})) != "let in"
    assert await refused(AIOKafkaAdminClient(**{**good, "sasl_plain_username": "nobody"})) != "let in"
    assert await refused(AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=2000)) == "connection"
    stranger = {**good, "ssl_context": ssl.create_default_context()}
    assert await refused(AIOKafkaAdminClient(**stranger)) == "connection"


def greeted(address: tuple[str, int], trusting: ssl.SSLContext) -> str:
    """What comes of a connection without a certificate of one's own: TLS 1.3 tells of it with the first read."""
    with (
        socket.create_connection(address, timeout=10) as plain,
        trusting.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped,
    ):
        try:
            return "answered" if wrapped.recv(1) else "closed"
        except ssl.SSLError as error:
            return error.reason


def test_the_controller_takes_only_who_shows_the_broker_s_certificate(platform: Platform) -> None:
    trusting = ssl.create_default_context(cafile=str(platform.settings.logins / "ca.pem"))
    assert "CERTIFICATE" in greeted(("127.0.0.1", platform.settings.kafka_port + 1), trusting)


def test_rights_are_brought_to_the_table_and_a_second_time_changes_nothing(platform: Platform) -> None:
    told = topics.grant(platform.settings)
    assert set(told) == set(EVERYBODY)
    assert {one["granted"] + one["taken"] for one in told.values()} == {0}
    asyncio.run(_granted_by_hand(platform.settings))
    assert topics.grant(platform.settings)["scoring"] == {"rights": len(users()["scoring"]), "granted": 0, "taken": 1}


async def _granted_by_hand(settings: Settings) -> None:
    async with using(AIOKafkaAdminClient(**granting.client(settings))) as admin:
        right = Right("scoring", "topic", "monitoring.intake.v1", "write")
        await granting._grant(admin, right)

        async def shown() -> bool:
            return right in await granting._present(admin, "scoring")

        await eventually(shown, what="the broker knows it, too")


def test_the_commands_of_an_operator_find_the_login_in_the_state_folder(platform: Platform, tmp_path: Path) -> None:
    settings = platform.settings
    named = {
        "RSOKO_HOME": str(settings.home),
        "RSOKO_KAFKA_PORT": str(settings.kafka_port),
        "RSOKO_MONGO_PORT": str(settings.mongo_port),
        "RSOKO_PORT_BASE": str(settings.port_base),
    }
    for words in (["topics", "apply"], ["positions", "list"], ["backup", str(tmp_path / "whole.backup")]):
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", *words],
            env={**os.environ, **named},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"


def test_only_the_operator_grants(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = platform.settings.logins
    monkeypatch.setenv("RSOKO_KAFKA_USER", "scoring")
    monkeypatch.setenv("RSOKO_KAFKA_PASSWORD_FILE", str(password_file(folder, "scoring")))
    monkeypatch.setenv("RSOKO_KAFKA_CA", str(folder / "ca.pem"))
    with pytest.raises(Failed, match="права не применены"):
        topics.grant(platform.settings)


def test_passwords_are_the_owner_s_alone_and_stand_in_no_command_line(platform: Platform) -> None:
    folder = platform.settings.logins
    passwords = {path.name: path.read_text() for path in folder.glob("*.password")}
    assert len(passwords) == len(EVERYBODY) + 2
    secret = [*folder.glob("*.password"), folder / "broker.pem", platform.settings.home / "kafka" / "server.properties"]
    assert {oct(path.stat().st_mode & 0o777) for path in secret} == {"0o600"}
    plan = (platform.settings.run / "plan.json").read_text()
    logs = "".join(path.read_text(errors="replace") for path in platform.settings.logs.glob("*.log"))
    assert [name for name, word in passwords.items() if word in plan or word in logs] == []


def test_a_kafka_that_was_begun_secured_stays_so_and_one_without_cannot_become_it(
    platform: Platform, tmp_path: Path
) -> None:
    assert Settings.from_env({"RSOKO_HOME": str(platform.settings.home)}).secured
    plain = replace(platform.settings, home=tmp_path)
    (tmp_path / "kafka" / "data").mkdir(parents=True)
    (tmp_path / "kafka" / "data" / "meta.properties").touch()
    with pytest.raises(Failed, match="размечена без входа"):
        Platform(plain).start_kafka()


async def test_a_killed_secured_kafka_comes_back_with_users_and_rights(
    platform: Platform, login: Callable[[str], dict[str, Any]]
) -> None:
    killed = platform.kill("kafka")
    await asyncio.to_thread(platform.wait_ready, "kafka", since=killed, seconds=START_SECONDS)

    async def sees() -> bool:
        try:
            async with using(AIOKafkaAdminClient(**login("registry"))) as admin:
                return "registry.municipality.v1" in await admin.list_topics()
        except KafkaError:
            return False

    await eventually(sees, what="the registry signs in again")
