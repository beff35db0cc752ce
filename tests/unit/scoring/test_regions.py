"""Regions side by side: whatever happens in one gives the other bit for bit what it would give alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import everybody, rate, recount
from services.scoring.domain.league import League, region_of
from services.scoring.domain.names import Municipality, Named, Names
from services.scoring.domain.standings import Move, Standings
from tests.unit.scoring.compared import Compared, compared, lived, points_of
from tests.unit.scoring.made import fact
from tests.unit.scoring.test_relative import GROUPS, MUNICIPALITIES, histories

REGIONS = ("66", "74")


@pytest.mark.parametrize(
    ("identity", "region"),
    [("74-karabashsky-go", "74"), ("102-a", "102"), ("m1", ""), ("7-a", ""), ("1234-a", ""), ("74", ""), ("٧٤-a", "")],
)
def test_the_region_is_the_number_that_an_id_begins_with(identity: str, region: str) -> None:
    assert region_of(identity) == region


@pytest.mark.parametrize(("region", "name"), [("74", "2022"), ("66", "66-2022")])
def test_the_home_region_is_named_by_the_period_alone(region: str, name: str) -> None:
    assert League(region, "2022").named("74") == name


def test_a_share_stands_in_the_table_of_its_own_region() -> None:
    standings = Standings()
    standings.apply([Move("2022", "alpha", "74-a", Fraction(1, 2)), Move("2022", "alpha", "66-a", Fraction(1))])
    assert standings.table(League("74", "2022"), "alpha").ranks() == {"74-a": 1}
    assert standings.table(League("66", "2022"), "alpha").ranks() == {"66-a": 1}


def test_a_better_neighbour_region_moves_no_best_and_takes_no_point() -> None:
    made = Compared()
    made.load(compared())
    made.take(_value("74-a", "5"), _value("74-b", "4"))
    made.take(_value("66-a", "20"))
    assert [points_of(made, one, "first") for one in ("74-a", "66-a")] == [2, 2]
    assert made.moves == []
    assert sorted(made.scales) == [League("66", "2022"), League("74", "2022")]


def test_a_moved_best_is_told_of_its_region_with_an_address_that_asks_for_it() -> None:
    made = Compared()
    made.load(compared())
    made.take(_value("66-a", "5"), _value("74-a", "5"))
    done = made.take(_value("66-b", "10"))
    [told] = [turn.told for turn in done.scales if turn.told]
    assert (told.region, told.period, told.url) == ("66", "2022", "/v1/scales/2022/1?region=66")
    assert told.key == "2022"


def test_tiles_of_another_map_are_no_neighbours() -> None:
    names = Names()
    for one, tile in (("74-a", (2, 2)), ("74-b", (2, 3)), ("66-a", (3, 3))):
        names.put(Municipality(one, 1, region_of(one), (Named(one, "75000001", "2000-01-01"),), tile=tile))
    assert names.neighbours("74-a") == {"74-b"}
    assert (names.regions(), names.ids("66")) == (["66", "74"], ["66-a"])


def _value(municipality: str, value: str) -> Any:
    return fact(f"r-{municipality}", municipality=municipality, values={"i1": "0", "i2": value})


def _within(region: str, step: Any) -> Any:
    """A step of a history as it happens in a region."""
    if isinstance(step, list):
        names = ("result", "municipality")
        return [event | {name: f"{region}-{event[name]}" for name in names} for event in step]
    return (step[0], f"{region}-{step[1]}", step[2]) if isinstance(step, tuple) else step


def _both(here: Any, there: Any) -> list[Any]:
    """What happens at the same time in two regions: results in one batch, anything else one after another."""
    if isinstance(here, list) and isinstance(there, list):
        return [[one for pair in zip_longest(here, there) for one in pair if one is not None]]
    return [one for one in (here, there) if one is not None]


@st.composite
def two_regions(draw: st.DrawFn) -> list[Any]:
    """The histories of two regions interwoven; the methodology is one for both."""
    here, there = ([_within(region, step) for step in draw(histories())[1]] for region in REGIONS)
    rules = [step for step in here if isinstance(step, dict)]
    there = [step for step in there if not isinstance(step, dict)]
    assert rules
    return [step for pair in zip_longest(here, there) for step in _both(*pair)]


def _is_of(municipality: str, region: str) -> bool:
    """The plain reading, which the code under test has no part in."""
    return municipality.startswith(f"{region}-")


def _alone(steps: list[Any], region: str) -> list[Any]:
    """The same history without the other region; its moments pass all the same."""
    mine = []
    for step in steps:
        if isinstance(step, list):
            mine.append([event for event in step if _is_of(event["municipality"], region)])
        elif isinstance(step, dict) or _is_of(step[1], region):
            mine.append(step)
    return mine


def _seen(made: Compared, region: str) -> dict[str, Any]:
    """All that a region sees: cards, tables, scales, what was told; but for moments and the counting of acts."""
    leagues = [League(region, period) for period in ("2021", "2022")]
    return {
        "cards": {
            key: replace(card, procedures={name: one._replace(stated=None) for name, one in card.procedures.items()})
            for key, card in made.cards.items()
            if _is_of(key[0], region)
        },
        "ranks": {(one, group): made.standings.table(one, group).ranks() for one in leagues for group in GROUPS},
        "scales": {one: made.scales.get(one) for one in leagues},
        "told": [
            told.model_dump(exclude={"data_at": True, "event_id": True, "rules": {"__all__": {"id"}}})
            for told in made.told
            if _is_of(told.municipality, region)
        ],
        "moves": [
            (turn.told.model_dump(exclude={"data_at", "event_id"}), turn.differences)
            for turn in made.moves
            if turn.told and turn.told.region == region
        ],
    }


@settings(max_examples=60, deadline=None)
@given(two_regions())
def test_two_regions_together_give_bit_for_bit_what_each_gives_alone(steps: list[Any]) -> None:
    together = lived(steps)
    for region in REGIONS:
        assert _seen(together, region) == _seen(lived(_alone(steps, region)), region)


@settings(max_examples=30, deadline=None)
@given(two_regions())
def test_ratings_recounted_of_two_regions_are_those_of_each_alone(steps: list[Any]) -> None:
    made = lived(steps)
    facts = list(made.facts.values())
    cards = recount(facts, methodology_of=made.of_period)
    for region in REGIONS:
        own = [one for one in facts if _is_of(one.municipality or "", region)]
        alone = recount(own, methodology_of=made.of_period)
        mine = {key: card for key, card in cards.items() if _is_of(key[0], region)}
        assert mine == alone
        methodology = made.of_period("2022")
        assert methodology is not None
        listed = {f"{region}-{one}": one for one in MUNICIPALITIES}
        ratings = [
            rate(
                everybody(
                    [card for key, card in some.items() if _is_of(key[0], region) and key[1] == "2022"],
                    listed,
                    methodology=methodology,
                    period="2022",
                ),
                group="overall",
                names=listed,
                methodology=methodology,
            )
            for some in (cards, alone)
        ]
        assert ratings[0] == ratings[1]
