"""The embedded platform for real: Kafka, MongoDB and services up, killed, restarted, down without a rest."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.cli import topics
from deploy.local import Failed, Platform, Settings
from deploy.local.kafka import prepare
from deploy.local.kafka.java import cache
from deploy.local.platform import START_SECONDS
from deploy.local.processes import gone, recorded
from deploy.local.status import status
from tests.e2e.conftest import until

APP = """
from fastapi import FastAPI
def create():
    app = FastAPI()
    app.add_api_route("/readyz", lambda: {})
    return app
"""
TOPICS = """
defaults:
  retention_days: {days}
  cleanup_policy: delete
  max_message_bytes: 1048576
  min_insync_replicas: 1
  replication: 1
topics:
  trial.kept.v1: {{ partitions: 1 }}
  trial.grown.v1: {{ partitions: {partitions} }}
"""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One trial service beside the real Kafka, MongoDB and issuer."""
    folder = tmp_path_factory.mktemp("trial")
    (folder / "trial_app.py").write_text(APP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        found = Platform(Settings.spare(folder / "home", apps={"portal": "trial_app:create"}))
        found.up(services=("portal",))
        yield found
        found.down()


def test_all_is_ready_when_up_returns_and_a_second_up_changes_nothing(platform: Platform) -> None:
    asked = {process.name: process for process in status(platform.settings)}
    assert set(asked) == {"kafka", "mongodb", "identity", "portal"}
    until(lambda: _states(platform) == {"ready"}, what="all is ready")
    assert platform.up(services=("portal",)) is False
    assert {name: process.pid for name, process in asked.items()} == {
        process.name: process.pid for process in status(platform.settings)
    }


def test_kafka_begins_from_what_its_rehearsal_has_kept(platform: Platform) -> None:
    broker = platform.pid("kafka")
    assert cache().name in Path(f"/proc/{broker}/maps").read_text()


def test_what_java_cannot_read_of_a_rehearsal_keeps_no_broker_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = tmp_path / "half.aot"
    half.write_bytes(cache().read_bytes()[:1_000_000])
    monkeypatch.setattr("deploy.local.kafka.java.cache", lambda: half)
    prepared = prepare(Settings.spare(tmp_path / "home"))
    assert f"-XX:AOTCache={half}" in prepared.argv
    assert (tmp_path / "home" / "kafka" / "data" / "meta.properties").exists()


def _states(platform: Platform) -> set[str]:
    return {process.state for process in status(platform.settings)}


def test_a_second_up_with_more_services_says_what_is_missing(platform: Platform) -> None:
    with pytest.raises(Failed, match="scoring"):
        platform.up(services=("portal", "scoring"))


def test_another_state_folder_on_the_same_ports_is_refused(platform: Platform, tmp_path: Path) -> None:
    same = platform.settings
    other = Settings(home=tmp_path, port_base=same.port_base, kafka_port=same.kafka_port, mongo_port=same.mongo_port)
    with pytest.raises(Failed, match=f"порт {same.kafka_port} .* занят: java"):
        Platform(other).up(services=())


def test_topics_are_applied_repeatably_and_never_shrink(platform: Platform, tmp_path: Path) -> None:
    assert {item["result"] for item in topics.apply(platform.settings)} == {"unchanged"}
    declared = tmp_path / "topics.yaml"

    def apply(partitions: int, days: int = 30) -> list[str]:
        declared.write_text(TOPICS.format(partitions=partitions, days=days))
        done = [item["result"] for item in topics.apply(platform.settings, path=declared)]
        until(lambda: asyncio.run(_shows(platform.settings, partitions, days)), what="the broker knows it, too")
        return done

    assert apply(1) == ["created", "created"]
    assert apply(1) == ["unchanged", "unchanged"]
    assert apply(3) == ["unchanged", "changed"]
    assert apply(3, days=31) == ["changed", "changed"]
    assert apply(3, days=31) == ["unchanged", "unchanged"]
    with pytest.raises(Failed, match=r"разделов у топика trial\.grown\.v1: 3, описано 2"):
        apply(2)
    asyncio.run(_given_by_hand(platform.settings, {"segment.ms": "3600000"}))
    assert apply(3, days=32) == ["changed", "changed"]
    assert asyncio.run(_given_by_hand(platform.settings))["segment.ms"] == "3600000"
    with pytest.raises(Failed, match=r"настройки топика trial\.(kept|grown)\.v1 не изменены: InvalidConfig"):
        apply(3, days=-5)


def test_applying_never_lowers_how_many_must_have_a_record(platform: Platform, tmp_path: Path) -> None:
    declared = tmp_path / "topics.yaml"
    declared.write_text(TOPICS.format(partitions=3, days=30))
    topics.apply(platform.settings, path=declared)
    asyncio.run(_given_by_hand(platform.settings, {"min.insync.replicas": "2"}))
    until(lambda: asyncio.run(_given_by_hand(platform.settings))["min.insync.replicas"] == "2", what="it is given")
    declared.write_text(TOPICS.format(partitions=3, days=33))
    by_hand, other = topics.apply(platform.settings, path=declared)
    until(lambda: asyncio.run(_shows(platform.settings, 3, 33)), what="the broker knows it, too")
    assert asyncio.run(_given_by_hand(platform.settings))["min.insync.replicas"] == "2"
    assert topics.line(by_hand).endswith("изменён; min.insync.replicas 2, описано 1: сам не понижаю")
    assert other["warnings"] == []


async def _shows(settings: Settings, partitions: int, days: int) -> bool:
    """Whether the broker itself does as the controller has said, a moment before."""
    names = ("trial.kept.v1", "trial.grown.v1")
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_address)
    await admin.start()
    try:
        told = {one["topic"]: one["partitions"] for one in await admin.describe_topics(list(names))}
        found = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
        kept = {dict(entry[:2] for entry in one[4])["retention.ms"] for each in found for one in each.resources}
    finally:
        await admin.close()
    return [len(told[name]) for name in names] == [1, partitions] and kept == {str(days * 86_400_000)}


