"""Events: each declared once, by its owner, under a name that says who tells what."""

import importlib
import importlib.util
import inspect
import re

import pytest

from deploy.local import SERVICES
from shared.kernel import Event
from tests.architecture.tree import ROOT, modules, shown, text

HEARING = [name for name in SERVICES if importlib.util.find_spec(f"services.{name}.consumers")]
TYPE = re.compile(r"ru\.rsoko\.(?P<service>[a-z]+)\.(?P<subject>[a-z_]+)\.(?P<participle>[a-z_]+)\.v[1-9]\d*")


def declared() -> list[tuple[str, type[Event]]]:
    """Every event class with its owner."""
    found: list[tuple[str, type[Event]]] = []
    for service in SERVICES:
        if importlib.util.find_spec(f"services.{service}.events") is not None:
            module = importlib.import_module(f"services.{service}.events")
            own = [
                one
                for one in vars(module).values()
                if inspect.isclass(one) and one.__module__.startswith(module.__name__)
            ]
            found += [(service, one) for one in own if issubclass(one, Event) and one.TYPE]
    return found


@pytest.mark.parametrize(("service", "event"), declared(), ids=lambda one: getattr(one, "__name__", one))
def test_a_type_names_its_owner_subject_and_fact(service: str, event: type[Event]):
    told = TYPE.fullmatch(event.TYPE)
    assert told, event.TYPE
    assert told["service"] == service
    assert told["participle"].endswith(("ed", "n", "t")), "a fact stands in the past tense"
    assert event.__name__.lower() == (told["subject"] + told["participle"]).replace("_", "")
    assert event.topic() == f"{service}.{told['subject']}.v{event.TYPE.rsplit('v', 1)[1]}"


@pytest.mark.parametrize(("service", "event"), declared(), ids=lambda one: getattr(one, "__name__", one))
def test_an_event_says_its_fact_in_one_sentence_has_a_key_and_no_floats(service: str, event: type[Event]):
    assert event.__doc__
    assert event.__doc__.strip().splitlines()[0].endswith(".")
    assert "key" in {name for one in event.__mro__[:-3] for name in vars(one)}
    assert "'type': 'number'" not in str(event.model_json_schema()), "exact strings, never floats"
    assert event.model_config.get("frozen") is True
    assert event.model_config.get("extra") == "ignore"


def test_no_type_is_declared_twice():
    types = [event.TYPE for _, event in declared()]
    assert sorted(types) == sorted(set(types))


def test_events_are_declared_in_events_only():
    outside = [
        shown(path)
        for path in modules("services", "shared", "deploy")
        if "events" not in {path.stem, path.parent.name}
        and re.search(r"^\s+TYPE\b.*=\s*\"ru\.rsoko\.", text(path), re.MULTILINE)
    ]
    # What other systems report to us is told by them; its type is named where it is read.
    assert [path for path in outside if "intake" not in text(ROOT / path)] == []


def _drawn() -> set[tuple[str, str, str]]:
    """Who tells whom on which topic, by the picture of the README; whoever is no service tells as `intake`."""
    picture = re.search(r"```mermaid\n(.*?)```", text(ROOT / "README.md"), re.DOTALL)
    assert picture
    names = dict(re.findall(r"\b([A-Z])\[(\w+) :\d+", picture[1]))
    arrows = re.findall(r"^ *([A-Z])(?:\[[^]]*])? -- \"(.+?)\" --> (.+)$", picture[1], re.MULTILINE)
    return {
        (names.get(teller, "intake"), names[hearer[0]], topic)
        for teller, label, hearers in arrows
        for topic in re.findall(r"[a-z]+\.[a-z]+\.v\d", label)
        for hearer in hearers.split(" & ")
    }


def test_the_picture_of_the_services_shows_every_topic_from_its_teller_to_each_that_hears_it():
    hearing = {name: importlib.import_module(f"services.{name}.consumers").HEARS for name in HEARING}
    heard = {(one.TYPE.split(".")[2], name, one.topic()) for name, types in hearing.items() for one in types}
    assert _drawn() == heard, "draw it in README.md, The way of one result"
