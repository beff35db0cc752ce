"""Reading ahead: it keeps nothing of the batch in hand, and pauses only behind a batch that was not full."""

import asyncio
import weakref
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from shared.broker.ahead import Ahead
from shared.broker.listener import Listener


class Held:
    """What the way of a batch keeps in its context."""


IN_HAND: ContextVar[Held | None] = ContextVar("in-hand", default=None)
RECORD = SimpleNamespace(topic="one", partition=0, offset=0, timestamp=0, key=None, value=None, headers=())


async def nothing(batch: Any) -> None:
    del batch


async def test_a_batch_is_let_go_while_the_next_one_is_already_read() -> None:
    """The task that reads lives in a context; with that of its caller in it, batches would hang in a chain."""

    async def poll(_: Any) -> tuple[Any, ...]:
        return (RECORD,)

    ahead, consumer = Ahead(Listener("group", {"one": {}}, nothing, "dlq"), poll), SimpleNamespace()
    held = Held()
    gone = weakref.ref(held)
    token = IN_HAND.set(held)
    ahead.begin(consumer)
    polled = await ahead.next(consumer)
    assert polled.reading is not None
    await asyncio.wait([polled.reading])
    IN_HAND.reset(token)
    del held, token

    assert gone() is None, "what was read ahead still keeps the batch before it"


async def test_what_comes_soon_after_a_batch_waits_for_more_unless_the_batch_was_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A single record after a quiet time is taken at once, and whoever lags behind never waits."""
    sizes, rests = iter([1, 2, 0, 1, 1]), []

    async def poll(_: Any) -> tuple[Any, ...]:
        return (RECORD,) * next(sizes)

    async def rest(seconds: float) -> None:
        rests.append(round(seconds))

    monkeypatch.setattr(asyncio, "sleep", rest)
    ahead = Ahead(Listener("group", {"one": {}}, nothing, "dlq", max_records=2, pause=100), poll)
    slept = []
    for _ in range(5):
        polled = await ahead.next(SimpleNamespace())
        if polled.reading is not None:
            await asyncio.wait([polled.reading])
        slept.append(len(rests))
    assert slept == [0, 1, 1, 1, 2], "behind the first batch and the fourth, which were not full"
    assert rests == [100, 100], "for as long as the listener says"


async def test_what_is_dropped_is_polled_again_from_its_first_record_where_the_partition_is_still_ours() -> None:
    """A batch of other partitions that fails goes back in those alone."""
    polled = [RECORD, *(SimpleNamespace(**{**vars(RECORD), "partition": 1, "offset": at}) for at in (7, 8))]
    polled.append(SimpleNamespace(**{**vars(RECORD), "topic": "taken away", "offset": 5}))
    sought: list[tuple[TopicPartition, int]] = []

    async def poll(_: Any) -> tuple[Any, ...]:
        return tuple(polled)

    ours = [TopicPartition("one", number) for number in (0, 1, 2)]
    consumer = SimpleNamespace(assignment=lambda: {*ours}, seek=lambda *place: sought.append(place))
    ahead = Ahead(Listener("group", {"one": {}}, nothing, "dlq"), poll)
    ahead.begin(consumer)
    assert ahead._task is not None
    await asyncio.wait([ahead._task])
    ahead.drop(consumer)
    assert sorted(sought) == [(ours[0], 0), (ours[1], 7)]
    ahead.drop(consumer)
    assert len(sought) == 2, "what is dropped is not ahead any more"