async def _given_by_hand(settings: Settings, more: dict[str, str] | None = None) -> dict[str, str]:
    """The settings of a topic, after an operator has given it some of their own."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_address)
    await admin.start()
    try:
        [described] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "trial.kept.v1")])
        entries = described.resources[0][4]
        if more:
            own = {entry[0]: entry[1] for entry in entries if entry[3] == topics.OF_THE_TOPIC}
            await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, "trial.kept.v1", configs=own | more)])
        return {entry[0]: entry[1] for entry in entries}
    finally:
        await admin.close()


@pytest.mark.parametrize("name", ["portal", "identity", "mongodb", "kafka"])
def test_what_is_killed_is_back_by_itself(platform: Platform, name: str) -> None:
    killed = platform.kill(name)
    assert platform.wait_ready(name, since=killed, seconds=START_SECONDS) != killed


def test_nothing_is_left_after_the_supervisor_was_killed(platform: Platform) -> None:
    records = recorded(platform.settings.run)
    assert {"supervisor", "kafka", "mongodb", "identity", "portal"} <= set(records)
    platform.signal("supervisor", signal.SIGKILL)
    gone(records["supervisor"], seconds=5)
    platform.down()
    assert [name for name, record in records.items() if record.alive()] == []
    assert _states(platform) == {"stopped"}


def test_after_a_crash_it_comes_up_again_on_the_same_state(platform: Platform) -> None:
    assert platform.up(services=("portal",)) is True
    until(lambda: _states(platform) == {"ready"}, what="all is ready")
    assert {item["result"] for item in topics.apply(platform.settings)} == {"unchanged"}
    records = recorded(platform.settings.run)
    platform.down()
    assert [name for name, record in records.items() if record.alive()] == []
