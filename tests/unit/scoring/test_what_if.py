"""What if: other values, other points; what is not named stays; every wrong place is told."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

from services.scoring.api.scores import WhatIfBody
from services.scoring.domain import Card, last_facts, recount
from services.scoring.domain.methodology import Statement
from services.scoring.domain.reported import ANYTHING, WHOLE, Reported
from services.scoring.domain.what_if import held_values, read_supposed, suppose
from shared.kernel import Refused
from tests.unit.scoring.made import METHODOLOGY, World, fact

FACTS = [
    fact("r1", values={"i1": "1", "i2": "10"}),
    fact("r2", procedure="third", exempt=True),
]


@pytest.fixture
def world() -> World:
    made = World()
    made.take(*FACTS)
    return made


def supposed(world: World, **values: dict[str, object]) -> Card:
    card = world.cards["m1", "2022"]
    told = read_supposed(values, METHODOLOGY)
    return suppose(card, told, facts=last_facts(FACTS), methodology=METHODOLOGY)


def test_a_named_indicator_changes_and_the_others_keep_their_values(world: World) -> None:
    after = supposed(world, first={"i2": Decimal("25.0")})
    assert (after.procedures["first"].points, after.scores["alpha"].points) == (2, 2)
    assert world.cards["m1", "2022"].scores["alpha"].points == 1
    assert supposed(world, first={"i1": "0.5", "i2": 40}).scores["alpha"].points == Fraction(5, 2)


def test_null_takes_a_value_away_and_without_any_there_is_no_data(world: World) -> None:
    without = supposed(world, first={"i1": None})
    assert (without.procedures["first"].state, without.procedures["first"].points) == ("scored", 0)
    nothing = supposed(world, first={"i1": None, "i2": None})
    assert (nothing.procedures["first"].state, nothing.scores["alpha"].state) == ("no_data", "no_data")


def test_a_procedure_that_did_not_apply_counts_with_its_maximum(world: World) -> None:
    before, after = world.cards["m1", "2022"], supposed(world, third={"i1": 2})
    assert [card.scores["overall"].maximum for card in (before, after)] == [5, 9]
    assert (after.procedures["third"].state, after.procedures["third"].reason) == ("scored", None)
    held = after.procedures["third"].held
    assert held is not None
    assert held.missing == ("i2",)


def test_under_an_act_the_values_of_the_result_in_force_stay() -> None:
    stated = {("first", "m1"): Statement("акт", "нет таких школ", "приказ № 5")}
    methodology = replace(METHODOLOGY, stated=stated)
    facts = [*FACTS, fact("r0", values={"i1": "2", "i2": "40"}, at=-1), fact("r9", values=None, at=9)]
    card = recount(facts, methodology_of=lambda _: methodology)["m1", "2022"]
    assert card.procedures["first"].held is None
    after = suppose(card, {"first": {"i2": "25"}}, facts=last_facts(facts), methodology=methodology)
    held = after.procedures["first"].held
    assert held is not None
    assert (held.result, held.points, held.missing) == ("r1", 2, ())
    assert sorted(one.result for one in after.procedures["first"].others) == ["r0", "r9"]


def test_a_procedure_never_heard_of_gets_its_points(world: World) -> None:
    after = supposed(world, second={"i1": 1})
    assert (after.procedures["second"].points, after.scores["alpha"].points) == (2, 3)


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({}, "/values", "required"),
        ({"first": {}}, "/values", "required"),
        ({"fourth": {"i1": 1}}, "/values/fourth", "unknown-procedure"),
        ({"first": {"i/9": 1}}, "/values/first/i~19", "unknown-indicator"),
        ({"first": {"i1": True}}, "/values/first/i1", "not-a-number"),
        ({"first": {"i1": "много"}}, "/values/first/i1", "not-a-number"),
        ({"first": {"i1": [1]}}, "/values/first/i1", "not-a-number"),
        ({"first": {"i1": Decimal("2.0001")}}, "/values/first/i1", "out-of-range"),
        ({"first": {"i2": -1}}, "/values/first/i2", "out-of-range"),
    ],
)
def test_what_cannot_be_supposed_is_refused_at_its_place(
    values: dict[str, dict[str, object]], pointer: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        read_supposed(values, METHODOLOGY)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [(pointer, code)]


COUNT = Reported(Fraction(40), WHOLE)


@pytest.mark.parametrize(
    ("key", "given", "code", "remedy"),
    [
        ("i2", "40.0001", "out-of-range", "Нужно от 0 до 40; нет данных — null."),
        ("i2", "100000.123456789012", "out-of-range", "Нужно от 0 до 40; нет данных — null."),
        ("i2", "-0.5", "out-of-range", "Нужно от 0 до 40; нет данных — null."),
        ("i2", Decimal("39.5"), "not-whole", "Здесь нужно целое число; нет данных — null."),
        ("i1", "1.00001", "too-many-decimals", "Округлите до 4 знаков."),
        ("i1", Decimal("1.3333333333333333"), "too-many-decimals", "Округлите до 4 знаков."),
        ("i1", "2.5", "out-of-range", "Нужно от 0 до 2; нет данных — null."),
    ],
)
def test_what_nobody_may_report_is_refused_as_monitoring_would(key: str, given: object, code: str, remedy: str) -> None:
    limits = {"first": {"i1": ANYTHING, "i2": COUNT}}
    with pytest.raises(Refused) as refused:
        read_supposed({"first": {key: given}}, METHODOLOGY, limits=limits)
    [error] = refused.value.errors
    assert (error.pointer, error.code, error.remedy) == (f"/values/first/{key}", code, remedy)


@pytest.mark.parametrize("given", ["40", "40.000", "-0", 0, None])
def test_what_may_be_reported_may_be_supposed(given: object) -> None:
    assert read_supposed({"first": {"i2": given}}, METHODOLOGY, limits={"first": {"i2": COUNT}})


def test_an_indicator_that_the_catalogue_does_not_have_takes_no_value() -> None:
    limits = {"first": {"i2": COUNT}}
    assert read_supposed({"first": {"i1": None}}, METHODOLOGY, limits=limits)
    with pytest.raises(Refused) as refused:
        read_supposed({"first": {"i1": "1"}}, METHODOLOGY, limits=limits)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/values/first/i1", "unknown-indicator")]


def test_a_value_that_is_there_already_may_stay(world: World) -> None:
    """A form sends all values of a procedure, also those from before the catalogue's limits."""
    held = held_values(world.cards["m1", "2022"], last_facts(FACTS))
    limits = {"first": {"i2": Reported(Fraction(5))}}
    assert read_supposed({"first": {"i1": "1.0", "i2": "10"}}, METHODOLOGY, limits=limits, held=held)
    with pytest.raises(Refused):
        read_supposed({"first": {"i2": "11"}}, METHODOLOGY, limits=limits, held=held)


def test_a_linear_value_may_be_greater_than_the_points_it_gives(world: World) -> None:
    assert supposed(world, first={"i2": 1000}).procedures["first"].points == 3


def test_a_body_of_more_values_than_is_described_is_not_looked_at() -> None:
    """Of 90,000 unknown indicators each was answered, in 18 MB."""
    most = {f"i{number}": 1 for number in range(200)}
    assert len(WhatIfBody(period="2022", values={"vpr": most}).values["vpr"]) == 200
    with pytest.raises(ValidationError, match="at most 200"):
        WhatIfBody(period="2022", values={"vpr": {**most, "more": 1}})
