"""Contradictions of a methodology: each kind is found, and nothing else."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import contradictions, methodology_from_yaml, read_methodology, stored_methodology
from services.scoring.domain.card import graded
from services.scoring.domain.catalogue import uncatalogued
from services.scoring.domain.methodology import LEVELS
from services.scoring.domain.next_level.raising import MOST, raises
from services.scoring.domain.reported import WHOLE, Reported
from tests.unit.scoring.compared import compared
from tests.unit.scoring.made import document
from tests.unit.scoring.test_edition import changed

I1 = "/groups/0/procedures/0/indicators/0"


def found(made: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one.code, one.where) for one in contradictions(read_methodology(made))}


BASE = found(document())


def test_the_small_methodology_contradicts_itself_where_it_was_made_to() -> None:
    assert {
        ("maximum-differs", "overall"),
        ("level-bands-disagree", "overall"),
    } == BASE


@pytest.mark.parametrize(
    ("path", "value", "more"),
    [
        ("/groups/0/maximum", 7, {("maximum-differs", "alpha")}),
        (f"{I1}/maximum", 1, {("maximum-differs", "first")}),
        (f"{I1}/rule", {"kind": "steps", "steps": [[1, 1]]}, {("points-unreachable", "first/i1")}),
        (f"{I1}/rule", {"kind": "linear", "from": 0, "to": -5}, {("points-unreachable", "first/i1")}),
        (f"{I1}/rule", {"kind": "steps", "steps": [[-1, 1]], "below": 2}, {("points-unreachable", "first/i1")}),
        ("/applicability/0/period", "2019", {("applicability-unused", "third/2019")}),
        ("/levels/low", [0, 28], {("percent-bands-gap", "levels")}),
        ("/groups/0/points_levels/above_average", [4, 4], {("points-bands-gap", "alpha")}),
        (
            "/groups/0/points_levels",
            {"low": [0, 1], "medium": [2, 3], "above_average": [4, 6], "high": [7, 8]},
            {("level-bands-disagree", "alpha"), ("level-unreachable", "alpha")},
        ),
    ],
)
def test_each_kind_is_found(path: str, value: Any, more: set[tuple[str, str]]) -> None:
    assert more <= found(changed(path, value))


def test_a_rule_that_gives_its_most_for_what_nobody_can_report_is_named() -> None:
    edition = read_methodology(document())
    catalogue = {"first": {"i1": "Первый", "i2": "Второй"}, "second": {"i1": "Первый"}}
    limits = {
        "first": {"i1": Reported(Fraction(2)), "i2": Reported(Fraction(25))},
        "second": {"i1": Reported(Fraction(1), WHOLE)},
    }
    named = [one for one in uncatalogued(edition, catalogue, limits) if one.code == "value-not-reportable"]
    [one] = named
    assert (one.where, one.message) == (
        "first/i2", "по каталогу передают значения от 0 до 25: больше 1 из 2 баллов не набрать",
    )  # fmt: skip


def test_what_a_maximum_that_differs_means_is_said_of_each_kind() -> None:
    told = {}
    for path, value in ((f"{I1}/maximum", 1), (f"{I1}/maximum", 3), ("/groups/0/maximum", 7)):
        made = contradictions(read_methodology(changed(path, value)))
        told |= {(one.where, value): one.remedy for one in made if one.code == "maximum-differs"}
    assert told["first", 1].endswith("доли считаются от максимума процедуры, полностью его не набрать")
    assert told["first", 3].endswith("доли считаются от максимума процедуры, баллы сверх него не засчитываются")
    assert told["alpha", 7].endswith("доли группы считаются от суммы процедур")
    assert told["overall", 7].endswith("доли общей оценки считаются от объявленного")


def test_keys_that_the_catalogue_does_not_know_are_named_and_nothing_where_there_is_none() -> None:
    edition = read_methodology(document())
    catalogue = {"first": {"i1": "Первый", "i3": "Третий"}, "second": {}, "fourth": {"i1": "Первый"}}
    named = {(one.code, one.where): one.message for one in uncatalogued(edition, catalogue)}
    assert named == {
        ("unknown-indicator", "first/i2"): "у процедуры нет такого показателя, есть: i1, i3",
        ("unknown-procedure", "third"): "такой процедуры нет в каталоге",
    }
    assert list(uncatalogued(edition, {})) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "linear", "from": -5, "to": -1},
        {"kind": "linear", "from": 5, "to": 0},
        {"kind": "steps", "steps": [[0, 2], [3, 1]]},
        {"kind": "steps", "steps": [[-3, 0], [-1, 2], [3, 1]]},
    ],
)
def test_points_of_a_value_from_zero_on_are_reached(rule: dict[str, Any]) -> None:
    assert found(changed(f"{I1}/rule", rule)) == BASE


def test_the_regions_own_edition_has_the_four_that_its_document_has() -> None:
    text = (Path(__file__).parents[3] / "data/methodologies/complex-analytics-2022.yaml").read_text(encoding="utf-8")
    assert [(one.code, one.where) for one in contradictions(methodology_from_yaml(text)[0])] == [
        ("points-bands-gap", "conditions"),
        ("level-bands-disagree", "conditions"),
        ("level-bands-disagree", "processes"),
        ("maximum-differs", "overall"),
    ]


def test_relative_rules_reach_their_maximum() -> None:
    assert {one.code for one in contradictions(read_methodology(compared()))} == {code for code, _ in BASE}


def test_a_declared_overall_that_is_the_sum_is_no_contradiction() -> None:
    made = changed("/overall", {"maximum": 10})
    assert found(made) == set()
    assert found(changed("/overall", None)) == set()


bands = st.lists(st.integers(0, 24), min_size=8, max_size=8, unique=True).map(sorted)
maxima = st.fractions(1, 24, max_denominator=7)


def levels(bounds: list[int]) -> dict[str, list[int]]:
    return {level: bounds[2 * place : 2 * place + 2] for place, level in enumerate(LEVELS)}


@settings(max_examples=300, deadline=None)
@given(bands, bands, maxima)
def test_stretches_of_numbers_are_found_as_if_each_was_asked(
    percents: list[int], points: list[int], maximum: Fraction
) -> None:
    made = changed("/levels", levels([4 * one for one in percents]))
    made["groups"][1]["procedures"][0]["maximum"] = str(maximum)
    made["groups"][1]["points_levels"] = levels(points)
    edition = read_methodology(made)
    by_percent, by_points = edition.percent_bands, edition.groups[1].points_bands
    assert by_points is not None
    numbers = range(int(maximum) + 1)
    gaps = [one for one in numbers if by_points.level(one) is None]
    differing = [
        one
        for one in numbers
        if graded(Fraction(one), maximum, percent_bands=by_percent, points_bands=by_points).level_conflict
    ]
    said = {one.code: one.message for one in contradictions(edition) if one.where == "beta"}
    assert listed(said.get("points-bands-gap")) == gaps[:20]
    assert listed(said.get("level-bands-disagree")) == differing[:20]


def listed(message: str | None) -> list[int]:
    return [] if message is None else [int(one) for one in message.split(": ")[1].split(" и ещё")[0].split(", ")]


def test_a_stored_maximum_of_eighteen_digits_is_checked_and_planned_at_once() -> None:
    most = 10**18 - 1
    made = changed("/overall/maximum", most)
    made["groups"][0]["procedures"][0]["maximum"] = most
    made["groups"][0]["procedures"][0]["indicators"][0]["maximum"] = most
    edition = stored_methodology(made)
    [gap] = [one for one in contradictions(edition) if (one.code, one.where) == ("points-bands-gap", "overall")]
    assert gap.message.endswith(f"28, 29 и ещё {most - 9 - 20}")
    raised = raises(edition.procedures["first"].indicators[0].rule, None)
    assert (len(raised), raised[-1].points) == (MOST, most)


def test_a_long_list_of_numbers_is_cut() -> None:
    made = changed("/levels", {"low": [0, 0], "medium": [1, 1], "above_average": [2, 2], "high": [100, 100]})
    [gap] = [one for one in contradictions(read_methodology(made)) if one.code == "percent-bands-gap"]
    assert gap.message.endswith("и ещё 77")
    assert gap.document()["where"] == "levels"
