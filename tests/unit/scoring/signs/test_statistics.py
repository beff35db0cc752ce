"""The statistics against references written in the plainest way, pupil by pupil and pair by pair."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng
from scipy.stats import binom, mannwhitneyu, norm

from services.scoring.domain.signs import Outcome, Table, found
from services.scoring.domain.signs.outcome import Skipped
from services.scoring.domain.signs.shift import Shift, cliff, joined, jump, school_marks, usual
from services.scoring.domain.signs.spike import lacking, spike
from services.scoring.domain.signs.table import Origin
from services.scoring.domain.signs.tables import Wanted, signs_of
from tests.unit.scoring.signs.made import BOUNDARIES, MARKS, Counts, histograms, lift, marks, scores_table, table

COUNTS = st.lists(st.integers(0, 6), min_size=4, max_size=4).filter(lambda one: sum(one) > 1)


def pupils(counts: list[int]) -> list[int]:
    return [mark for mark, count in enumerate(counts) for _ in range(count)]


@given(COUNTS, COUNTS)
def test_delta_is_the_share_of_pairs_that_the_second_wins_less_those_it_loses(one: list[int], two: list[int]):
    delta = cliff(np.array([one]), np.array([two])).delta[0]
    pairs = [(a, b) for a in pupils(one) for b in pupils(two)]
    plain = (sum(b > a for a, b in pairs) - sum(b < a for a, b in pairs)) / len(pairs)
    assert delta == pytest.approx(plain)
    u = mannwhitneyu(pupils(two), pupils(one)).statistic
    assert delta == pytest.approx(2 * u / len(pairs) - 1)


@given(COUNTS, COUNTS)
def test_the_deviation_of_delta_is_that_of_mann_and_whitney_with_ties(one: list[int], two: list[int]):
    shift = cliff(np.array([one]), np.array([two]))
    if len(set(pupils(one) + pupils(two))) == 1:
        return
    plain = mannwhitneyu(pupils(two), pupils(one), method="asymptotic", use_continuity=False, alternative="greater")
    assert norm.sf(shift.delta[0] / shift.deviation[0]) == pytest.approx(plain.pvalue)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_signs_are_those_of_the_step_up_rule_of_benjamini_and_hochberg(ps: list[float]):
    ones = np.ones(len(ps))
    origins = [Origin(f"s{place}", None, f"r{place}", 1) for place in range(len(ps))]
    made = Outcome("jump", "vpr", origins, ones, np.array(ps), ones, ones * 50, ones, ones)
    told = {one["organization"] for one in found(made, fdr=0.1, minimum=10, least_effect=0.2)["signs"]}
    ordered = sorted(ps)
    largest = max((p for rank, p in enumerate(ordered, start=1) if p <= 0.1 * rank / len(ps)), default=-1.0)
    plain = {f"s{place}" for place, p in enumerate(ps) if p <= largest}
    borderline = {f"s{place}" for place, p in enumerate(ps) if abs(p - largest) < 1e-12}
    assert told ^ plain <= borderline


def test_a_smooth_curve_without_a_spike_expects_what_is_there():
    """Of the region as a whole: what lies at the boundaries is what the curve puts there, within chance."""
    made = spike("vpr", scores_table(histograms(default_rng(5), 2_000)), (14, 24, 33))
    observed, expected = made.observed.sum(), made.expected.sum()
    assert abs(observed - expected) < 4 * np.sqrt(expected)


def test_a_spike_is_measured_as_the_works_beyond_the_curve():
    counts = histograms(default_rng(6), 200)
    lift(default_rng(7), counts, 1.0, 1)
    made = spike("vpr", scores_table(counts), (14, 24, 33))
    at = counts[0, [14, 24, 33]].sum()
    assert made.observed[0] == at
    assert made.n[0] == at  # everything below was lifted
    assert 0.55 < made.effect[0] < 0.75  # a smooth curve puts about a third there
    assert made.p[0] < 1e-9


def test_of_boundaries_whose_works_would_be_counted_twice_the_later_is_left_out():
    """Sets that were stored before these were refused."""
    counts = histograms(default_rng(8), 60)
    near = spike("vpr", scores_table(counts), (14, 22, 23, 24, 25))
    assert (near.n == counts[:, [12, 13, 14, 20, 21, 22, 23, 24, 25]].sum(axis=1)).all()
    assert (near.observed == counts[:, [14, 22, 25]].sum(axis=1)).all()
    assert (near.n <= counts.sum(axis=1)).all()


@pytest.mark.parametrize(
    ("scores", "lacking"),
    [(range(1, 39), "p0"), ([n for n in range(39) if n != 20], "p20"), (range(33), "p33"), ((), "p0")],
)
def test_a_histogram_with_a_gap_or_short_of_a_boundary_skips_its_sign_with_a_reason_and_no_other(
    scores: Sequence[int], lacking: str
):
    keys = {"vpr": [*MARKS, *(f"p{score}" for score in scores)]}
    told = {"fdr": "0.05", "boundaries": {"vpr": [14, 24, 33], "unheard": [2]}, "pairs": [], "medallists": None}
    rows = [
        {"procedure": "vpr", "period": str(year), "organization": f"s{n}", "result": f"r{n}-{year}", "revision": 1,
         "values": dict.fromkeys(keys["vpr"], "3")}
        for n in range(10) for year in (2021, 2022)
    ]  # fmt: skip
    tests = signs_of(Wanted(2022, keys, told | {"needs": NEEDS}), rows)["tests"]
    skipped, jumped = tests
    assert {name: skipped[name] for name in ("procedure", "kind", "tested", "too_few", "signs")} == {
        "procedure": "vpr", "kind": "boundary_spike", "tested": 0, "too_few": 0, "signs": 0,
    }  # fmt: skip
    assert f"нет {lacking}:" in skipped["skipped"]
    assert (jumped["kind"], jumped["tested"], jumped["skipped"]) == ("jump", 10, None)


def test_of_scores_only_the_plainly_named_are_looked_at():
    names = [f"p{score}" for score in range(39)]
    assert lacking([*names, "p01", "percent", "m2"], [16]) is None
    assert lacking([], [2]) == "p0"
    counts = histograms(default_rng(6), 20)
    plain = spike("vpr", scores_table(counts), BOUNDARIES)
    odd = spike("vpr", table(np.hstack([counts, counts[:, :1]]), [*names, "p01"]), BOUNDARIES)
    assert odd.p.tolist() == plain.p.tolist()


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0.02, 0.98)), min_size=1, max_size=3), st.data())
def test_the_sum_over_boundaries_is_no_likelier_than_one_binomial_at_the_mean_chance_says(
    near: list[tuple[int, float]], data: st.DataObject
):
    """Beyond the expected number by one or more (Hoeffding 1956): the test of a spike errs towards silence."""
    n = sum(count for count, _ in near)
    expected = sum(count * chance for count, chance in near)
    if n < 1 or expected + 1 > n:
        return
    observed = data.draw(st.integers(int(np.ceil(expected + 1)), n))
    whole = np.ones(1)
    for count, chance in near:
        whole = np.convolve(whole, binom.pmf(np.arange(count + 1), count, chance))
    assert whole[observed:].sum() <= binom.sf(observed - 1, n, expected / n) + 1e-12


def one_sided() -> tuple[Table, Table, Counts, Counts]:
    """Schools 0, 1, 2 before and 2, 0, 5, 1 now, the last of them withdrawn."""
    before, now = marks(default_rng(1), np.zeros(3)), marks(default_rng(2), np.zeros(3))
    first, second = table(before, MARKS), Table(MARKS)
    for number in (2, 0, 5):
        row = now[min(number, 2)]
        second.add(Origin(f"s{number:04}", "m", f"n{number}", 1), dict(zip(MARKS, map(str, row), strict=True)))
    second.add(Origin("s0001", "m", "n1", 1), dict.fromkeys(MARKS))
    first.add(Origin("s0009", "m", "b9", 1), dict.fromkeys(MARKS, "9"))
    return first, second, before, now


def test_a_school_compares_with_its_own_results_of_both_sides_and_has_none_where_one_is_missing():
    first, second, before, now = one_sided()
    origins, left, right = joined(first, second, MARKS)
    assert [(origin.school, origin.result) for origin in origins] == [
        ("s0002", "n2"), ("s0000", "n0"), ("s0005", "n5"), ("s0001", "n1"), ("s0009", "b9"),
    ]  # fmt: skip
    nothing = [[0] * len(MARKS)] * 3
    assert (left.tolist(), right.tolist()) == ([*before[[2, 0]].tolist(), *nothing], [*now[[2, 0]].tolist(), *nothing])


@pytest.mark.parametrize("test", [school_marks, jump])
@pytest.mark.parametrize("more", [0, 10])
def test_schools_with_one_side_only_have_not_enough_data(test: Callable[..., Outcome | Skipped], more: int):
    """Whether the others can be compared or are too few themselves."""
    first, second, _, now = one_sided()
    for number in range(20, 20 + more):
        for side in (first, second):
            side.add(Origin(f"s{number}", "m", f"r{number}", 1), dict(zip(MARKS, map(str, now[0]), strict=True)))
    made = test("vpr", first, second, minimum=15)
    told = (
        made.summary() if isinstance(made, Skipped) else found(made, fdr=0.05, minimum=15, least_effect=0.2)["summary"]
    )
    assert (told["tested"], told["too_few"]) == (more and more + 2, 3)


@given(st.lists(COUNTS.filter(lambda one: sum(one) < 20), max_size=30))
def test_schools_below_the_minimum_change_nothing_for_the_others(few: list[list[int]]):
    """Neither the middle nor the spread."""
    schools, rng = 40, default_rng(40)
    first, second = marks(rng, np.zeros(schools)), marks(rng, np.full(schools, 0.6))
    more = np.array(few, dtype=int).reshape(-1, len(MARKS))
    plain = jump("vpr", table(first, MARKS), table(second, MARKS), minimum=20)
    mixed = jump(
        "vpr", table(np.concatenate([first, more]), MARKS), table(np.concatenate([second, more]), MARKS), minimum=20
    )
    for name in ("statistic", "p", "effect", "expected"):
        assert getattr(mixed, name)[:schools].tolist() == getattr(plain, name).tolist()


@pytest.mark.parametrize(("kind", "test"), [("school_marks", school_marks), ("jump", jump)])
def test_few_schools_are_held_against_nothing_however_many_report_too_little(
    kind: str, test: Callable[..., Outcome | Skipped]
):
    """All are equally kinder: of nine nobody is a sign, whoever else reports next to nothing; ten can be compared."""

    def made(schools: int) -> Outcome | Skipped:
        first, second = marks(default_rng(1), np.zeros(schools)), marks(default_rng(2), np.full(schools, 0.9))
        little = np.full((20, len(MARKS)), 1)
        tables = (table(np.concatenate([one, little]), MARKS) for one in (first, second))
        return test("vpr", *tables, minimum=15)

    few = made(9)
    assert isinstance(few, Skipped)
    assert few.summary() == {
        "procedure": "vpr", "kind": kind, "tested": 0, "too_few": 20, "signs": 0,
        "skipped": "Сравнить не с чем: школ, у которых данных достаточно, меньше 10.",
    }  # fmt: skip
    enough = made(10)
    assert isinstance(enough, Outcome)
    told = found(enough, fdr=0.05, minimum=15, least_effect=0.2)["summary"]
    assert (told["tested"], told["too_few"], told["signs"]) == (10, 20, 0)


def test_the_usual_is_the_middle_and_the_spread_beyond_chance():
    delta = np.array([0.5, 0.51, 0.49])
    middle, between = usual(Shift(np.tile(delta, 5), np.full(15, 0.1)))
    assert (middle, between) == (0.5, 0.0)
    wide = usual(Shift(np.linspace(-0.9, 0.9, 99), np.full(99, 0.1)))
    assert wide[1] == pytest.approx((1.4826 * 0.45) ** 2 - 0.01, rel=0.05)


def test_a_later_revision_takes_the_place_of_an_earlier_one_in_any_order():
    rows = [("r1", 1, "3"), ("r1", 3, None), ("r1", 2, "5")]
    for order in (rows, rows[::-1]):
        made = Table(("m2",))
        for result, revision, count in order:
            made.add(Origin("s1", "m1", result, revision), {"m2": count})
        assert (made.origins, made.columns("m2").tolist()) == ([Origin("s1", "m1", "r1", 3)], [[-1]])


NEEDS = {kind: {"minimum": 1, "effect": "0.01"} for kind in ("boundary_spike", "school_marks", "jump", "medallists")}


def test_a_year_looks_at_its_own_facts_and_those_of_the_year_before():
    keys = {"vpr": [*MARKS], "own": [*MARKS], "riko": ["participants", "below_minimum"]}
    wanted = Wanted(
        2022, keys, {"fdr": "0.05", "boundaries": {}, "pairs": [["vpr", "own"]], "medallists": None, "needs": NEEDS}
    )

    def row(procedure: str, period: str, values: dict[str, str | None], school: str = "s1") -> dict[str, object]:
        return {"procedure": procedure, "period": period, "organization": school,
                "result": f"{procedure}{period}{school}", "revision": 1, "values": values}  # fmt: skip

    bad, good = dict.fromkeys(MARKS, "1") | {"m2": "60"}, dict.fromkeys(MARKS, "1") | {"m5": "60"}
    plain = {"vpr": good, "own": good, "riko": {"participants": "50", "below_minimum": "2"}}
    others = [
        row(procedure, str(year), plain[procedure], f"other{n}")
        for procedure in plain for year in (2021, 2022) for n in range(9) if (procedure, year) != ("own", 2021)
    ]  # fmt: skip
    rows = [
        *others,
        row("vpr", "2020-2021", good),
        row("vpr", "2021-2022", bad),
        row("vpr", "2019", good),
        row("own", "2022", good),
        row("riko", "2021", {"participants": "50", "below_minimum": "2"}),
        row("riko", "2022", {"participants": "50", "below_minimum": "82.5"}),
        row("unknown", "2022", good),
    ]
    told = signs_of(wanted, rows)
    assert [(one["procedure"], one["kind"], one["signs"]) for one in told["tests"]] == [
        ("vpr", "school_marks", 1), ("riko", "jump", 1), ("vpr", "jump", 1),
    ]  # fmt: skip
    effects = {(one["procedure"], one["kind"]): one["effect"] for one in told["signs"]}
    assert effects["vpr", "school_marks"][0] != "-"
    assert effects["vpr", "jump"].startswith("-")
