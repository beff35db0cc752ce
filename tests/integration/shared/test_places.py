"""The operators' places on the real broker: shown, refused while workers go on, set anew after a restore."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from deploy.cli.__main__ import main
from deploy.local import Settings as LocalSettings
from shared.broker.places import Places
from shared.kernel import Conflict, NotFound, Refused
from shared.mongo import Database, Mongo, UpdateOne
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import consuming, headers, seen, sending, value
from tests.integration.shared.toys import Counting


@pytest.fixture
async def places(database: Database, stores: LocalSettings) -> AsyncIterator[Places]:
    servers = stores.kafka_address
    admin, consumer = AIOKafkaAdminClient(bootstrap_servers=servers), AIOKafkaConsumer(bootstrap_servers=servers)
    await admin.start()
    await consumer.start()
    yield Places(database, consumer, admin)
    await consumer.stop()
    await admin.close()


async def _handled(settings: Settings, database: Database, topic: str) -> None:
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take):
        for number in (1, 2, 3):
            await producer.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
        await eventually(lambda: _seen(database, [1, 2, 3]))


async def _seen(database: Database, wanted: list[int]) -> bool:
    return list(await seen(database, "a")) == wanted


async def _plant(database: Database, topic: str, **change: object) -> None:
    key = f"g-{topic}|{topic}|0"
    assert await database.write("positions", [UpdateOne({"_id": key}, {"$set": change})]) == 1


async def test_places_are_shown_with_the_broker_s_and_the_lag(
    settings: Settings, database: Database, topic: str, places: Places
) -> None:
    await _handled(settings, database, topic)
    async with sending(settings) as producer:
        await producer.send_and_wait(topic, value("a", 4), headers=headers(), partition=0)
    found = await places.standings(group=f"g-{topic}")
    assert [(one.partition.partition, one.next, one.begin, one.end, one.lag) for one in found] == [
        (0, 3, 0, 4, 1), (1, 0, 0, 0, 0), (2, 0, 0, 0, 0),
    ]  # fmt: skip
    assert [one.halted for one in found] == [None, None, None]
    assert await places.standings(group="g") == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"next": 77}, "out-of-range"), ({"cluster": "another"}, "other-cluster"), ({"topic_id": "x"}, "other-topic")],
)
async def test_a_halted_group_is_shown_set_to_the_beginning_and_goes_on(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, places: Places, change: dict[str, object], reason: str
) -> None:
    group = f"g-{topic}"
    await _handled(settings, database, topic)
    await _plant(database, topic, **change)
    counting = Counting(database)
    async with consuming(settings, database, topic, counting.take) as kafka:
        await eventually(kafka.halted, what="halted")
        (halted,) = [one for one in await places.standings(group=group) if one.halted]
        assert (halted.partition.partition, halted.halted and halted.halted.reason, halted.lag) == (0, reason, None)
        assert await places.workers(group)
        (done,) = await places.reset(group, topic, partition=0, to="beginning")
        assert (done.next, done.halted, done.lag) == (0, None, 3)
    async with consuming(settings, database, topic, counting.take):
        await eventually(lambda: _seen(database, [1, 2, 3, 1, 2, 3]), what="read again after the restart")


async def test_a_group_that_goes_on_is_not_moved(
    settings: Settings, database: Database, topic: str, places: Places
) -> None:
    group = f"g-{topic}"
    await _handled(settings, database, topic)
    async with consuming(settings, database, topic, Counting(database).take):
        with pytest.raises(Conflict, match="group-running"):
            await places.reset(group, topic, partition=0, to="beginning")
    await eventually(lambda: _left(places, group), what="the group is empty")
    (done,) = await places.reset(group, topic, partition=0, to=2)
    assert done.next == 2
    for wrong in (99, "middle"):
        with pytest.raises(Refused, match="offset-out-of-range"):
            await places.reset(group, topic, partition=0, to=wrong)
    with pytest.raises(NotFound, match="position-not-found"):
        await places.reset(group, topic, partition=9, to="end")
    assert [one.next for one in await places.reset(group, topic, partition=None, to="end")] == [3, 0, 0]


async def test_a_group_that_goes_on_beside_a_halted_partition_is_not_moved_as_a_whole(
    settings: Settings, database: Database, topic: str, places: Places
) -> None:
    group = f"g-{topic}"
    await _handled(settings, database, topic)
    await _plant(database, topic, next=77)
    async with consuming(settings, database, topic, Counting(database).take) as kafka:
        await eventually(kafka.halted, what="halted")
        before = await places.standings(group=group)
        assert [one.halted is None for one in before] == [False, True, True]
        with pytest.raises(Conflict, match="group-running"):
            await places.reset(group, topic, partition=None, to="beginning")
        assert await places.standings(group=group) == before


async def test_a_place_of_a_partition_that_kafka_does_not_have_is_not_set(
    settings: Settings, database: Database, topic: str, places: Places
) -> None:
    """A topic made anew with fewer partitions leaves such places; they are shown, and stay."""
    group = f"g-{topic}"
    await _handled(settings, database, topic)
    gone = {"next": 5, "cluster": "of-before", "topic_id": "of-before"}
    await database.write("positions", [UpdateOne({"_id": f"{group}|{topic}|9"}, {"$set": gone}, upsert=True)])
    await eventually(lambda: _left(places, group), what="the group is empty")
    with pytest.raises(NotFound, match="position-not-found"):
        await places.reset(group, topic, partition=9, to="beginning")
    done = await places.reset(group, topic, partition=None, to="beginning")
    assert [one.partition.partition for one in done] == [0, 1, 2]
    assert [(one.next, one.end) for one in await places.standings(group=group)] == [(0, 3), (0, 0), (0, 0), (5, None)]


async def _left(places: Places, group: str) -> bool:
    return not await places.workers(group)


async def test_a_place_that_moved_meanwhile_is_left_alone(  # noqa: PLR0917 - as above
    settings: Settings, database: Database, topic: str, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _handled(settings, database, topic)
    whose = places.workers

    async def moving(group: str) -> list[str]:
        await _plant(database, topic, next=1)
        return await whose(group)

    monkeypatch.setattr(places, "workers", moving)
    with pytest.raises(Conflict, match="position-moved"):
        await places.reset(f"g-{topic}", topic, partition=0, to="end")
    first, *_ = await places.standings(group=f"g-{topic}")
    assert first.next == 1
    assert await database.find("journal", {"of": "positions"}) == []


@pytest.fixture
async def planted(mongo: Mongo, topic: str) -> AsyncIterator[str]:
    """A place of scoring in a topic of this test, as another cluster left it."""
    rows = mongo.database("scoring")
    row = {"next": 5, "cluster": "of-before", "topic_id": "of-before"}
    await rows.write("positions", [UpdateOne({"_id": f"scoring|{topic}|0"}, {"$set": row}, upsert=True)])
    yield topic
    await rows.drop()


async def _command(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    def run() -> int:
        try:
            return main(["positions", *words])
        except SystemExit as end:
            return int(str(end.code or 0))

    code = await asyncio.to_thread(run)
    out, err = capsys.readouterr()
    return code, out, err


async def test_the_command_shows_refuses_and_sets(
    planted: str, stores: LocalSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RSOKO_KAFKA", stores.kafka_address)
    monkeypatch.setenv("RSOKO_MONGO", stores.mongo_uri)
    code, out, _ = await _command(capsys, "list", "scoring")
    assert (code, "другой кластер Kafka: хранится of-before" in out) == (1, True)
    words = ("reset", "scoring", "--topic", planted, "--partition", "0", "--to")
    assert "добавьте --yes" in (await _command(capsys, *words, "beginning"))[2]
    code, _, err = await _command(capsys, *words, "7", "--yes")
    assert (code, "вне 0..0" in err) == (1, True)
    code, out, _ = await _command(capsys, *words, "beginning", "--yes", "--json")
    assert (code, json.loads(out)["items"][0]["stored"], json.loads(out)["items"][0]["halted"]) == (0, 0, None)
    code, out, _ = await _command(capsys, "list", "scoring", "--json")
    rows = Mongo(stores.mongo_uri, by="test")
    kept = await rows.database("scoring").find("journal", {"of": "positions", "key": f"scoring|{planted}|0"})
    rows.close()
    assert [(one["role"], one["action"], one["before"]["next"]) for one in kept] == [("command", "positions reset", 5)]
    assert kept[0]["account"]
    # Tests of the service itself may have left places of the same group in other topics.
    assert (code, [row["lag"] for row in json.loads(out)["items"] if row["topic"] == planted]) == (0, [0])
    assert (await _command(capsys, "list", "nobody"))[0] == 1
