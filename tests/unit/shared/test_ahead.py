"""Reading ahead keeps nothing of the batch in hand: each would keep the one before, for as long as records come."""

import asyncio
import weakref
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

from shared.broker.ahead import Ahead
from shared.broker.listener import Listener


class Held:
    """What the way of a batch keeps in its context."""


IN_HAND: ContextVar[Held | None] = ContextVar("in-hand", default=None)
RECORD = SimpleNamespace(topic="one", partition=0, offset=0, timestamp=0, key=None, value=None, headers=())


async def test_a_batch_is_let_go_while_the_next_one_is_already_read() -> None:
    """The task that reads lives in a context; with that of its caller in it, batches would hang in a chain."""

    async def poll(_: Any) -> tuple[Any, ...]:
        return (RECORD,)

    async def take(batch: Any) -> None:
        del batch

    ahead, consumer = Ahead(Listener("group", ("one",), {}, take, "dlq"), poll), SimpleNamespace()
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
