"""What the relay's sender keeps, whatever Kafka answers: order within a key; nothing is lost or sent past a refusal."""

import asyncio
from collections import defaultdict
from itertools import product
from typing import Any, cast

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    MessageSizeTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.mongo import Document
from shared.relay.handover import HELD_SECONDS, Handover, Place, place_of
from shared.relay.sender import Sender, Stuck
from shared.relay.topics import Topics

SMALL, LARGE = 10, 1000
TOPICS = ("plain", "small", "missing", "forbidden")
STREAMS = ("a", "b", "c", "d")
# What becomes of a batch: taken; taken, and the answer is lost; lost on the way.
TAKEN, UNANSWERED, LOST = "taken", "unanswered", "lost"


class Kafka:
    """Two partitions a topic. It takes any first number of a producer: nothing here refuses what comes out of turn."""

    def __init__(self, fates: list[str]) -> None:
        self.fates = fates
        self.healthy = False
        self.asked: list[str] = []
        self.on_their_way: set[tuple[str, int]] = set()
        self.log: dict[str, list[Document]] = defaultdict(list)

    def answer(self, batch: list[Document], topic: str) -> BaseException | None:
        fate = self.fates.pop() if self.fates else TAKEN
        if fate == LOST:
            return KafkaConnectionError()
        if not self.healthy and topic == "forbidden":
            return TopicAuthorizationFailedError(topic)
        if not self.healthy and topic == "small" and sum(len(row["value"]) for row in batch) > LARGE // 2:
            return MessageSizeTooLargeError()
        self.log[topic] += batch
        return KafkaConnectionError() if fate == UNANSWERED else None


class Packet(list[Document]):
    """A batch of three rows at most."""

    def append(self, **row: Any) -> Any:
        if len(self) == 3:
            return None
        super().append(row)
        return self

    def close(self) -> None:
        """Nothing more comes."""


