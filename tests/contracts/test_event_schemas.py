"""Events as contracts: kept schemas, compatible changes only, topics declared, somebody tells what is heard."""

import json
from typing import ClassVar, Literal

import pytest
import yaml

from deploy.cli import events
from deploy.local import SERVICES
from deploy.local.kafka.declared import DECLARED
from shared.kernel import Event
from tests.contracts.applications import asked

ALL = events.declared()
STATES = ("ru.rsoko.registry.", "ru.rsoko.monitoring.procedure.", "ru.rsoko.roadmap.activity.")


class Kept(Event):
    """A thing was kept."""

    TYPE: ClassVar[str] = "ru.rsoko.toy.thing.kept.v1"
    thing: str
    kind: Literal["one", "two"]
    note: str | None = None


@pytest.mark.parametrize("kind", ALL)
def test_a_class_says_what_its_kept_schema_says(kind: str):
    path = events.kept_path(kind)
    assert path.exists(), f"no schema is kept for {kind}: {events.REMEDY}"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert events.broken(kept, ALL[kind]) == [], f"{kind} broke its contract: make a .v2 type beside it"
    assert events.schema_of(ALL[kind]) == kept, f"{kind} changed compatibly; accept it with: {events.REMEDY}"


def test_no_released_type_disappears():
    gone = [path.stem for path in events.SCHEMAS.glob("*.json") if path.stem not in ALL]
    assert gone == [], "a type that was told once is in topics and at readers: keep its class"


def test_the_page_of_events_is_what_the_classes_say():
    assert events.PAGE.read_text(encoding="utf-8") == events.page(), f"regenerate it: {events.REMEDY}"


def _changed(**fields: object) -> type[Event]:
    """The toy event with other fields (`None` takes one away)."""
    own = {"thing": (str, ...), "kind": (Literal["one", "two"], ...), "note": (str | None, None)} | fields
    noted = {name: told[0] for name, told in own.items() if told}
    given = {name: told[1] for name, told in own.items() if told and told[1] is not ...}
    return type("Kept", (Event,), {"__annotations__": noted, **given, "TYPE": Kept.TYPE, "__module__": __name__})


@pytest.mark.parametrize(
    "fields",
    [{}, {"more": (str | None, None)}, {"more": (int, 0)}, {"note": (str | None, "")}],
    ids=["nothing", "an optional field", "a field with a default", "another default"],
)
def test_a_compatible_change_passes_the_gate(fields: dict[str, object]):
    assert events.broken(events.schema_of(Kept), _changed(**fields)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"more": (str, ...)},
        {"thing": None},
        {"thing": (int, ...)},
        {"kind": (Literal["one", "two", "three"], ...)},
        {"kind": (Literal["one"], ...)},
        {"note": (str, ...)},
        {"thing": (str | None, None)},
    ],
    ids=["a new required field", "a field gone", "another type", "a wider enum", "a narrower enum", "required", "null"],
)
def test_a_breaking_change_does_not_pass_the_gate(fields: dict[str, object]):
    assert events.broken(events.schema_of(Kept), _changed(**fields))


def test_a_change_inside_a_part_is_seen():
    score = ALL["ru.rsoko.scoring.score.changed.v1"]
    kept = json.loads(json.dumps(events.schema_of(score)))
    kept["$defs"]["Standing"]["properties"]["percent"] = {"type": "string"}
    assert events.broken(kept, score)


@pytest.mark.parametrize("kind", ALL)
def test_an_event_travels_on_a_declared_topic_and_says_its_key(kind: str):
    topics = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))["topics"]
    event = ALL[kind]
    assert event.topic() in topics, f"declare {event.topic()} in deploy/topics.yaml"
    assert events.key_of(event).split(" or ")[0].split(".")[0] in event.model_fields
    compacted = topics[event.topic()].get("cleanup_policy") == "compact"
    assert compacted == kind.startswith(STATES), "only full states are compacted: deploy/topics.yaml, or STATES here"


async def _operations(action: str) -> dict[str, set[str]]:
    """The types that each service sends or receives, by the documents that it publishes."""
    found: dict[str, set[str]] = {}
    for name in SERVICES:
        told = (await asked(name, "/asyncapi.json")).json()
        messages = told["components"]["messages"]
        own = [one for one in told["operations"].values() if one["action"] == action]
        names = {one["$ref"].rpartition("/")[2] for operation in own for one in operation["messages"]}
        found[name] = {messages[one]["name"] for one in names}
    return found


async def test_every_type_is_told_by_its_owner_and_what_is_heard_is_told():
    sent, received = await _operations("send"), await _operations("receive")
    for service, kinds in sent.items():
        assert {kind.split(".")[2] for kind in kinds} <= {service}
    assert set(ALL) == set().union(*sent.values()), "name it in TELLS (app.py of its service)"
    # What other systems tell is described by its reader.
    ours = {kind for kind in set().union(*received.values()) if not kind.startswith("ru.rsoko.intake.")}
    assert ours <= set(ALL)
    assert {kind: set(names) for kind, names in events.hearers().items()} == {
        kind: {name for name, kinds in received.items() if kind in kinds} for kind in set().union(*received.values())
    }
