"""Reading one record: whatever is wrong with it costs this record and no other."""

import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest

from shared.broker.listener import Listener
from shared.broker.reading import firsts, read
from shared.envelope import Opened, open_record

ATTRIBUTES = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "test", "ce_type": "toy"}


def record(value: bytes, offset: int) -> Any:
    headers = [(name, text.encode()) for name, text in ATTRIBUTES.items()]
    return SimpleNamespace(topic="t", partition=0, offset=offset, timestamp=0, key=None, value=value, headers=headers)


def test_the_first_offset_of_every_partition_of_a_poll_is_known():
    """A failed batch goes back to these: one that is missing would be lost."""
    poll = [("t", 0, 5), ("t", 0, 6), ("t", 1, 9), ("u", 1, 2)]
    found = firsts(SimpleNamespace(topic=topic, partition=number, offset=at) for topic, number, at in poll)
    assert {(one.topic, one.partition): at for one, at in found.items()} == {("t", 0): 5, ("t", 1): 9, ("u", 1): 2}


async def nothing(batch: Any) -> None:
    del batch


def clumsy(opened: Opened) -> int:
    return 100 // int(opened.data)


def test_a_bug_in_a_reader_costs_one_record_and_is_logged(monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    monkeypatch.setattr("shared.broker.reading.log", SimpleNamespace(exception=lambda event, **_: told.append(event)))
    listener = Listener("group", {"t": {"toy": clumsy}}, nothing, "dlq")
    batch = read(listener, [record(b"1", 0), record(b"0", 1), record(b"4", 2)], {})
    assert [heard.event for heard in batch.heard] == [100, 25]
    (dead,) = batch.spoiled
    assert (dead.code, dead.source, dead.event, dead.record.origin.offset) == ("failed", "test", "1", 1)
    assert "журнал" in dead.message
    assert told == ["consumer.record-failed"]


def test_names_of_headers_that_others_make_up_take_no_memory():
    """A name may be a megabyte of text, and each record may bring others."""
    base = [(name, text.encode()) for name, text in ATTRIBUTES.items()]
    tracemalloc.start()
    for number in range(60):
        open_record([*base, (f"{number}" + "x" * 100_000, b"")], b"1")
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert left < 1_000_000
