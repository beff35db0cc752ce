"""Taking a batch that fails: it is given back, and not at once; a stop does not wait."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from shared.broker.ahead import Polled
from shared.broker.consumer import AGAIN, Consumer
from shared.broker.listener import Listener

RECORD = SimpleNamespace(topic="one", partition=0, offset=0, timestamp=0, key=None, value=None, headers=())


async def _read() -> list[Any]:
    return []


async def nothing(batch: Any) -> None:
    del batch


@pytest.mark.parametrize(("error", "rests"), [(RuntimeError, [AGAIN]), (asyncio.CancelledError, [])])
async def test_a_batch_that_fails_is_given_back_after_a_moment(
    monkeypatch: pytest.MonkeyPatch, error: type[BaseException], rests: list[float]
) -> None:
    """Else it is polled, tried and given back as fast as the processor can, for as long as it fails."""
    consumer, slept = Consumer(Listener("group", {"one": {}}, nothing, "dlq"), SimpleNamespace()), []
    consumer.get = lambda: SimpleNamespace(assignment=set)

    async def fail(*_: Any) -> Any:
        raise error

    async def rest(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(consumer.positions, "settle_new", fail)
    polled = Polled((RECORD,), asyncio.create_task(_read()))
    monkeypatch.setattr(asyncio, "sleep", rest)
    with pytest.raises(error):
        await consumer.take(polled)
    assert slept == rests
