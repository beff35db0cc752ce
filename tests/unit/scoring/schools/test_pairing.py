"""Pairs of strong and weak schools: alike, near, and the same however they are given."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.schools import Standing
from services.scoring.domain.schools.pairing import pair_up

LEVELS = ("basic", "primary")


def school(name: str, municipality: str | None = "m1", size: int = 100, levels: tuple[str, ...] = LEVELS) -> Standing:
    return Standing(name, 2022, municipality, "small", (), size, levels)


def neighbours(municipality: str) -> set[str]:
    return {"m1": {"m2"}, "m2": {"m1"}}.get(municipality, set())


def pairs(weak: Sequence[Standing], strong: Sequence[Standing]) -> list[tuple[str, str, bool]]:
    return [(one.weak.school, one.strong.school, one.near) for one in pair_up(weak, strong, neighbours)]


def test_the_own_municipality_goes_before_a_neighbour_and_the_nearest_size_before_another():
    strong = [school("a", "m2"), school("b", size=130), school("c", size=120)]
    assert pairs([school("w")], strong) == [("w", "c", False)]
    assert pairs([school("w", "m2", size=190)], strong[:2]) == [("w", "a", False)]
    assert pairs([school("w", "m2", size=190)], strong[1:]) == [("w", "b", True)]


def test_unlike_or_far_schools_make_no_pair():
    others = [school("far", "m3"), school("small", size=49), school("unlike", levels=("basic",)), school("own", None)]
    assert pairs([school("w")], others) == []
    assert pairs([school("w", None)], [school("s", None)]) == []
    assert pairs([school("same")], [school("same")]) == []


def test_ties_go_to_the_first_id_and_a_strong_school_may_help_several():
    strong = [school("b"), school("a")]
    assert pairs([school("x"), school("w")], strong) == [("w", "a", False), ("x", "a", False)]


@given(st.randoms(), st.lists(st.tuples(st.sampled_from(("m1", "m2", "m3")), st.integers(1, 300)), max_size=12))
def test_the_order_of_the_schools_makes_no_difference(random: object, told: list[tuple[str, int]]):
    schools = [school(f"s{n:02}", where, size) for n, (where, size) in enumerate(told)]
    weak, strong = schools[::2], schools[1::2]
    expected = pairs(weak, strong)
    random.shuffle(weak)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    random.shuffle(strong)  # type: ignore[attr-defined] # as above
    assert pairs(weak, strong) == expected
