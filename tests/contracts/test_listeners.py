"""What each service reads, by the wiring of its application: an event counts only on the topic that it belongs on."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from shared.broker import Listener
from shared.broker.reading import read
from shared.envelope import Opened
from tests.contracts.applications import applications

LISTENERS = [
    consumer.listener
    for application in applications().values()
    if application.state.platform is not None
    for consumer in application.state.platform.consumers
]
MISPLACED = [
    pytest.param(listener, kind, topic, id=f"{listener.group}-{kind.removeprefix('ru.rsoko.')}-{topic}")
    for listener in LISTENERS
    for home, readers in listener.readers.items()
    for kind in readers
    for topic in listener.topics
    if topic != home
]


def record(topic: str, kind: str) -> Any:
    attributes = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "/forged", "ce_type": kind}
    headers = [(name, text.encode()) for name, text in attributes.items()]
    return SimpleNamespace(topic=topic, partition=0, offset=7, timestamp=0, key=b"k", value=b"{}", headers=headers)


def believing(listener: Listener) -> Listener:
    """The listener, with readers that take anything."""

    def anything(opened: Opened) -> str:
        return opened.type

    return replace(
        listener, readers={topic: dict.fromkeys(readers, anything) for topic, readers in listener.readers.items()}
    )


@pytest.mark.parametrize(("listener", "kind", "topic"), MISPLACED)
def test_who_may_write_to_one_topic_tells_nothing_of_anothers(listener: Listener, kind: str, topic: str):
    batch = read(believing(listener), [record(topic, kind)], {})
    assert batch.heard == []
    assert [(dead.code, dead.source, dead.event) for dead in batch.spoiled] == [("foreign-type", "/forged", "1")]
    assert topic in batch.spoiled[0].message


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda one: one.group)
def test_every_type_is_heard_on_its_own_topic(listener: Listener):
    told = [record(topic, kind) for topic, readers in listener.readers.items() for kind in readers]
    batch = read(believing(listener), told, {})
    assert [heard.event for heard in batch.heard] == [kind for readers in listener.readers.values() for kind in readers]


def test_the_services_that_hear_are_looked_at():
    groups = {"monitoring", "monitoring.intake", "scoring", "roadmap", "notification"}
    assert {listener.group for listener in LISTENERS} == groups
    assert len(MISPLACED) > 50