class Producer:
    """One connection to it, after which another may come."""

    create_batch = Packet

    def __init__(self, kafka: Kafka) -> None:
        self.kafka = kafka
        self._sender, self.sender_task, self.client = self, None, self

    async def start(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """Nothing is on its way any more."""
        self.kafka.on_their_way.clear()

    async def partitions_for(self, topic: str) -> set[int]:
        self.kafka.asked.append(topic)
        if topic == "missing" and not self.kafka.healthy:
            raise UnknownTopicOrPartitionError
        return {0, 1}

    async def send_batch(self, batch: Packet, topic: str, *, partition: int) -> "asyncio.Future[None]":
        assert (topic, partition) not in self.kafka.on_their_way, "one batch of a partition at a time"
        self.kafka.on_their_way.add((topic, partition))
        given = asyncio.get_running_loop().create_future()
        if topic == "away":
            return given
        asyncio.get_running_loop().call_soon(self._answer, given, batch, topic, partition)
        return given

    def _answer(self, given: "asyncio.Future[None]", batch: Packet, topic: str, partition: int) -> None:
        self.kafka.on_their_way.discard((topic, partition))
        error = self.kafka.answer(batch, topic)
        given.set_result(None) if error is None else given.set_exception(error)


rows = st.lists(st.tuples(st.sampled_from(STREAMS), st.sampled_from(TOPICS), st.booleans()), min_size=1, max_size=25)
fates = st.lists(st.sampled_from((TAKEN, TAKEN, TAKEN, UNANSWERED, LOST)), max_size=12)


def outbox(told: list[tuple[str, str, bool]]) -> list[Document]:
    """Rows numbered in their streams; the large ones are refused by the topic that takes little."""
    found: list[Document] = []
    for stream, topic, large in told:
        number = 1 + sum(place_of(row)[0] == stream for row in found)
        found.append(
            {"_id": {"k": stream, "s": number}, "topic": topic, "key": stream.encode(), "headers": {"n": str(number)},
             "value": b"x" * (LARGE if large else SMALL)}
        )  # fmt: skip
    return sorted(found, key=place_of)


async def attempt(sender: Sender, handover: Handover, waiting: list[Document]) -> None:
    """One page as the relay sends it (`shared.relay.sending.Relay`)."""
    try:
        async for sent in sender.send(handover.unsent(waiting)):
            handover.sent(sent)
    except Stuck as stuck:
        handover.hold(stuck.rows, 0.0)
    except KafkaConnectionError:
        await sender.drop()


def numbers(kafka: Kafka, topic: str, stream: str) -> list[int]:
    """The numbers of a stream in a topic, each where it came first."""
    mine = [row for row in kafka.log[topic] if row["key"] == stream.encode()]
    return list(dict.fromkeys(int(dict(row["headers"])["n"]) for row in mine))


def check(kafka: Kafka, waiting: list[Document], *, whole: bool = False) -> None:
    """In each topic stands the beginning of what goes there of each stream (in the end, all of it)."""
    for topic, stream in product(TOPICS, STREAMS):
        due = [place_of(row)[1] for row in waiting if row["topic"] == topic and place_of(row)[0] == stream]
        found = numbers(kafka, topic, stream)
        assert found == (due if whole else due[: len(found)]), f"{stream} in {topic}: nothing goes past another"


def going(handover: Handover, waiting: list[Document]) -> set[Place]:
    """What nothing stands in the way of: all but what is held, and what follows that in its stream."""
    return {place for row in waiting if (place := place_of(row))[1] < handover.held.get(place[0], place[1] + 1)}


@settings(max_examples=300, deadline=None)
@given(rows, fates, st.integers(1, 4))
def test_whatever_kafka_answers_order_is_kept_and_in_the_end_everything_is_there(
    told: list[tuple[str, str, bool]], fates: list[str], attempts: int
) -> None:
    waiting, kafka, handover = outbox(told), Kafka(fates), Handover()
    sender = Sender(lambda: cast("Any", Producer(kafka)), patience=5)
    now = [0.0]
    sender._topics = Topics(lambda: now[0])

    async def run() -> None:
        for _ in range(attempts):
            await attempt(sender, handover, waiting)
            check(kafka, waiting)
        kafka.fates.clear()
        await attempt(sender, handover, waiting)
        assert going(handover, waiting) <= set(handover.unswept()), "nothing waits for what is held but its stream"
        kafka.healthy, now[0] = True, HELD_SECONDS
        handover.release(1000.0)
        await attempt(sender, handover, waiting)
        assert sorted(handover.unswept()) == [place_of(row) for row in waiting]
        check(kafka, waiting, whole=True)

    asyncio.run(run())


async def test_what_one_round_brought_is_told_at_once_and_in_order() -> None:
    """Were it told lane by lane, whoever stopped listening after the first would have the others sent again."""
    waiting = outbox([("a", "plain", False), ("a", "other", False), ("a", "plain", False), ("b", "plain", False)])
    sender = Sender(lambda: cast("Any", Producer(Kafka([]))), patience=5)
    [sent] = [sent async for sent in sender.send(waiting)]
    assert [place_of(row) for row in sent] == [("a", 1), ("a", 2), ("a", 3), ("b", 1)]


async def test_nothing_is_on_its_way_any_more_where_a_part_is_told() -> None:
    """Who hears of it may find that another one leads, and stop: that would come behind what the other one sends."""
    waiting = outbox([("a", "plain", False), ("b", "away", False)])
    sender = Sender(lambda: cast("Any", Producer(Kafka([]))), patience=0.05)
    sending = sender.send(waiting)
    assert [place_of(row) for row in await anext(sending)] == [("a", 1)]
    assert sender.failing
    assert sender._producer is None
    with pytest.raises(TimeoutError):
        await anext(sending)


async def test_a_missing_topic_is_asked_for_once_in_a_while() -> None:
    kafka, now = Kafka([]), [0.0]
    sender = Sender(lambda: cast("Any", Producer(kafka)), patience=5)
    sender._topics = Topics(lambda: now[0])
    for _ in range(3):
        with pytest.raises(Stuck):
            await anext(sender.send(outbox([("a", "missing", False)])))
    assert kafka.asked == ["missing"]
    kafka.healthy, now[0] = True, HELD_SECONDS
    assert await anext(sender.send(outbox([("a", "missing", False)])))


def test_trouble_is_over_once_all_was_tried_and_nothing_is_held() -> None:
    """What is let go to be tried again is in trouble until it went."""
    handover, [row] = Handover(), outbox([("a", "missing", False)])
    handover.hold([(row, "topic-unknown")], 0.0)
    handover.release(HELD_SECONDS)
    assert (handover.held, handover.troubled) == ({}, True)
    handover.hold([(row, "topic-unknown")], HELD_SECONDS)
    handover.settle()
    assert handover.troubled
    handover.release(2 * HELD_SECONDS)
    handover.settle()
    assert not handover.troubled
