"""The next level and rank: goals to the point, plans equal to trying everything."""

from fractions import Fraction
from itertools import product
from math import ceil
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import Card, Fact, Table, blank, last_facts, read_methodology, recount
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.next_level import Goal, level_goal, maximum_of, plan, rank_goal
from services.scoring.domain.reported import ANYTHING
from services.scoring.domain.scale import bests_of
from services.scoring.domain.what_if import suppose
from tests.unit.scoring import reference
from tests.unit.scoring.made import DOCUMENT, METHODOLOGY, document, fact

NAMES = {"first": ("i1", "i2"), "second": ("i1",), "third": ("i1", "i2")}
FIRST, SECOND = DOCUMENT["groups"][0]["procedures"]
# Its indicators together exceed the maximum of their procedure.
TIGHT = document(
    groups=[
        DOCUMENT["groups"][0]
        | {
            "procedures": [
                DOCUMENT["groups"][0]["procedures"][0] | {"maximum": 3},
                DOCUMENT["groups"][0]["procedures"][1],
            ]
        },
        DOCUMENT["groups"][1],
    ]
)
EDITIONS = {"small": (METHODOLOGY, DOCUMENT), "tight": (read_methodology(TIGHT), TIGHT)}


def alternatives(rule: dict[str, Any], maximum: Fraction, present: str | None) -> dict[Fraction, str]:
    """Points that can be had instead, by the definition: whole points and the maximum; the steps' own."""
    now = Fraction(0) if present is None else reference.indicator_points(rule, maximum, present)
    whole = [Fraction(one) for one in range(int(maximum) + 1)] + [maximum]
    if rule["kind"] == "direct":
        values = [str(float(one)) for one in whole]
    elif rule["kind"] == "linear":
        low, high = Fraction(rule["from"]), Fraction(rule["to"])
        values = [str(ceil((low + (high - low) * one / maximum) * 10_000) / 10_000) for one in whole]
    else:
        thresholds = [Fraction(one) for one, _ in rule["steps"]]
        values = [str(float(one)) for one in (0, *thresholds)]
    points = {reference.indicator_points(rule, maximum, value): value for value in values}
    return {one: value for one, value in points.items() if one > now}


def total(told: dict[str, Any], values: dict[tuple[str, str], str | None], group: str) -> Fraction:
    """The points of a group, or overall, of these values; procedures not beyond their maxima."""
    found = Fraction(0)
    for part in told["groups"]:
        if group not in {"overall", part["key"]}:
            continue
        for procedure in part["procedures"]:
            points = Fraction(0)
            for one in procedure["indicators"]:
                value = values.get((procedure["key"], one["key"]))
                if value is not None:
                    points += reference.indicator_points(one["rule"], Fraction(one["maximum"]), value)
            found += min(points, Fraction(procedure["maximum"]))
    return found


def brute(
    told: dict[str, Any], values: dict[tuple[str, str], str | None], group: str, need: Fraction
) -> tuple[int, Fraction] | None:
    """The least number of indicators, then of points, that brings a group to so many points; every way is tried."""
    ways: list[list[tuple[tuple[str, str], str] | None]] = []
    for part in told["groups"]:
        for procedure in part["procedures"] if group in {"overall", part["key"]} else ():
            for one in procedure["indicators"]:
                place = (procedure["key"], one["key"])
                if place in values:
                    found = alternatives(one["rule"], Fraction(one["maximum"]), values[place])
                    ways.append([None, *((place, value) for value in found.values())])
    now = total(told, values, group)
    costs = []
    for chosen in product(*ways):
        changed = dict(one for one in chosen if one is not None)
        after = total(told, {**values, **changed}, group)
        if after >= need:
            costs.append((len(changed), after - now))
    return min(costs, default=None)


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, str, list[Fact], dict[tuple[str, str], str | None]]:
    """An edition, a group, facts, and the present values of what applies."""
    facts, values = [], {}
    for key, names in NAMES.items():
        kind = draw(st.sampled_from(["values", "values", "nothing", "exempt"]))
        told = {name: draw(st.none() | st.sampled_from(["0", "0.25", "1", "2", "7.5", "20", "33.3"])) for name in names}
        if kind == "values":
            facts.append(fact(f"r-{key}", procedure=key, values=told))
        elif kind == "exempt":
            facts.append(fact(f"r-{key}", procedure=key, exempt=True))
        if kind != "exempt":
            values |= {(key, name): told[name] if kind == "values" else None for name in names}
    return draw(st.sampled_from(list(EDITIONS))), draw(st.sampled_from(["overall", "alpha", "beta"])), facts, values


