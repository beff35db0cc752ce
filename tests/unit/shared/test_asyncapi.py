"""The AsyncAPI document: topics, messages, headers and schemas of what is told and heard."""

from typing import ClassVar

import pytest
from pydantic import BaseModel

from shared.asyncapi import document
from shared.kernel import Event
from shared.web.eventpage import event_page


class Part(BaseModel):
    name: str
    kind: str | None = None


class ThingMade(Event):
    """A <thing> was made.

    More words.
    """

    TYPE: ClassVar[str] = "ru.rsoko.toy.thing.made.v1"
    thing: str
    parts: tuple[Part, ...] = ()
    counts: dict[str, int] | None = None

    @property
    def key(self) -> str:
        return self.thing


class ThingChanged(ThingMade):
    """A thing was changed."""

    TYPE: ClassVar[str] = "ru.rsoko.toy.thing.changed.v1"


class OtherMade(Event):
    """Another was made."""

    TYPE: ClassVar[str] = "ru.rsoko.other.one.made.v1"
    one: str

    @property
    def key(self) -> str:
        return self.one


@pytest.fixture
def told() -> dict[str, object]:
    return document(service="toy", title="Проба", told=[ThingMade, ThingChanged], heard=[OtherMade])


def _resolve(reference: str, inside: object) -> object:
    for step in reference.removeprefix("#/").split("/"):
        assert isinstance(inside, dict)
        inside = inside[step]
    return inside


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for child in value.values() for one in _references(child)]
    return [one for child in value for one in _references(child)] if isinstance(value, list) else []


def test_what_is_told_is_sent_and_what_is_heard_is_received(told: dict[str, dict[str, dict[str, object]]]):
    assert told["asyncapi"] == "3.0.0"
    assert told["operations"]["tell.toy.thing.v1"]["action"] == "send"
    assert told["operations"]["hear.other.one.v1"]["action"] == "receive"
    assert list(told["channels"]) == ["toy.thing.v1", "other.one.v1"]


def test_every_reference_leads_somewhere(told: dict[str, object]):
    references = _references(told)
    assert len(references) > 10
    for reference in references:
        assert _resolve(reference, told), reference


def test_a_message_names_its_type_header_and_payload(told: dict[str, object]):
    message = _resolve("#/components/messages/ThingMade", told)
    assert isinstance(message, dict)
    assert message["summary"] == "A <thing> was made."
    assert message["headers"]["properties"]["ce_type"] == {"const": "ru.rsoko.toy.thing.made.v1"}
    schema = _resolve(message["payload"]["$ref"], told)
    assert isinstance(schema, dict)
    assert set(schema["properties"]) == {"thing", "parts", "counts"}


def test_the_page_needs_no_script_and_no_other_host(told: dict[str, object]):
    page = event_page(told)
    assert '<html lang="ru">' in page
    assert "<script" not in page
    assert "//" not in page.replace("<!doctype html>", "")
    assert "A &lt;thing&gt; was made." in page
    for words in (
        "toy.thing.v1",
        "слушает",
        "рассказывает",
        "список: ",
        "имя → integer или null",
        'href="#Part"',
        'id="Part"',
    ):
        assert words in page
