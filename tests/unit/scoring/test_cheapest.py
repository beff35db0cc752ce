"""The cheapest choice equals brute force: fewest changes, then fewest points, then the first in order."""

import random
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.scoring.domain.next_level import cheapest as module
from services.scoring.domain.next_level import meeting
from services.scoring.domain.next_level.cheapest import Choice, cheapest, most
from services.scoring.domain.next_level.options import Option

OPTIONS = st.builds(Option, st.integers(1, 2), st.integers(1, 12) | st.integers(1, 10**12))
ITEMS = st.lists(st.lists(OPTIONS, max_size=3, unique=True), max_size=6)


def brute(items: list[list[Option]], need: int) -> tuple[int, int, tuple[int, ...]] | None:
    """Every choice tried: (changes, points, options by item, staying counted as last)."""
    found = None
    for chosen in product(*(range(len(options) + 1) for options in items)):
        taken = [options[one] for options, one in zip(items, chosen, strict=True) if one < len(options)]
        cost = (sum(one.changes for one in taken), sum(one.gain for one in taken), chosen)
        if cost[1] >= need and (found is None or cost < found):
            found = cost
    return found


def cost(items: list[list[Option]], choice: Choice) -> tuple[int, int, tuple[int, ...]]:
    taken = [options[one] for options, one in zip(items, choice.options, strict=True) if one is not None]
    places = tuple(len(options) if one is None else one for options, one in zip(items, choice.options, strict=True))
    return sum(one.changes for one in taken), sum(one.gain for one in taken), places


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[list[Option]], int]:
    """Items, and a need that is often just what some of them gain together, or one more."""
    items = draw(ITEMS)
    taken = [draw(st.sampled_from([0, *(one.gain for one in options)])) for options in items]
    return items, draw(st.integers(0, 40) | st.sampled_from([sum(taken), sum(taken) + 1]))


# How many bits and how many partial choices are kept: the first way, the second one narrow or not.
WAYS = st.sampled_from([(module.MOST_BITS, meeting.NARROW), (0, meeting.NARROW), (0, 1)])


@settings(max_examples=400, deadline=None)
@given(questions(), WAYS)
@example(([[Option(1, 11), Option(1, 2)], [Option(2, 6), Option(2, 11)]], 12), (module.MOST_BITS, meeting.NARROW))
def test_the_cheapest_choice_is_what_trying_everything_finds(
    question: tuple[list[list[Option]], int], way: tuple[int, int]
) -> None:
    items, need = question
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_BITS", way[0])
        patch.setattr(meeting, "NARROW", way[1])
        found = cheapest(items, need)
    assert (found and cost(items, found)) == brute(items, need)
    assert found is None or found.proven


@settings(max_examples=200, deadline=None)
@given(questions(), st.integers(1, 30))
def test_a_search_that_may_keep_little_proves_only_what_is_true_and_always_suffices_by_the_fewest_changes(
    question: tuple[list[list[Option]], int], kept: int
) -> None:
    items, need = question
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_BITS", 0)
        patch.setattr(meeting, "NARROW", 1)
        patch.setattr(meeting, "WIDE", kept)
        found = cheapest(items, need)
    wanted = brute(items, need)
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        changes, points, _ = cost(items, found)
        assert changes == wanted[0]
        assert points >= max(need, wanted[1])
        assert not found.proven or cost(items, found) == wanted


@given(ITEMS)
def test_the_most_that_can_be_gained_is_what_trying_everything_finds(items: list[list[Option]]) -> None:
    gained = cost(items, most(items))[1]
    assert gained == sum(max((one.gain for one in options), default=0) for options in items)
    if gained:
        assert cheapest(items, gained) is not None
    assert cheapest(items, gained + 1) is None


def test_what_cannot_be_proven_is_said_and_still_suffices_by_the_fewest_changes(monkeypatch: Any) -> None:
    items = [[Option(1, 1_000_003 + 7_919 * n * n)] for n in range(12)]
    monkeypatch.setattr(module, "MOST_BITS", 0)
    monkeypatch.setattr(meeting, "NARROW", 1)
    monkeypatch.setattr(meeting, "WIDE", 5)
    found = cheapest(items, 7_000_000)
    assert found is not None
    wanted = brute(items, 7_000_000)
    assert wanted is not None
    assert (found.proven, cost(items, found)[0]) == (False, wanted[0])
    assert cost(items, found)[1] >= 7_000_000


def test_fifty_four_indicators_whose_points_never_coincide_are_proven() -> None:
    chance = random.Random(54)
    items = [[Option(1, 10**11 + fine), Option(1, 2 * 10**11 + fine)] for fine in chance.sample(range(10**11), 54)]
    least = sorted(options[1].gain for options in items)[-7:]
    found = cheapest(items, sum(least) * 9 // 10)
    assert found is not None
    assert found.proven
    assert cost(items, found)[0] == 7
