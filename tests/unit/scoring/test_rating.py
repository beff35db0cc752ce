"""Ratings, recounts, rebuilds and explanations of the same cards."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from services.scoring.domain import (
    Card,
    Explainer,
    Occasion,
    Score,
    Standings,
    Submitter,
    card_document,
    card_from,
    differences,
    fact_document,
    fact_from,
    last_facts,
    procedure_score,
    rate,
    read_methodology,
    rebuild,
    recount,
)
from services.scoring.domain.card import RESULT_SAYS
from services.scoring.domain.standings import procedure_table
from shared.kernel import Cause, NotFound
from tests.unit.scoring.made import HERE, METHODOLOGY, START, World, document, fact, of_period

NAMES = {"m1": "Ёлкинский", "m2": "Дубовский", "m3": "Ольховский", "m4": "Берёзовский"}
FACTS = [
    fact("r1", values={"i1": "2", "i2": "20"}, at=1),
    fact("r2", municipality="m2", values={"i1": "2", "i2": "20"}, at=2),
    fact("r3", municipality="m3", procedure="second", values={"i1": "7.5"}, at=3),
    fact("r1", 2, values={"i1": "2", "i2": None}, at=4),
    fact("r4", municipality="m1", procedure="third", exempt=True, at=5),
]

SUBMITTED = [replace(fact("s"), submitted_by=one) for one in (Submitter("ministry"), Submitter("system", "demo"))]


@pytest.fixture
def world() -> World:
    made = World()
    made.take(*FACTS)
    return made


def of(world: World, group: str, *without: str) -> Any:
    cards = [card for card in world.cards.values() if card.period == "2022"]
    return rate(cards, group=group, names=NAMES, methodology=METHODOLOGY, without=frozenset(without))


def test_rows_stand_by_rank_and_those_without_data_apart(world: World) -> None:
    rating = of(world, "alpha")
    assert [(row.rank, row.municipality) for row in rating.rows] == [(1, "m2"), (2, "m1"), (3, "m3")]
    assert [(one.municipality, one.state, one.reason) for one in rating.no_data] == [
        ("m4", "no_data", "нет действующих результатов")
    ]


def test_ties_share_a_rank_and_stand_alphabetically() -> None:
    world = World()
    world.take(*(fact(f"r{m}", municipality=m, values={"i1": "1", "i2": None}) for m in NAMES))
    assert [row.rank for row in of(world, "alpha").rows] == [1, 1, 1, 1]
    assert [row.municipality for row in of(world, "alpha").rows] == ["m4", "m2", "m1", "m3"]


def test_a_procedure_has_a_table_of_its_own(world: World) -> None:
    assert [row.municipality for row in of(world, "first").rows] == ["m2", "m1"]
    third = {one.municipality: (one.state, one.reason) for one in of(world, "third").no_data}
    assert third["m1"] == ("not_applicable", RESULT_SAYS), "what was typed is for who may read the result"
    assert third["m3"] == ("not_applicable", "не участвовал")
    assert third["m2"] == ("no_data", "нет действующих результатов")


def test_the_table_of_a_procedure_is_made_from_the_cards(world: World) -> None:
    table = procedure_table(world.cards.values(), "first")
    assert table.ranks() == {row.municipality: row.rank for row in of(world, "first").rows}
    assert procedure_table(world.cards.values(), "unknown").ranks() == {}


def test_a_rating_without_a_procedure_leaves_its_maximum_out(world: World) -> None:
    row = next(row for row in of(world, "alpha", "second").rows if row.municipality == "m2")
    assert (row.score.maximum, row.score.level_conflict) == (4, False)
    overall = next(row for row in of(world, "overall", "second").rows if row.municipality == "m2")
    assert overall.score.maximum == 7
    assert [one.municipality for one in of(world, "alpha", "second").no_data] == ["m4", "m3"]


@pytest.mark.parametrize(
    ("group", "without", "code"), [("x", (), "group-not-found"), ("alpha", ("x",), "procedure-not-found")]
)
def test_an_unknown_table_is_refused(world: World, group: str, without: tuple[str, ...], code: str) -> None:
    with pytest.raises(NotFound) as refused:
        of(world, group, *without)
    assert refused.value.code == code


def test_a_level_conflict_is_flagged_only_where_the_full_maximum_applies() -> None:
    world = World()
    full = [
        fact("a1", values={"i1": "2", "i2": "40"}),
        fact("a2", procedure="second", values={"i1": "9"}),
        fact("a3", procedure="third", values={"i1": "2", "i2": "1.5"}),
    ]
    world.take(*full)
    overall = world.cards["m1", "2022"].scores["overall"]
    assert (overall.points, overall.percent, overall.level, overall.level_conflict) == (8, 89, "above_average", True)
    world.take(fact("a3", 2, procedure="third", exempt=True, at=1))
    assert not world.cards["m1", "2022"].scores["overall"].level_conflict


def test_as_of_an_instant_only_what_was_recorded_until_then_counts() -> None:
    then = recount(FACTS, methodology_of=of_period, as_of=START + timedelta(minutes=3))
    assert then["m1", "2022"].scores["alpha"].points == 2 + METHODOLOGY.procedures["first"].maximum / 6
    assert then["m1", "2022"].procedures["third"].state == "no_data"
    assert then["m3", "2022"].scores["alpha"].state == "scored"
    assert ("m3", "2022") not in recount(FACTS, methodology_of=of_period, as_of=START + timedelta(minutes=2))
    assert last_facts(FACTS)["r1"].revision == last_facts(reversed(FACTS))["r1"].revision == 2


def test_a_planted_corruption_is_found_and_named(world: World) -> None:
    recounted = recount(FACTS, methodology_of=of_period)
    cards = dict(world.cards)
    assert differences(cards.values(), recounted) == []
    good = cards["m2", "2022"]
    wrong = dict(good.scores) | {"alpha": Score("scored", METHODOLOGY.summed, METHODOLOGY.summed, 100, "high")}
    cards["m2", "2022"] = replace(good, scores=wrong, methodology="other")
    del cards["m3", "2022"]
    cards["m9", "2022"] = replace(good, municipality="m9")
    found = {(one.municipality, one.where) for one in differences(cards.values(), recounted)}
    assert found == {("m2", "scores/alpha"), ("m2", "methodology"), ("m3", "card"), ("m9", "card")}


def test_told_revisions_are_no_difference_but_a_known_revision_is(world: World) -> None:
    card = world.cards["m1", "2022"]
    recounted = recount(FACTS, methodology_of=of_period)
    assert differences([replace(card, revision=99)], {card.key: recounted[card.key]}) == []
    held = card.procedures["first"].held
    assert held is not None
    first = card.procedures["first"]._replace(held=held._replace(revision=1))
    odd = replace(card, procedures=dict(card.procedures) | {"first": first})
    assert [one.where for one in differences([odd], {card.key: recounted[card.key]})] == ["procedures/first"]


def test_a_rebuild_that_finds_the_same_changes_and_tells_nothing(world: World) -> None:
    recounted = recount(FACTS, methodology_of=of_period)
    same = rebuild(
        world.cards,
        recounted,
        methodology_of=of_period,
        standings=world.standings,
        occasion=Occasion(Cause("c"), START),
    )
    assert (same.cards, same.told, same.moves) == ((), (), ())


def test_a_rebuild_under_another_edition_tells_the_difference_and_goes_on_counting(world: World) -> None:
    other = read_methodology(document(id="other", overall={"maximum": 10}, applicability=[]))
    recounted = recount(FACTS, methodology_of=lambda _: other)
    rebuilt = rebuild(
        world.cards,
        recounted,
        methodology_of=lambda _: other,
        standings=world.standings,
        occasion=Occasion(Cause("c"), START, quiet={*world.cards}),
    )
    told = {one.event.municipality: one.event for one in rebuilt.told}
    changes = {change.group: change for change in told["m2"].changes}
    assert (changes["overall"].before.maximum, changes["overall"].after.maximum) == ("9", "10")
    assert (told["m2"].revision, told["m2"].methodology, told["m2"].quiet) == (2, "other", True)
    assert (told["m2"].causes, told["m2"].causes_count) == ((), 0)
    for card in rebuilt.cards:
        assert card.revision == world.cards[card.key].revision + 1
    world.standings.apply(rebuilt.moves)
    fresh = Standings(recounted.values())
    for group in ("alpha", "beta", "overall"):
        assert world.standings.table(HERE, group).ranks() == fresh.table(HERE, group).ranks()


def test_a_rebuild_of_what_was_never_stored_tells_it_all() -> None:
    recounted = recount(FACTS, methodology_of=of_period)
    rebuilt = rebuild(
        {}, recounted, methodology_of=of_period, standings=Standings(), occasion=Occasion(Cause("c"), START)
    )
    assert {one.event.revision for one in rebuilt.told} == {1}
    before = [change.before.state for one in rebuilt.told for change in one.event.changes]
    assert set(before) == {"no_data"}


def test_cards_and_facts_survive_their_documents(world: World) -> None:
    world.take(fact("r2", 2, municipality="m2", at=9), fact("r8", municipality="m2", values={"i1": "1", "i2": "11"}))
    for card in world.cards.values():
        again = card_from(card_document(card))
        assert again == card
        assert [score.share for score in again.scores.values()] == [score.share for score in card.scores.values()]
        assert plain(card_document(card))
    for one in [*FACTS, fact("q", organization="school-1", quiet=True), fact("w", 3), *SUBMITTED]:
        assert fact_from(fact_document(one) | {"_id": 1}) == one
        values = fact_document(one).pop("values", {})
        assert plain({key: value for key, value in fact_document(one).items() if key != "values"})
        assert all(value is None or isinstance(value, str) for value in values.values())


def plain(value: object) -> bool:
    """Only dicts, lists, strings and integers that a 64-bit store holds."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**63)


