"""Pairs of strong and weak schools: alike, near, and the same however they are given."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.schools import Standing, Verdict
from services.scoring.domain.schools.lists import Span
from services.scoring.domain.schools.pairing import pair_up

LEVELS = ("basic", "primary")


def school(
    name: str,
    municipality: str | None = "m1",
    size: int = 100,
    levels: tuple[str, ...] = LEVELS,
    *,
    verdicts: tuple[Verdict, ...] = (),
) -> Standing:
    return Standing(name, 2022, municipality, "small", verdicts, size, levels)


def low(criterion: str, span: Span = "year") -> Verdict:
    return Verdict(span, criterion, "low")


def strong_in(criterion: str) -> Verdict:
    return Verdict("year", criterion, "strong")


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


WEAK = school("w", verdicts=(low("mathematics"), low("set")))


def test_who_is_low_where_the_weak_one_is_helps_nobody():
    both = school("both", verdicts=(strong_in("russian"), low("mathematics", "three_years")))
    fit = school("fit", size=190, verdicts=(strong_in("russian"), low("reading")))
    assert pairs([WEAK], [both]) == []
    assert pairs([WEAK], [both, fit]) == [("w", "fit", False)]


def test_who_is_strong_where_the_weak_one_is_low_goes_before_the_nearest_in_size():
    wanted = school("wanted", size=150, verdicts=(strong_in("mathematics"),))
    nearer = school("nearer", verdicts=(strong_in("russian"), strong_in("set")))
    abroad = school("abroad", "m2", verdicts=(strong_in("mathematics"),))
    assert pairs([WEAK], [nearer, wanted, abroad]) == [("w", "wanted", False)]
    assert pairs([WEAK], [nearer, abroad]) == [("w", "nearer", False)]


def test_ties_go_to_the_first_id_and_a_strong_school_may_help_several():
    strong = [school("b"), school("a")]
    assert pairs([school("x"), school("w")], strong) == [("w", "a", False), ("x", "a", False)]


@given(st.randoms(), st.lists(st.tuples(st.sampled_from(("m1", "m2", "m3")), st.integers(1, 300)), max_size=12))
def test_the_order_of_the_schools_makes_no_difference(random: object, told: list[tuple[str, int]]):
    schools = [school(f"s{n:02}", where, size) for n, (where, size) in enumerate(told)]
    weak, strong = schools[::2], schools[1::2]
    expected = pairs(weak, strong)
    random.shuffle(weak)
    random.shuffle(strong)
    assert pairs(weak, strong) == expected


VERDICTS = (low("a"), low("b"), low("set"), strong_in("a"), strong_in("b"))
WHERE = st.sampled_from((None, "m1", "m2", "m3"))
SCHOOLS = st.lists(
    st.builds(
        school,
        st.sampled_from([f"s{n}" for n in range(12)]),
        WHERE,
        st.integers(0, 9),
        st.sampled_from([LEVELS, ("basic",)]),
        verdicts=st.lists(st.sampled_from(VERDICTS), max_size=2).map(tuple),
    ),
    max_size=12,
    unique_by=lambda one: one.school,
)


def best(weak: Standing, strong: Sequence[Standing]) -> tuple[str, bool] | None:
    """The best partner by looking at everybody."""
    fitting = []
    for other in strong:
        own, their = weak.municipality, other.municipality
        near = own != their
        if own and their and (not near or their in neighbours(own)) and weak.levels == other.levels:
            small, large = sorted((weak.size or 0, other.size or 0))
            clash = weak.criteria("low_results") & other.criteria("low_results")
            if weak.school != other.school and small and large <= 2 * small and not clash:
                elsewhere = not (weak.criteria("low_results") - {"set"}) & other.criteria("strong")
                fitting.append((near, elsewhere, Fraction(large, small), other.school))
    return (min(fitting)[3], min(fitting)[0]) if fitting else None


@given(SCHOOLS, SCHOOLS)
def test_a_pair_is_the_best_that_looking_at_everybody_finds(weak: list[Standing], strong: list[Standing]):
    found = {one: (partner, near) for one, partner, near in pairs(weak, strong)}
    assert found == {one.school: partner for one in weak if (partner := best(one, strong)) is not None}


def test_the_neighbours_of_a_municipality_are_asked_for_once_and_no_school_is_compared_with_all():
    asked = []

    def around(municipality: str) -> set[str]:
        asked.append(municipality)
        return neighbours(municipality)

    weak = [school(f"w{n}", "m1", 100 + n % 50) for n in range(2_000)]
    strong = [school(f"s{n}", "m2", 100 + n % 50) for n in range(2_000)]
    assert len(pair_up(weak, strong, around)) == 2_000
    assert asked == ["m1"]