def carded(facts: list[Fact], methodology: Methodology) -> Card:
    cards = recount(facts, methodology_of=lambda _: methodology)
    return cards.get(("m1", "2022"), blank(methodology, "m1", "2022"))


def supposed(card: Card, found: Any, facts: list[Fact], methodology: Methodology) -> Card:
    return suppose(card, found.supposed(), facts=last_facts(facts), methodology=methodology)


@settings(max_examples=80, deadline=None)
@given(situations(), st.fractions(0, 1, max_denominator=40))
def test_a_plan_costs_what_trying_everything_finds_and_what_if_reaches_the_goal(
    situation: tuple[str, str, list[Fact], dict[tuple[str, str], str | None]], share: Fraction
) -> None:
    edition, group, facts, values = situation
    methodology, told = EDITIONS[edition]
    card = carded(facts, methodology)
    maximum = maximum_of(card, group, methodology)
    if not maximum:
        return
    goal = Goal(share * maximum, maximum)
    found = plan(card, group, goal, facts=last_facts(facts), methodology=methodology)
    wanted = brute(told, values, group, goal.points)
    if card.scores[group].points is None and goal.points == 0:
        assert len(found.steps) == 1 or not found.reached
        return
    assert found.proven
    assert ((len(found.steps), found.gained) if found.reached else None) == wanted
    after = supposed(card, found, facts, methodology).scores[group] if found.steps else card.scores[group]
    points = (card.scores[group].points or Fraction(0)) + found.gained
    assert (after.points or 0) == points
    if not found.reached:
        everything = {place: (alternatives_of(told, place, value) or value) for place, value in values.items()}
        assert points == total(told, everything, group)


def alternatives_of(told: dict[str, Any], place: tuple[str, str], present: str | None) -> str | None:
    """The value that gives the most."""
    for part in told["groups"]:
        for procedure in part["procedures"]:
            for one in procedure["indicators"]:
                if (procedure["key"], one["key"]) == place:
                    found = alternatives(one["rule"], Fraction(one["maximum"]), present)
                    return found[max(found)] if found else None
    raise LookupError(place)


@settings(max_examples=100, deadline=None)
@given(situations())
def test_the_goal_of_a_level_is_its_first_point_and_no_earlier(
    situation: tuple[str, str, list[Fact], dict[tuple[str, str], str | None]],
) -> None:
    edition, group, facts, _ = situation
    methodology, _ = EDITIONS[edition]
    card = carded(facts, methodology)
    maximum = maximum_of(card, group, methodology)
    goal = level_goal(card.scores[group], maximum, methodology) if maximum else None
    now = card.scores[group].percent or 0
    assert (goal is None) == (not maximum or now >= 90)
    if goal is not None:
        assert reference.level(reference.row(goal.points, maximum)["percent"]) == goal.level != reference.level(now)
        assert reference.row(goal.points - Fraction(1, 10**9), maximum)["percent"] == (goal.percent or 0) - 1
        assert {reference.level(one) for one in range(now, goal.percent or 0)} == {reference.level(now)}, "none before"


def test_what_applies_is_the_maximum_of_a_group_that_has_no_score_yet() -> None:
    card = carded([fact(exempt=True)], METHODOLOGY)
    assert {card.scores[group].maximum for group in ("alpha", "beta")} == {None}
    assert [maximum_of(card, group, METHODOLOGY) for group in ("alpha", "beta")] == [2, 4]


