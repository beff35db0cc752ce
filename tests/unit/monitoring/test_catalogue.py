"""Procedures and sources as data, and the directory that knows them."""

from datetime import date
from typing import Any

import pytest

from services.monitoring.domain import Dated, Directory, Municipality, describe, register
from services.monitoring.events import Indicator
from shared.kernel import Refused
from tests.unit.monitoring.made import TROITSK, procedure, source

ONE = Indicator(key="i1", name="a", maximum="2")


def test_describing_twice_tells_once():
    first = describe(None, procedure())
    assert [event.TYPE for event in first.events] == ["ru.rsoko.monitoring.procedure.described.v1"]
    assert describe(first.state, procedure()).events == ()
    one, two = procedure().indicators
    spelled = procedure(maximum="4.00", indicators=(one.model_copy(update={"maximum": "2.0"}), two))
    assert describe(first.state, spelled).events == ()


def test_another_description_is_the_next_revision():
    first = describe(None, procedure()).state
    change = describe(first, procedure(name="Другое имя"))
    assert change.state.revision == 2
    assert [event.key for event in change.events] == ["vpr"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"group": "other"}, ("/group", "not-allowed")),
        ({"permitted_uses": ("analysis", "shaming")}, ("/permitted_uses/1", "not-allowed")),
        ({"act": None}, ("/act", "required")),
        ({"indicators": (), "maximum": "0"}, ("/indicators", "too-few")),
        ({"indicators": (ONE, ONE)}, ("/indicators/1/key", "duplicate-key")),
        ({"maximum": "5"}, ("/maximum", "not-the-sum")),
        (
            {"indicators": (ONE.model_copy(update={"maximum": "3"}),), "maximum": "3"},
            ("/indicators/0/maximum", "out-of-range"),
        ),
        (
            {"indicators": (ONE.model_copy(update={"maximum": "0.00001"}),), "maximum": "0.00001"},
            ("/indicators/0/maximum", "out-of-range"),
        ),
    ],
)
def test_each_wrong_place_of_a_procedure_is_named(more: dict[str, Any], expected: tuple[str, str]):
    with pytest.raises(Refused) as refused:
        describe(None, procedure(**more))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [expected]


def test_an_assumed_procedure_needs_no_act():
    assert describe(None, procedure(act=None, assumed=True)).events


def test_a_source_grows_its_revision_only_when_it_changes():
    told: dict[str, Any] = {"key": "a", "name": "A", "procedures": ["b", "a", "a"], "clients": ["z"]}
    first = register(None, **told).state
    assert (first.procedures, first.revision) == (("a", "b"), 1)
    assert register(first, **told).state is first
    assert register(first, **(told | {"procedures": None})).state.revision == 2
    assert source(procedures=()).may_report("vpr") is False


def test_an_older_state_heard_late_changes_nothing():
    found = Directory()
    found.learn(procedures=[procedure(revision=2, name="новое")], municipalities=[TROITSK])
    found.learn(procedures=[procedure(revision=1)], municipalities=[Municipality(TROITSK.id, 1, ())])
    assert found.procedures["vpr"].name == "новое"
    assert found.owners_of_code("75654000") == (TROITSK.id,)


def test_a_code_that_was_given_up_is_forgotten():
    found = Directory()
    found.learn(municipalities=[TROITSK])
    found.learn(municipalities=[Municipality(TROITSK.id, 2, (Dated("А", "75554000", date(2006, 1, 1)),))])
    assert found.owners_of_code("75654000") == ()
    assert found.municipality("75554000", [(date(2022, 1, 1), date(2022, 12, 31))]) is not None


def test_a_municipality_is_named_as_on_the_day():
    assert TROITSK.shown(date(2024, 12, 31))["oktmo"] == "75654000"
    assert TROITSK.shown(date(2025, 1, 1))["name"] == "Троицкий МО"
    assert TROITSK.shown(date(1990, 1, 1))["oktmo"] == "75654000"
    assert Municipality("x", 1, ()).shown(date(2022, 1, 1)) == {"id": "x", "name": "x", "oktmo": ""}