def test_numbers_beyond_64_bits_are_kept_as_text(world: World) -> None:
    card = world.cards["m2", "2022"]
    huge = replace(card.scores["alpha"], points=METHODOLOGY.summed * 2**63)
    document_of = card_document(replace(card, scores={"alpha": huge}))
    assert isinstance(document_of["scores"]["alpha"]["points"], str)
    assert card_from(document_of).scores["alpha"].points == huge.points


def explained(world: World, card: Card) -> dict[str, Any]:
    def rank_of(group: str, score: Score) -> int | None:
        ranks = {row.municipality: row.rank for row in of(world, group).rows}
        return None if score.share is None else ranks[card.municipality]

    return Explainer(METHODOLOGY, last_facts(FACTS), rank_of).explain(card)


def test_an_explanation_is_the_whole_chain(world: World) -> None:
    chain = explained(world, world.cards["m1", "2022"])
    overall = chain["overall"]
    assert (chain["municipality"], chain["period"], chain["methodology"]) == ("m1", "2022", "small")
    assert (overall["points"], overall["maximum"], overall["percent"], overall["rank"]) == ("2", "5", 40, 1)
    alpha, beta = overall["groups"]
    assert (alpha["group"], alpha["points"], beta["state"]) == ("alpha", "2", "not_applicable")
    first, second = alpha["procedures"]
    assert first["indicators"] == [
        {
            "indicator": "i1",
            "value": "2",
            "rule": {"kind": "direct", "words": "баллы даны прямо, от 0 до 2"},
            "points": "2",
            "maximum": "2",
            "state": "scored",
            "title": "i1",
        },
        {
            "indicator": "i2",
            "value": None,
            "rule": {
                "kind": "linear",
                "from": "10",
                "to": "40",
                "words": "равномерно: 10 даёт 0 баллов, 40 даёт 2",
            },
            "points": None,
            "maximum": "2",
            "state": "no_data",
            "title": "i2",
        },
    ]
    assert (first["missing"], first["percent"], first["level"], first["rank"]) == (["i2"], 50, "medium", 2)
    assert (first["result"]["id"], first["result"]["revision"], first["result"]["source"]) == ("r1", 2, "test")
    assert (second["state"], second["missing"], second["maximum"], second["result"]) == ("no_data", ["i1"], "2", None)
    assert second["assumed"]


def test_what_did_not_apply_is_explained_by_its_reason_and_act(world: World) -> None:
    [third] = explained(world, world.cards["m1", "2022"])["overall"]["groups"][1]["procedures"]
    assert (third["state"], third["reason"], third["act"]) == ("not_applicable", "нет таких школ", "приказ № 2")
    assert third["indicators"] == []
    assert third["result"]["id"] == "r4"
    [default] = explained(world, world.cards["m3", "2022"])["overall"]["groups"][1]["procedures"]
    assert (default["reason"], default["result"]) == ("не участвовал", None)


def test_points_of_the_indicators_sum_up_to_every_level_above(world: World) -> None:
    for card in world.cards.values():
        for group in explained(world, card)["overall"]["groups"]:
            for procedure in group["procedures"]:
                if procedure["state"] == "scored":
                    score = procedure_score(METHODOLOGY, card.procedures[procedure["procedure"]])
                    parts = [one["points"] for one in procedure["indicators"] if one["points"] is not None]
                    assert sum(map(Fraction, parts)) == score.points
