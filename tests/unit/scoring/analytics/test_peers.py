"""Similar municipalities: the same kind and about the same population, and words where there is none."""

from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.analytics.effect import Changed
from services.scoring.domain.analytics.peers import NO_KIND, NOBODY, Traits, peers

CITY, DISTRICT = "urban_okrug", "municipal_district"
TRAITS = st.builds(Traits, st.sampled_from([CITY, DISTRICT, None]), st.none() | st.integers(0, 50))


def changed(**changes: str | None) -> list[Changed]:
    return [
        Changed(one, "no_data") if told is None else Changed(one, "compared", change=Fraction(told))
        for one, told in changes.items()
    ]


def test_only_the_same_kind_between_half_and_twice_the_size_counts():
    traits = {
        "own": Traits(CITY, 20_000), "half": Traits(CITY, 10_000), "twice": Traits(CITY, 40_000),
        "smaller": Traits(CITY, 9_999), "greater": Traits(CITY, 40_001), "district": Traits(DISTRICT, 20_000),
        "unknown": Traits(CITY),
    }  # fmt: skip
    rows = changed(own="1", half="0.1", twice="0.3", smaller="-1", greater="-1", district="-1", unknown="-1")
    found = peers(rows, traits)["own"]
    assert (found.by, found.count, found.median) == ("kind_and_population", 2, Fraction(1, 5))


def test_where_the_own_population_is_unknown_the_kind_alone_counts():
    traits = {"own": Traits(CITY), "small": Traits(CITY, 1), "great": Traits(CITY, 10**6), "d": Traits(DISTRICT)}
    found = peers(changed(own="1", small="0.1", great="0.3", d="9"), traits)["own"]
    assert (found.by, found.count, found.median, found.reason) == ("kind", 2, Fraction(1, 5), None)


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (Traits(CITY, 10**6), NOBODY["kind_and_population"]),
        (Traits("municipal_okrug"), NOBODY["kind"]),
        (Traits(None, 20_000), NO_KIND),
        (None, NO_KIND),
    ],
)
def test_one_without_similar_ones_is_told_why_and_has_no_median(own: Traits | None, reason: str):
    traits = {"b": Traits(CITY, 20_000)} | ({} if own is None else {"a": own})
    found = peers(changed(a="1", b="0.5"), traits)["a"]
    assert (found.count, found.median, found.reason) == (0, None, reason)


def test_what_was_not_compared_is_nobodys_peer_and_has_none():
    traits = dict.fromkeys("abc", Traits(CITY, 20_000))
    found = peers(changed(a="1", b=None, c="0.5"), traits)
    assert (set(found), found["a"].count, found["a"].median) == ({"a", "c"}, 1, Fraction(1, 2))


@given(st.lists(st.tuples(TRAITS, st.fractions(-1, 1, max_denominator=3)), min_size=1, max_size=9))
def test_the_similar_ones_are_those_that_a_plain_look_at_every_pair_finds(listed: list[tuple[Traits, Fraction]]):
    rows = [Changed(f"m{n}", "compared", change=change) for n, (_, change) in enumerate(listed)]
    found = peers(rows, {f"m{n}": one for n, (one, _) in enumerate(listed)})
    for n, (own, _) in enumerate(listed):
        wanted = []
        for other_n, (other, change) in enumerate(listed):
            if n == other_n or own.kind is None or own.kind != other.kind:
                continue
            if own.population is not None:
                if other.population is None:
                    continue
                small, great = sorted([own.population, other.population])
                if great > 2 * small:
                    continue
            wanted.append(change)
        assert found[f"m{n}"].count == len(wanted)
        assert found[f"m{n}"].median == (Fraction(median(wanted)) if wanted else None)
        assert (found[f"m{n}"].reason is None) == bool(wanted)