def test_the_goal_of_a_rank_is_the_next_greater_share_of_somebody() -> None:
    table = Table()
    for name, share in (("a", "4/9"), ("b", "4/9"), ("c", "5/9"), ("m1", "3/9")):
        table.put(name, Fraction(share))
    card = carded([fact("r1", values={"i1": "2", "i2": "25"})], METHODOLOGY)
    goal = rank_goal(card.scores["overall"], Fraction(9), table)
    assert goal is not None
    assert (goal.points, goal.rank, goal.view()) == (4, 2, {"points": "4", "share": "4/9", "rank": 2})
    table.put("m1", None)
    unranked = rank_goal(blank(METHODOLOGY, "m1", "2022").scores["overall"], Fraction(9), table)
    assert unranked is not None
    assert (unranked.points, unranked.rank) == (4, 2)
    assert rank_goal(card.scores["alpha"], Fraction(6), Table()) is None


def test_of_equal_plans_the_first_in_the_edition_is_named() -> None:
    facts = [fact("r3", procedure="third", values={"i1": "1", "i2": "1"})]
    card = carded(facts, METHODOLOGY)
    found = plan(card, "beta", Goal(Fraction(3), Fraction(4)), facts=last_facts(facts), methodology=METHODOLOGY)
    assert [step.view() for step in found.steps] == [
        {
            "procedure": "third",
            "title": "Третья",
            "indicator": "i1",
            "from": "1",
            "to": "2",
            "points": {"before": "1", "after": "2"},
            "maximum": "2",
        }
    ]


def test_fewer_indicators_count_before_fewer_points() -> None:
    facts = [fact("r1", values={"i1": "0", "i2": "10"}), fact("r3", procedure="third", values={"i1": "1", "i2": "1"})]
    card = carded(facts, METHODOLOGY)
    found = plan(card, "overall", Goal(Fraction(4), Fraction(9)), facts=last_facts(facts), methodology=METHODOLOGY)
    assert [(step.procedure.key, step.to.value) for step in found.steps] == [("first", "2")]


def test_an_indicator_that_the_catalogue_does_not_have_is_left_out() -> None:
    facts = [fact("r1", values={"i1": "0", "i2": "10"})]
    card, goal, limits = carded(facts, METHODOLOGY), Goal(Fraction(2), Fraction(5)), {"first": {"i2": ANYTHING}}
    found = plan(card, "alpha", goal, facts=last_facts(facts), methodology=METHODOLOGY, limits=limits)
    assert ("first", "i1") not in {(one.procedure.key, one.indicator.key) for one in found.steps}
    assert [one[:3] for one in found.left] == [("first", "i1", "unreported")]


def test_an_indicator_that_is_measured_by_others_is_left_out_and_counts_as_it_stands() -> None:
    shared = {"key": "i2", "maximum": 2, "rule": {"kind": "relative", "better": "higher"}}
    relative = FIRST | {"maximum": 3, "indicators": [FIRST["indicators"][0], shared]}
    told = document(applicability=[], groups=[DOCUMENT["groups"][0] | {"procedures": [relative, SECOND]}])
    methodology = read_methodology(told)
    facts = [fact("r1", values={"i1": "0", "i2": "5"}), fact("r2", municipality="m2", values={"i1": "2", "i2": "10"})]
    cards = recount(facts, methodology_of=lambda _: methodology)
    bests = bests_of(methodology, {one: card.procedures for (one, _), card in cards.items()})
    card, goal = cards["m1", "2022"], Goal(Fraction(3), Fraction(5))
    found = plan(card, "alpha", goal, facts=last_facts(facts[:1]), methodology=methodology, bests=bests)
    assert card.scores["alpha"].points == 1
    assert [one[:3] for one in found.left] == [("first", "i2", "relative")]
    assert [(step.indicator.key, step.to.value) for step in found.steps] == [("i1", "2")]
    assert found.gained == 2
