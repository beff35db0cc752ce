"""Procedures and sources as data, and the directory that knows them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.monitoring.domain import Dated, Directory, Municipality, describe, register
from services.monitoring.domain.procedure import USES
from services.monitoring.events import Indicator, ProcedureDescribed, Reported, School
from services.monitoring.store.documents import procedure_document, read_procedure, read_source, source_document
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
    change = describe(first, procedure(name="Другое имя"), expected=1)
    assert change.state.revision == 2
    assert [event.key for event in change.events] == ["vpr"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"group": "other"}, ("/group", "not-allowed")),
        ({"permitted_uses": ("analysis", "shaming")}, ("/permitted_uses/1", "not-allowed")),
        ({"act": None}, ("/act", "required")),
        ({"act": None, "permitted_uses": ("analysis",) * 4}, ("/act", "required")),
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


def histogram(*keys: str) -> tuple[Indicator, ...]:
    return tuple(
        Indicator(key=key, name=key, maximum="0", values=Reported(unit="count", maximum="1000")) for key in keys
    )


@pytest.mark.parametrize(
    ("keys", "lacking"),
    [(("p1", "p2", "p3"), "p0"), (("p0", "p1", "p3"), "p2"), (("m2", "p0", "p01", "p2"), "p1"), (("p16",), "p0")],
)
def test_primary_scores_of_schools_are_described_without_a_gap(keys: tuple[str, ...], lacking: str):
    """Signs find a score by its place among the others: a gap would move each boundary of marks."""
    school = School(subject="russian", level="basic", grade=9)
    with pytest.raises(Refused) as refused:
        describe(None, procedure(maximum="0", indicators=histogram(*keys), school=school))
    [error] = refused.value.errors
    assert (error.pointer, error.code) == ("/indicators", "gap-in-scores")
    assert f"нет {lacking}." in error.message
    assert describe(None, procedure(maximum="0", indicators=histogram(*keys))).state.indicators, (
        "others may mean others"
    )


def test_primary_scores_come_in_whatever_order_and_beside_others():
    school = School(subject="russian", level="basic", grade=9)
    for keys in (("p2", "m2", "p0", "percent", "p1", "places"), ("m2", "percent"), ("p0",)):
        assert describe(None, procedure(maximum="0", indicators=histogram(*keys), school=school)).events


COUNTED = Indicator(key="m5", name="Пятёрок", maximum="0", values=Reported(unit="count", maximum="1000"))


@pytest.mark.parametrize(
    ("indicator", "maximum", "pointer"),
    [
        (COUNTED.model_copy(update={"values": None}), "0", "/indicators/0/maximum"),
        (COUNTED.model_copy(update={"maximum": "-1"}), "-1", "/indicators/0/maximum"),
        (Indicator(key="a", name="a", maximum="0", values=Reported(unit="percent", maximum="100.5")), "0",
         "/indicators/0/values/maximum"),
        (Indicator(key="a", name="a", maximum="1", values=Reported(unit="mark", maximum="0")), "1",
         "/indicators/0/values/maximum"),
        (Indicator(key="a", name="a", maximum="1", values=Reported(unit="number", maximum="1.00001")), "1",
         "/indicators/0/values/maximum"),
    ],
)  # fmt: skip
def test_what_is_worth_nothing_must_say_what_is_reported_and_up_to_what(
    indicator: Indicator, maximum: str, pointer: str
):
    with pytest.raises(Refused) as refused:
        describe(None, procedure(maximum=maximum, indicators=(indicator,)))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [(pointer, "out-of-range")]


def test_a_procedure_of_schools_says_what_is_comparable_and_is_told_whole():
    school = School(subject="russian", level="basic", grade=9, external=True)
    change = describe(None, procedure(maximum="0", indicators=(COUNTED,), school=school))
    [event] = change.events
    assert isinstance(event, ProcedureDescribed)
    assert (event.school, event.indicators) == (school, (COUNTED,))
    spelled = COUNTED.model_copy(update={"maximum": "0.0", "values": Reported(unit="count", maximum="1000.0")})
    assert describe(change.state, procedure(maximum="0", indicators=(spelled,), school=school)).events == ()


def test_a_document_keeps_what_is_reported_and_an_old_one_has_none():
    school = School(subject="mathematics", level="primary", grade=4)
    whole = procedure(maximum="0", indicators=(COUNTED,), school=school)
    row = procedure_document(whole, 1)
    assert read_procedure(row) == whole
    old = procedure_document(procedure(), 1)
    del old["school"]
    assert read_procedure(old) == procedure()


def test_a_procedure_without_restriction_needs_no_act():
    assert describe(None, procedure(act=None, permitted_uses=USES)).events


def test_an_assumed_procedure_needs_no_act():
    assert describe(None, procedure(act=None, assumed=True)).events


def test_a_source_grows_its_revision_only_when_it_changes():
    told = source(procedures=("b", "a", "a"), municipalities=("y", "x", "y"))
    first = register(None, told).state
    assert (first.procedures, first.municipalities, first.revision) == (("a", "b"), ("x", "y"), 1)
    assert register(first, told).state is first
    for change in ({"procedures": None}, {"municipalities": None}, {"subject": "organization"}, {"people": True}):
        assert register(first, replace(told, **change), expected=1).state.revision == 2
    assert source(procedures=()).may_report("vpr") is False


def test_a_document_keeps_a_source_and_an_old_one_is_about_all():
    whole = source(municipalities=("74-a",), subject="municipality", people=True)
    row = source_document(whole, 1)
    assert read_source(row) == whole
    for name in ("municipalities", "subject", "people"):
        del row[name]
    assert read_source(row) == source()
    assert read_source(row | {"clients": []}).people, "what no system speaks for was entered by people"


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


def test_a_code_that_passed_on_means_its_bearer_of_the_day():
    """The first by the alphabet was taken, which may be the one that was dissolved."""
    code, passed = "75600000", date(2023, 7, 1)
    found = Directory()
    found.learn(municipalities=[
        Municipality("74-a", 1, (Dated("А", code, date(2006, 1, 1), passed),)),
        Municipality("74-b", 1, (Dated("Б", "75700000", date(2006, 1, 1), passed), Dated("Б", code, passed))),
    ])  # fmt: skip
    days = (date(2000, 1, 1), date(2023, 6, 30), passed, date(2023, 12, 31))
    borne = [bearer.id for day in days if (bearer := found.bearer(code, day))]
    assert borne == ["74-a", "74-a", "74-b", "74-b"]
    in_period = found.municipality(code, [(date(2023, 1, 1), date(2023, 12, 31))])
    assert in_period == found.bearer("74-b", date(2000, 1, 1))
    assert found.bearer("75999999", passed) is None


def test_a_municipality_is_named_as_on_the_day():
    assert TROITSK.shown(date(2024, 12, 31))["oktmo"] == "75654000"
    assert TROITSK.shown(date(2025, 1, 1))["name"] == "Троицкий МО"
    assert TROITSK.shown(date(1990, 1, 1))["oktmo"] == "75654000"
    assert Municipality("x", 1, ()).shown(date(2022, 1, 1)) == {"id": "x", "name": "x", "oktmo": ""}
