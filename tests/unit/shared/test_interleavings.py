"""Whatever comes in whatever order: each record is handled exactly once, in order, and in the end nothing waits.

All of a consumer is the real thing, down to aiokafka's connections; below them Kafka, and beside it the store, are
simulated, on a clock that is moved. `INTERLEAVINGS=5000` looks at so many runs instead of a few.
"""

import os
from collections.abc import Sequence

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.broker import ahead
from shared.broker.ahead import Ahead
from shared.broker.positions import Positions
from tests.simulated.plans import late, plan
from tests.simulated.store import Store
from tests.simulated.troubles import lived
from tests.simulated.world import Plan

RUNS = int(os.environ.get("INTERLEAVINGS", "30"))
PIECES = 10


@pytest.mark.parametrize("piece", range(PIECES))
def test_every_record_is_handled_exactly_once_whatever_happens(piece: int) -> None:
    found = {number: lived(plan(number)) for number in range(piece, RUNS, PIECES)}
    assert {number: wrong for number, wrong in found.items() if wrong} == {}


def test_a_partition_that_is_given_back_while_its_batch_still_waits_for_the_store_is_read_on() -> None:
    """Its place is stored then, by a worker that has not settled it again, and reads nothing of it until it has."""
    written = ((700, ("write", 0, 11)), (2000, ("write", 0, 4)), (700, ("write", 0, 15)))
    given_back = (*written, (20, ("away", 0, 15)))
    delays = {"read": (20, 3, 5)}
    assert not lived(Plan(before=(22, 5), stored=(None, 14), most=5, fetched=5, delays=delays, events=given_back))


async def _unpaused(self: Positions, consumer: AIOKafkaConsumer, assigned: Sequence[TopicPartition]) -> None:
    self.forget(assigned)
    self._beginning = {*assigned}
    try:
        await self.settle(consumer, assigned)
    finally:
        self._beginning = set()


def _kept(self: Ahead, consumer: AIOKafkaConsumer | None) -> None:
    del self, consumer


LATE = [late(number) for number in range(60)]
LONG_AWAY = Plan(
    before=(40, 0),
    stored=(0, 0),
    committed=(0, 0),
    delays={"transact": (300,)},
    events=((0, ("start", 1, 0)), (1500, ("away", 0, 70)), (80_000, ("write", 0, 1))),
)

# The batch in hand is of one partition, what was read ahead of the other: the batch alone would come again.
APART = Plan(
    before=(3, 3),
    stored=(0, 0),
    committed=(0, 0),
    delays={"transact": (300,)},
    events=((500, ("away", 0, 70)), (80_000, ("write", 0, 1))),
)


@pytest.mark.parametrize(
    ("lives", "where", "name", "instead", "heard"),
    [
        (LATE, Positions, "begin", _unpaused, "never handled"),
        ([plan(111), plan(117)], Store, "fits", lambda *_: True, "is moved from"),
        ([LONG_AWAY], Ahead, "drop", _kept, "never handled"),
        ([APART], ahead, "rewind", lambda *_: None, "never handled"),
    ],
    ids=[
        "reads before it knows its place",
        "compares no place",
        "keeps what was read ahead of a failure",
        "drops without going back",
    ],
)
def test_it_is_heard_where_a_consumer(  # noqa: PLR0917 - the name goes on in the parameters
    monkeypatch: pytest.MonkeyPatch, lives: Sequence[Plan], where: object, name: str, instead: object, heard: str
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert any(heard in wrong for life in lives for wrong in lived(life))
