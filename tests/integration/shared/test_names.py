"""Headers whose names are not UTF-8, as any other client may send them: no record is lost, no partition waits."""

from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer import message_accumulator, producer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from shared.mongo import Database
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import _seen_is, consuming, headers, sending, value
from tests.integration.shared.toys import Counting


class Odd(str):
    """The name of a header that goes out as bytes of no text."""

    __slots__ = ()

    def encode(self, *_: Any) -> bytes:
        return b"ce_\xff\xfe"


@pytest.fixture
def any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The producer's own writer in C takes text only."""
    for module in (message_accumulator, producer):
        monkeypatch.setattr(module, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy)


@pytest.mark.usefixtures("any_name")
@pytest.mark.parametrize("codec", [None, "gzip"])
async def test_a_record_with_such_a_header_is_taken_and_none_before_it_is_skipped(
    settings: Settings, database: Database, topic: str, codec: str | None
) -> None:
    """In one fetch: good ones before and behind it in its batch, in other batches and in another partition."""
    counting = Counting(database)
    async with sending(settings) as good:
        odd_one = AIOKafkaProducer(
            bootstrap_servers=list(settings.kafka), compression_type=codec, linger_ms=200, acks="all"
        )
        await odd_one.start()
        odd = [*headers(), (Odd("odd"), b"1")]
        await _together(odd_one, topic, [(1, headers()), (2, headers())])
        await _together(odd_one, topic, [(3, headers()), (4, odd), (5, headers()), (6, odd)])
        await _together(odd_one, topic, [(7, headers())])
        await odd_one.stop()
        await good.send_and_wait(topic, value("b", 1), headers=headers(), partition=1)
        async with consuming(settings, database, topic, counting.take) as kafka:
            await eventually(lambda: _seen_is(database, "a", [1, 2, 3, 4, 5, 6, 7]), what="all of them in order")
            await eventually(lambda: _seen_is(database, "b", [1]), what="that of another partition")
            await good.send_and_wait(topic, value("a", 8), headers=headers(), partition=0)
            await eventually(lambda: _seen_is(database, "a", [1, 2, 3, 4, 5, 6, 7, 8]), what="what came later")
            assert kafka.alive()
    assert await database.count("dead_letters", {}) == 0


async def _together(given: AIOKafkaProducer, topic: str, records: Sequence[tuple[int, Any]]) -> None:
    """Numbers in one batch."""
    sent = [await given.send(topic, value("a", number), headers=told, partition=0) for number, told in records]
    for one in sent:
        await one
