"""Standings: dense ranks on exact shares, cheap views, against a naive count."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain import Move, Standings, Table, moved
from services.scoring.domain.league import League
from tests.unit.scoring.made import HERE

NAMES = st.sampled_from([f"m{number}" for number in range(6)])
SHARES = st.fractions(0, 2, max_denominator=7)
PUTS = st.lists(st.tuples(NAMES, st.none() | SHARES), max_size=30)


def filled(puts: list[tuple[str, Fraction | None]]) -> tuple[Table, dict[str, Fraction]]:
    table = Table()
    plain: dict[str, Fraction] = {}
    for name, share in puts:
        table.put(name, share)
        plain.pop(name, None)
        if share is not None:
            plain[name] = share
    return table, plain


def naive(plain: dict[str, Fraction], share: Fraction) -> int:
    return 1 + len({one for one in plain.values() if one > share})


@given(PUTS, SHARES)
def test_a_rank_is_the_number_of_distinct_greater_shares_plus_one(
    puts: list[tuple[str, Fraction | None]], share: Fraction
) -> None:
    table, plain = filled(puts)
    assert table.ranks() == {name: naive(plain, own) for name, own in plain.items()}
    assert table.rank(share) == naive(plain, share)
    assert len(table) == len(plain)
    assert {name: table.share(name) for name in plain} == plain


@given(PUTS, st.dictionaries(NAMES, st.none() | SHARES), SHARES)
def test_a_view_ranks_as_if_the_shares_were_replaced_and_leaves_the_table(
    puts: list[tuple[str, Fraction | None]], changes: dict[str, Fraction | None], share: Fraction
) -> None:
    table, plain = filled(puts)
    before = table.ranks()
    after = {name: one for name, one in (plain | changes).items() if one is not None}
    assert table.view(changes).rank(share) == naive(after, share)
    assert table.ranks() == before


def test_shares_that_differ_by_less_than_any_scale_stay_apart() -> None:
    tiny = Fraction(1, 10**30)
    table, _ = filled([("m1", Fraction(1, 3)), ("m2", Fraction(1, 3) + tiny), ("m3", Fraction(1, 3) - tiny)])
    assert table.ranks() == {"m2": 1, "m1": 2, "m3": 3}


def test_moves_reach_their_own_table_only() -> None:
    standings = Standings()
    standings.apply([Move("2022", "alpha", "m1", Fraction(1)), Move("2021", "alpha", "m1", Fraction(1, 2))])
    assert standings.table(HERE, "alpha").share("m1") == 1
    assert standings.table(League("", "2021"), "alpha").share("m1") == Fraction(1, 2)
    assert standings.table(HERE, "beta").share("m1") is None


def test_movers_are_counted_and_the_best_ten_are_named() -> None:
    before, _ = filled([(f"m{number:02}", Fraction(number, 20)) for number in range(12)])
    after, _ = filled([(f"m{number:02}", Fraction(number, 20)) for number in range(1, 13)])
    count, movers = moved(before, after)
    assert count == 13
    assert [(one.municipality, one.before, one.after) for one in movers[:2]] == [("m12", None, 1), ("m11", 1, 2)]
    assert len(movers) == 10
    assert moved(after, after) == (0, ())
    assert moved(before, Table())[1][0].after is None
