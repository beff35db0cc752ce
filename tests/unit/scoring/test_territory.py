"""Territory through reforms: against a reference that knows the land itself, and case by case."""

import time
from dataclasses import dataclass, field
from functools import partial
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.names import Link, Municipality, Named
from services.scoring.domain.territory import Change, Territory
from tests.unit.scoring.reforms import DIVISION, REFORMED, RENAMING, UNION

YEARS = range(2015, 2023)
BASES, SPLITS = 4, 3
Cell = tuple[int, int]


@dataclass
class World:
    """The land in cells: who holds which, year by year; a split gives each side half of every former holder's land."""

    now: dict[str, set[Cell]]
    links: dict[str, list[Link]] = field(default_factory=dict)
    born: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    held: dict[int, dict[str, set[Cell]]] = field(default_factory=dict)
    splits: int = 0

    def link(self, kind: str, before: str, after: str, *, year: int, told_by: str) -> None:
        """One side tells, or the other, or both."""
        day = f"{year}-01-01"
        if told_by in {"before", "both"}:
            self.links.setdefault(before, []).append(Link(kind, after, "successor", day))
        if told_by in {"after", "both"}:
            self.links.setdefault(after, []).append(Link(kind, before, "predecessor", day))

    def municipalities(self) -> list[Municipality]:
        return [
            Municipality(
                one, 1, "74",
                (Named(one, one, f"{born}-01-01", f"{self.gone[one]}-01-01" if one in self.gone else None),),
                tuple(self.links.get(one, ())),
            )
            for one, born in self.born.items()
        ]  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Years of reforms: joins into a new or an old one, splits, renames with another id."""
    names = (f"m{number}" for number in count())
    bases = [next(names) for _ in range(draw(st.integers(1, BASES)))]
    world = World({one: {(base, cell) for cell in range(2**SPLITS)} for base, one in enumerate(bases)})
    world.born = dict.fromkeys(bases, 2000)
    for year in YEARS:
        _reform(draw, world, year, (next(names), next(names)))
        world.held[year] = {one: set(land) for one, land in world.now.items()}
    return world


def _reform(draw: st.DrawFn, world: World, year: int, fresh: tuple[str, str]) -> None:
    one, other = fresh
    kind = draw(st.sampled_from(["none", "join", "absorb", "split", "rename"]))
    told_by = draw(st.sampled_from(["before", "after", "both"]))
    there = sorted(world.now)
    if kind == "rename":
        _become(world, [draw(st.sampled_from(there))], one, kind="rename", year=year, told_by=told_by)
    elif kind in {"join", "absorb"} and len(there) > 1:
        sides = draw(st.lists(st.sampled_from(there), min_size=2, max_size=3, unique=True))
        into = one if kind == "join" else sides[0]
        _become(world, sides if kind == "join" else sides[1:], into, kind="join", year=year, told_by=told_by)
    elif kind == "split" and world.splits < SPLITS:
        whole = draw(st.sampled_from(there))
        bit, land = world.splits, world.now.pop(whole)
        world.splits, world.gone[whole] = bit + 1, year
        for side, part in enumerate((one, other)):
            world.now[part] = {cell for cell in land if cell[1] >> bit & 1 == side}
            world.born[part] = year
            world.link("split", whole, part, year=year, told_by=told_by)


def _become(world: World, sides: list[str], into: str, *, kind: str, year: int, told_by: str) -> None:
    world.born.setdefault(into, year)
    for side in sides:
        world.now.setdefault(into, set()).update(world.now.pop(side))
        world.gone[side] = year
        world.link(kind, side, into, year=year, told_by=told_by)


@given(worlds())
def test_the_origins_are_those_who_held_the_land(world: World):
    territory = Territory(world.municipalities())
    for year in YEARS:
        then = world.held[year]
        for one, land in world.now.items():
            found = territory.origins(one, f"{year}-12-31")
            assert set(found) == {holder for holder, held in then.items() if held & land}, (one, year)
            parted = {holder for holder, held in then.items() if held & land and not held <= land}
            assert parted <= {holder for holder, way in found.items() if way == "split"}, (one, year)


@given(worlds())
def test_everybody_of_a_year_lives_on_in_somebody_of_today(world: World):
    territory = Territory(world.municipalities())
    for year in YEARS:
        origins = {origin for one in world.now for origin in territory.origins(one, f"{year}-12-31")}
        assert origins == set(world.held[year])


@pytest.fixture
def territory() -> Territory:
    return Territory(REFORMED)


def test_the_made_up_reform_is_known_by_either_side(territory: Territory):
    assert territory.origins("74-soyuz", "2020-12-31") == {"74-alfa": "join", "74-beta": "join"}
    assert territory.origins("74-soyuz", "2021-12-31") == {"74-soyuz": "same"}
    assert territory.origins("74-gamma-north", "2021-12-31") == {"74-gamma": "split"}
    assert territory.origins("74-delta", "2010-01-01") == {"74-delta": "same"}


def test_a_reform_is_told_whole_whoever_asks(territory: Territory):
    union = Change(UNION, "join", ("74-alfa", "74-beta"), ("74-soyuz",))
    division = Change(DIVISION, "split", ("74-gamma",), ("74-gamma-north", "74-gamma-south"))
    assert territory.changes({"74-beta"}, "2020-12-31", "2022-12-31") == [union]
    assert territory.changes({"74-gamma-south"}, "2020-12-31", "2022-12-31") == [division]
    assert territory.changes({"74-gamma-south"}, DIVISION, "2022-12-31") == []


def test_a_new_name_is_a_reform_without_any_link(territory: Territory):
    renamed = Change(RENAMING, "change_of_kind", ("74-delta",), ("74-delta",))
    assert territory.changes({"74-delta"}, "2020-12-31", "2021-12-31") == [renamed]


def test_who_took_others_in_stands_among_its_own_origins():
    names = (Named("А", "1", "2000-01-01"),), (Named("Б", "2", "2000-01-01", "2021-01-01"),)
    link = Link("join", "b", "predecessor", "2021-01-01")
    territory = Territory([Municipality("a", 1, "74", names[0], (link,)), Municipality("b", 1, "74", names[1])])
    assert territory.origins("a", "2020-12-31") == {"a": "same", "b": "join"}


def test_one_that_a_part_was_given_to_keeps_its_past_as_its_own():
    one = Municipality(
        "a", 1, "74", (Named("А", "1", "2000-01-01"),), (Link("split", "b", "predecessor", "2021-01-01"),)
    )
    other = Municipality("b", 1, "74", (Named("Б", "2", "2000-01-01"),))
    assert Territory([one, other]).origins("a", "2020-12-31") == {"a": "same"}


def test_a_part_that_came_on_the_day_of_a_join_hides_nobody_who_joined():
    day = "2021-01-01"
    links = Link("join", "b", "predecessor", day), Link("split", "c", "predecessor", day)
    one = Municipality("a", 1, "74", (Named("А", "1", "2000-01-01"),), links)
    gone = Municipality("b", 1, "74", (Named("Б", "2", "2000-01-01", day),))
    whole = Municipality("c", 1, "74", (Named("В", "3", "2000-01-01"),))
    assert Territory([one, gone, whole]).origins("a", "2020-12-31") == {"a": "same", "b": "join"}


def test_links_in_a_circle_on_one_day_end():
    day = "2021-01-01"
    swapped = [
        Municipality(one, 1, "74", (Named(one, one, day),), (Link("rename", other, "predecessor", day),))
        for one, other in (("a", "b"), ("b", "a"))
    ]
    assert set(Territory(swapped).origins("a", "2020-12-31")) <= {"a", "b"}


def test_the_same_municipality_is_found_under_its_later_id():
    link = Link("rename", "old", "predecessor", "2021-01-01")
    territory = Territory([Municipality("new", 1, "74", (Named("Новый", "1", "2021-01-01"),), (link,))])
    assert territory.heir("old", "2022-12-31") == "new"
    assert territory.heir("old", "2020-12-31") == "old"


def test_of_one_that_was_renamed_to_and_fro_the_last_id_holds():
    names = (Named("А", "1", "2000-01-01"),), (Named("Б", "2", "2021-01-01"),)
    links = Link("rename", "b", "successor", "2021-01-01"), Link("rename", "b", "predecessor", "2022-01-01")
    territory = Territory([Municipality("a", 1, "74", names[0], links), Municipality("b", 1, "74", names[1])])
    days = ("2020-12-31", "2021-12-31", "2023-01-01")
    assert [territory.heir("a", day) for day in days] == ["a", "b", "a"]


def test_a_predecessor_that_nobody_told_of_yet_is_taken_at_its_word():
    link = Link("rename", "old", "predecessor", "2021-01-01")
    territory = Territory([Municipality("new", 1, "74", (Named("Новый", "1", "2021-01-01"),), (link,))])
    assert territory.origins("new", "2020-12-31") == {"old": "same"}


def test_joins_of_two_years_into_one_are_two_reforms():
    links = tuple(Link("join", one, "predecessor", on) for one, on in (("b", "2021-01-01"), ("c", "2022-01-01")))
    territory = Territory([Municipality("a", 1, "74", (Named("А", "1", "2000-01-01"),), links)])
    assert territory.changes({"a"}, "2020-01-01", "2023-01-01") == [
        Change("2021-01-01", "join", ("b",), ("a",)),
        Change("2022-01-01", "join", ("c",), ("a",)),
    ]


def test_a_gap_between_two_names_is_no_reform():
    names = Named("А", "1", "2000-01-01", "2020-01-01"), Named("А", "1", "2021-01-01")
    assert Territory([Municipality("a", 1, "74", names)]).changes({"a"}, "2019-01-01", "2023-01-01") == []


def test_reforms_of_a_whole_country_are_looked_up_by_whom_they_touch():
    country = [
        Municipality(f"m{n}", 1, "74", (Named("А", "1", "2000-01-01", "2021-06-01"), Named("Б", "2", "2021-06-01")))
        for n in range(3_000)
    ]
    country += [
        Municipality(
            f"n{n}", 1, "74", (Named("В", "3", "2022-03-01"),), (Link("join", f"m{n}", "predecessor", "2022-03-01"),)
        )
        for n in range(3_000)
    ]
    territory = Territory(country)
    began = time.process_time()
    for n in range(3_000):
        assert territory.origins(f"n{n}", "2020-12-31") == {f"m{n}": "join"}
        assert [one.kind for one in territory.changes({f"n{n}", f"m{n}"}, "2020-12-31", "2022-12-31")] == [
            "rename", "join",
        ]  # fmt: skip
    assert time.process_time() - began < 2


def test_of_what_a_part_left_only_what_happened_until_then_is_of_the_part():
    """The whole takes another in half a year later: the part's land has no share in it, the whole's has."""
    left, joined = "2022-03-01", "2022-09-01"
    taken = Link("join", "other", "predecessor", joined)
    whole = Municipality("whole", 1, "74", (Named("Целый", "1", "2000-01-01"),), (taken,))
    other = Municipality("other", 1, "74", (Named("Другой", "3", "2000-01-01", joined),))
    part = Municipality("part", 1, "74", (Named("Часть", "2", left),), (Link("split", "whole", "predecessor", left),))
    territory = Territory([whole, other, part])

    def days(one: str) -> list[str]:
        owners = partial(territory.origins, one)
        return [change.on for change in territory.changes_of(owners, "2021-12-31", "2022-12-31")]

    assert days("part") == [left]
    assert days("whole") == [left, joined]
    assert days("other") == [joined]
