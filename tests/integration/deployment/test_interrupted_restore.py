"""A restore that was interrupted: nothing starts on half a database, and a repeat begins again by itself."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bson
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient  # noqa: TID251 - what a restore leaves in the database

from deploy.backup import Target, databases, restore, take, topics
from deploy.backup.archive import Writer
from deploy.cli import migrate
from deploy.cli.stores import commanded
from deploy.local import Failed
from deploy.local import Settings as LocalSettings
from shared import service as started
from shared.service import Service
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import headers, sending, value


@pytest.fixture(autouse=True)
def declared(topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "topics", lambda: {topic: False})


@dataclass(frozen=True, slots=True)
class Trial:
    """A backup of two databases, to be restored into the stores of this run."""

    path: Path
    stores: LocalSettings
    names: tuple[str, str]

    def restore(self, migrate: Callable[[], object] = str, *, renew: bool = False) -> int:
        """Bring it back; how many documents."""
        mongo, kafka = self.stores.mongo_uri, self.stores.kafka_address
        target = Target(mongo=mongo, kafka=kafka, services=self.names, apply_topics=str, migrate=migrate, renew=renew)
        return restore(self.path, target, str).documents

    def counts(self) -> list[int]:
        """How many documents there are."""
        with MongoClient(self.stores.mongo_uri) as client:
            return [client[name]["facts"].count_documents({}) for name in self.names]

    def marks(self, change: dict[str, Any]) -> None:
        """Change the marks of a restore."""
        with MongoClient(self.stores.mongo_uri) as client:
            for name in self.names:
                client[name]["restoring"].update_one({}, change)

    def interrupt(self) -> None:
        """Ctrl-C when a part is written."""

        def migrated() -> None:
            with MongoClient(self.stores.mongo_uri) as client:
                client[self.names[0]]["facts"].insert_one({"_id": 0})
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.restore(migrated)


@pytest.fixture
def trial(tmp_path: Path, stores: LocalSettings) -> Iterator[Trial]:
    names = (f"test_{uuid.uuid4().hex[:12]}", f"test_{uuid.uuid4().hex[:12]}")
    with Writer.to(tmp_path / "a.backup", at=datetime.now(UTC)) as writer:
        for name in names:
            for number in range(3):
                writer.document(name, "facts", RawBSONDocument(bson.encode({"_id": number})))
    yield Trial(tmp_path / "a.backup", stores, names)
    with MongoClient(stores.mongo_uri) as client:
        for name in names:
            client.drop_database(name)


def test_a_repeat_clears_what_an_interrupted_restore_wrote_and_begins_again(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial.interrupt()

    monkeypatch.setenv("LOGNAME", "operator-7")
    with commanded("restore"):
        assert trial.restore() == 6

    assert trial.counts() == [3, 3]
    with MongoClient(trial.stores.mongo_uri, tz_aware=True) as client:
        kept = [one for name in trial.names for one in client[name]["journal"].find()]
    told = {(one["of"], one["key"], one["role"], one["account"], one["action"], one["before"]) for one in kept}
    assert (len(kept), len(told)) == (2, 1)
    [(of, key, *who)] = told
    assert (of, who) == ("restoring", ["command", "operator-7", "restore", None])
    assert datetime.fromisoformat(key) < kept[0]["at"]
    with pytest.raises(Failed, match="базы не пусты"):
        trial.restore()


def test_a_second_restore_beside_a_running_one_is_refused(trial: Trial) -> None:
    def beside() -> None:
        with pytest.raises(Failed, match="идёт другое восстановление"):
            trial.restore()

    assert trial.restore(beside) == 6


def test_a_restore_that_another_took_over_writes_nothing_more(trial: Trial) -> None:
    with pytest.raises(Failed, match="начато другое восстановление"):
        trial.restore(lambda: trial.marks({"$set": {"by": "other"}}))
    assert trial.counts() == [0, 0]


def test_a_restore_that_was_killed_is_waited_for_a_minute_only(trial: Trial) -> None:
    trial.interrupt()
    trial.marks({"$currentDate": {"at": True}})
    with pytest.raises(Failed, match="идёт другое восстановление"):
        trial.restore()
    trial.marks({"$set": {"at": datetime.now(UTC) - timedelta(minutes=2)}})
    assert trial.restore() == 6


def test_a_service_that_only_sends_is_at_work_too(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def leases(ends: timedelta) -> None:
        with MongoClient(trial.stores.mongo_uri) as client:
            row = {"owner": "a-1", "epoch": 1, "expires": datetime.now(UTC) + ends}
            client[trial.names[0]]["leases"].replace_one({"_id": "relay"}, row, upsert=True)

    leases(timedelta(hours=1))
    monkeypatch.setattr(databases, "PATIENCE", 0.0)
    with pytest.raises(Failed, match=f"службы работают: {trial.names[0]}"):
        trial.restore()
    assert trial.counts() == [0, 0]

    leases(timedelta(seconds=2))
    monkeypatch.setattr(databases, "PATIENCE", 15.0)
    assert trial.restore() == 6


async def test_a_service_gets_ready_only_when_the_restore_is_whole(
    trial: Trial, settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(started, "FIRST_READY", 0.5)
    await asyncio.to_thread(trial.interrupt)
    service = Service(trial.names[1], settings, title="Проба", schemas=())
    app = service.app(object(), routers=(), tells=(), hears=())

    async with app.router.lifespan_context(app):
        assert not service.health.started
        [told, *_] = [line for line in capfd.readouterr().err.splitlines() if "service.unfit" in line]
        assert "critical" in told
        assert "восстановление не закончено" in told
        await asyncio.to_thread(trial.restore)
        await eventually(lambda: service.health.started, what="it is ready by itself")


async def test_topics_are_not_deleted_while_brokers_are_away_that_new_ones_need(
    trial: Trial, settings: Settings, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sending(settings) as plain:
        await plain.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
    genuine = AIOKafkaAdminClient.describe_topics

    async def describe_topics(self: AIOKafkaAdminClient, names: list[str] | None = None) -> list[Any]:
        # As a cluster would tell of a topic whose other replicas are away: this one has a single broker.
        parts = [{"partition": 0, "replicas": [1, 2, 3]}]
        more = [{"error_code": 0, "topic": "__replicated", "partitions": parts}] if names is None else []
        return [*await genuine(self, names), *more]

    with monkeypatch.context() as outage:
        outage.setattr(AIOKafkaAdminClient, "describe_topics", describe_topics)
        with pytest.raises(Failed, match=r"не отвечают: 2, 3\. .*ничего не изменено") as told:
            await asyncio.to_thread(trial.restore, renew=True)
    assert "верните эти брокеры" in (told.value.remedy or "")
    async with topics.administered(trial.stores.kafka_address) as admin:
        assert await topics.holding(admin, trial.stores.kafka_address, [topic]) == [topic]
    assert trial.counts() == [0, 0]


def test_neither_up_nor_a_backup_takes_half_a_database_for_a_whole_one(trial: Trial) -> None:
    trial.interrupt()

    stores = trial.stores
    with pytest.raises(Failed, match="восстановление не закончено"):
        take(
            trial.path.with_name("b.backup"),
            mongo=stores.mongo_uri,
            kafka=stores.kafka_address,
            services=trial.names,
        )
    with pytest.raises(Failed, match="восстановление не закончено"):
        migrate.refuse_half_restored(stores, trial.names)
