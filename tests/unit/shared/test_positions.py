"""Places on assignment: what is not known of a topic yet is asked again, and neither stored nor a reason to halt."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import UnknownTopicOrPartitionError

from shared.broker import positions
from shared.broker.identity import Identity
from shared.broker.positions import Positions

PLACE = TopicPartition("registry.municipality.v1", 0)
KEY = "group|registry.municipality.v1|0"
LAGGING, WHOLE = Identity("cluster", {}), Identity("cluster", {PLACE.topic: "id-1"})


class _Consumer:
    """One partition with ten records."""

    _client = None
    at: int | None = None

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    def resume(self, partition: TopicPartition) -> None:
        assert partition == PLACE

    def seek(self, partition: TopicPartition, offset: int) -> None:
        assert partition == PLACE
        self.at = offset


class _Store:
    def __init__(self, rows: dict[str, Any]) -> None:
        self.rows = rows

    async def find(self, name: str, where: dict[str, Any]) -> list[Any]:
        assert name == "positions"
        return [row for key, row in self.rows.items() if key in where["_id"]["$in"]]

    async def write(self, name: str, operations: list[Any]) -> int:
        assert name == "positions"
        for one in operations:
            self.rows[one._filter["_id"]] = {**one._filter, **one._doc["$setOnInsert"]}
        return len(operations)


@pytest.mark.parametrize("known", [{}, {KEY: {"_id": KEY, "next": 3, "cluster": "cluster", "topic_id": "id-1"}}])
async def test_a_broker_that_does_not_know_a_topic_yet_is_no_word_on_its_id(
    monkeypatch: pytest.MonkeyPatch, known: dict[str, Any]
) -> None:
    """In a cluster any broker is asked, and a new topic reaches them one after another."""
    answers = iter([LAGGING, WHOLE])

    async def asked(*_: Any) -> Identity:
        return next(answers)

    async def ends(_: Any, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 10)

    monkeypatch.setattr(positions, "identity", asked)
    monkeypatch.setattr(positions, "true_ends", ends)
    store, consumer = _Store(dict(known)), _Consumer()
    settled: Any = Positions(SimpleNamespace(find=store.find, write=store.write), "group")  # type: ignore[arg-type] # as much as is asked
    with pytest.raises(UnknownTopicOrPartitionError, match=PLACE.topic):
        await settled.settle(consumer, [PLACE])
    assert (store.rows, settled.halted, settled.next) == (known, {}, {})
    await settled.settle(consumer, [PLACE])
    stored = known[KEY]["next"] if known else 0
    assert (store.rows[KEY]["topic_id"], settled.halted, consumer.at) == ("id-1", {}, stored)
