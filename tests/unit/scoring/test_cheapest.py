"""The cheapest choice equals brute force: fewest changes, then fewest points, then the first in order."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.next_level import cheapest as module
from services.scoring.domain.next_level import losses
from services.scoring.domain.next_level.cheapest import Choice, Option, cheapest, most

OPTIONS = st.builds(Option, st.integers(1, 2), st.integers(1, 12))
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


@settings(max_examples=300, deadline=None)
@given(ITEMS, st.integers(0, 40), st.sampled_from([0, module.MOST_BITS]))
def test_the_cheapest_choice_is_what_trying_everything_finds(items: list[list[Option]], need: int, bits: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_BITS", bits)
        found = cheapest(items, need)
    wanted = brute(items, need)
    assert (found and cost(items, found)) == wanted
    assert found is None or found.proven


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
    monkeypatch.setattr(losses, "MOST_LOSSES", 10)
    found = cheapest(items, 5_000_000)
    assert found is not None
    wanted = brute(items, 5_000_000)
    assert wanted is not None
    assert (found.proven, cost(items, found)[0]) == (False, wanted[0])
    assert cost(items, found)[1] >= 5_000_000
