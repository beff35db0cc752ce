"""Places on assignment: what is not known of a topic yet is asked again, and neither stored nor a reason to halt."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, UnknownTopicOrPartitionError

from shared.broker import positions
from shared.broker.identity import Identity
from shared.broker.positions import Positions
from shared.kernel import Unavailable

PLACE = TopicPartition("registry.municipality.v1", 0)
KEY = "group|registry.municipality.v1|0"
LAGGING, WHOLE = Identity("cluster", {}), Identity("cluster", {PLACE.topic: "id-1"})


class _Client:
    """What is known of who leads; asked for it anew, it may hear another name, or nothing."""

    def __init__(self, leader: int, *, now: int | None) -> None:
        self.cluster = self
        self._leader, self._now = leader, now

    def leader_for_partition(self, partition: TopicPartition) -> int:
        assert partition == PLACE
        return self._leader

    async def force_metadata_update(self) -> bool:
        self._leader = self._leader if self._now is None else self._now
        return self._now is not None


class _Consumer:
    """One partition with ten records."""

    at: int | None = None
    paused = False
    held: frozenset[TopicPartition] = frozenset({PLACE})
    trouble: Exception | None = None

    def __init__(self, leader: int = 1, *, now: int | None = 1) -> None:
        self._client = _Client(leader, now=now)

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        if self.trouble:
            raise self.trouble
        return dict.fromkeys(partitions, 0)

    def resume(self, partition: TopicPartition) -> None:
        assert partition == PLACE

    def seek(self, partition: TopicPartition, offset: int) -> None:
        assert partition == PLACE
        self.at = offset

    def pause(self, partition: TopicPartition) -> None:
        assert partition == PLACE
        self.paused = True

    def assignment(self) -> frozenset[TopicPartition]:
        return self.held


class _Store:
    away = False

    def __init__(self, rows: dict[str, Any]) -> None:
        self.rows = rows

    async def find(self, name: str, where: dict[str, Any]) -> list[Any]:
        assert name == "positions"
        return [row for key, row in self.rows.items() if key in where["_id"]["$in"]]

    async def write(self, name: str, operations: list[Any]) -> int:
        assert name == "positions"
        if self.away:
            raise Unavailable("mongodb")
        for one in operations:
            key = one._filter["_id"]
            self.rows[key] = {**self.rows.get(key, one._filter), **one._doc.get("$setOnInsert", one._doc.get("$set"))}
        return len(operations)


@pytest.fixture(autouse=True)
def kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten records are there."""

    async def ends(_: Any, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 10)

    monkeypatch.setattr(positions, "true_ends", ends)


def _placed(store: _Store) -> Any:
    return Positions(SimpleNamespace(find=store.find, write=store.write), "group")


@pytest.mark.parametrize("known", [{}, {KEY: {"_id": KEY, "next": 3, "cluster": "cluster", "topic_id": "id-1"}}])
async def test_a_broker_that_does_not_know_a_topic_yet_is_no_word_on_its_id(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, Any]
) -> None:
    """In a cluster any broker is asked, and a new topic reaches them one after another."""
    answers = iter([LAGGING, WHOLE])

    async def asked(*_: Any) -> Identity:
        return next(answers)

    monkeypatch.setattr(positions, "identity", asked)
    store, consumer = _Store(dict(known)), _Consumer()
    settled = _placed(store)
    with pytest.raises(UnknownTopicOrPartitionError, match=PLACE.topic):
        await settled.settle(consumer, [PLACE])
    assert (store.rows, settled.halted, settled.next) == (known, {}, {})
    await settled.settle(consumer, [PLACE])
    stored = known[KEY]["next"] if known else 0
    assert (store.rows[KEY]["topic_id"], settled.halted, consumer.at) == ("id-1", {}, stored)


async def _whole(*_: Any) -> Identity:
    return WHOLE


async def test_a_place_that_was_read_while_its_partition_was_taken_away_is_not_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was told as ours for ever, and lag could not be measured: the client knows no end of what it does not hold."""
    monkeypatch.setattr(positions, "identity", _whole)
    consumer, settled = _Consumer(), _placed(_Store({}))
    consumer.held = frozenset()
    await settled.settle(consumer, [PLACE])
    assert (settled.next, consumer.at) == ({}, None)


async def test_with_the_next_assignment_all_is_forgotten_that_is_not_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the loss of a partition and the next assignment the client still names the former one."""
    monkeypatch.setattr(positions, "identity", _whole)
    consumer, settled = _Consumer(), _placed(_Store({}))
    settled.next[TopicPartition(PLACE.topic, 1)] = 5
    settled.halted[TopicPartition(PLACE.topic, 2)] = "lost"
    await settled.begin(consumer, [PLACE])
    assert (settled.next, settled.halted) == ({PLACE: 0}, {})


async def test_that_kafka_has_lost_a_place_is_written_down_as_soon_as_the_store_is_back() -> None:
    """Otherwise it would fit again after a restart, once newer records reach behind it."""
    store, consumer = _Store({KEY: {"_id": KEY, "next": 12}}), _Consumer()
    store.away = True
    losing = _placed(store)
    await losing.lose(consumer, PLACE, 12)
    assert losing.halted == {PLACE: "stored place 12 is outside 0..10"}
    assert "lost" not in store.rows[KEY]
    with pytest.raises(Unavailable):
        await losing.say_lost()
    store.away = False
    await losing.say_lost()
    assert store.rows[KEY]["lost"] == "0..10"


async def test_what_kafka_has_lost_is_not_written_down_by_who_holds_the_partition_no_more() -> None:
    """Its next holder, or an operator, may have set the place anew: it would be halted for what is past."""
    store, consumer = _Store({KEY: {"_id": KEY, "next": 12}}), _Consumer()
    store.away = True
    losing = _placed(store)
    await losing.lose(consumer, PLACE, 12)
    losing.forget([PLACE])
    store.away = False
    await losing.say_lost()
    assert (store.rows[KEY], losing.halted) == ({"_id": KEY, "next": 12}, {})


@pytest.mark.parametrize(("now", "trouble"), [(1, None), (1, KafkaConnectionError()), (None, None)])
async def test_a_broker_that_does_not_lead_has_no_word_on_what_is_lost(
    now: int | None, trouble: Exception | None
) -> None:
    """It came back with an empty disk and was still taken for the leader; the place is fetched again from who leads."""
    store, consumer = _Store({KEY: {"_id": KEY, "next": 5}}), _Consumer(3, now=now)
    consumer.trouble = trouble
    losing = _placed(store)
    await losing.lose(consumer, PLACE, 5)
    await losing.say_lost()
    assert (losing.halted, consumer.paused, store.rows[KEY]) == ({}, False, {"_id": KEY, "next": 5})


async def test_what_another_leader_has_not_either_is_lost() -> None:
    store, consumer = _Store({KEY: {"_id": KEY, "next": 12}}), _Consumer(3, now=1)
    losing = _placed(store)
    await losing.lose(consumer, PLACE, 12)
    assert (losing.halted, consumer.paused) == ({PLACE: "stored place 12 is outside 0..10"}, True)


async def test_a_log_that_grew_behind_the_place_since_its_leader_had_not_the_place_is_lost() -> None:
    """What is there now in front of the place is not what was handled: going on would skip it in silence."""
    store, consumer = _Store({KEY: {"_id": KEY, "next": 5}}), _Consumer(1, now=1)
    losing = _placed(store)
    await losing.lose(consumer, PLACE, 5)
    assert (consumer.paused, store.rows[KEY]["lost"]) == (True, "0..10")
    assert losing.halted == {PLACE: "stored place 5 is outside 0..10"}
