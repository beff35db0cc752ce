"""Relative rules: shares of the best, moved scales told once, and any history equal to a plain recount."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import differences, read_methodology, recount, scale_differences
from services.scoring.domain.league import League
from services.scoring.domain.placing import hold
from services.scoring.domain.rules import Relative
from services.scoring.events import ScoreChanged, Standing
from tests.unit.scoring.compared import Compared, compared, lived, points_of, stricter
from tests.unit.scoring.made import document, fact

TWO = Fraction(2)
MUNICIPALITIES = ("m1", "m2", "m3", "m4")
TEXTS = ("0", "0.3333", "1", "2", "2.0", "7.5", "20", "-1")
GROUPS = ("alpha", "beta", "overall")


@pytest.mark.parametrize(
    ("better", "value", "best", "points"),
    [
        ("higher", "20", "20", "2"),
        ("higher", "5", "20", "1/2"),
        ("higher", "0", "20", "0"),
        ("higher", "0", "0", "0"),
        ("higher", "30", "20", "2"),
        ("lower", "5", "5", "2"),
        ("lower", "20", "5", "1/2"),
        ("lower", "0", "0", "2"),
        ("lower", "5", "0", "0"),
        ("lower", "3", "5", "2"),
    ],
)
def test_points_are_the_share_of_the_best(better: Any, value: str, best: str, points: str) -> None:
    assert Relative(TWO, better).points(Fraction(value), Fraction(best)) == Fraction(points)


def test_an_indicator_without_a_value_is_missing_before_anything_is_compared() -> None:
    told = document()
    told["groups"][0]["procedures"][0]["indicators"][0]["rule"] = {"kind": "relative", "better": "higher"}
    procedure = read_methodology(told).procedures["first"]
    assert hold(fact(values={"i1": None, "i2": "10"}), procedure).missing == ("i1",)


def world(*facts: Any) -> Compared:
    made = Compared()
    made.load(compared())
    made.take(*facts)
    return made


def of(municipality: str, value: str | None, revision: int = 1, *, first: str | None = "0", **more: Any) -> Any:
    return fact(f"r-{municipality}", revision, municipality=municipality, values={"i1": first, "i2": value}, **more)


def test_a_cohort_of_one_is_its_own_best_and_ties_share_it() -> None:
    made = world(of("m1", "5"))
    assert points_of(made, "m1", "first") == 2
    made.take(of("m2", "5"), of("m3", "2.5"))
    assert [points_of(made, one, "first") for one in ("m1", "m2", "m3")] == [2, 2, 1]
    assert made.moves == []


def test_a_new_best_is_told_once_and_only_its_own_municipality_by_itself() -> None:
    made = world(of("m1", "5"), of("m2", "4", first="1"), of("m3", "2"))
    told = len(made.told)
    done = made.take(of("m3", "10", 2))
    assert [one.event.municipality for one in done.told] == ["m3"]
    assert (done.told[0].event.scale, len(made.told)) == (1, told + 1)
    [turn] = done.scales
    assert turn.told is not None
    [moved] = turn.told.moved
    assert (moved.procedure, moved.indicator, moved.better) == ("first", "i2", "higher")
    assert moved.before
    assert moved.after
    assert (moved.before.value, moved.before.municipalities) == ("5", ("m1",))
    assert (moved.after.value, moved.after.municipalities) == ("10", ("m3",))
    assert (turn.told.number, turn.told.scores_changed, turn.told.url) == (1, 2, "/v1/scales/2022/1")
    rows = {one["municipality"]: {change["group"]: change for change in one["changes"]} for one in turn.differences}
    assert set(rows) == {"m1", "m2"}
    assert (rows["m1"]["alpha"]["before"]["points"], rows["m1"]["alpha"]["after"]["points"]) == ("2", "1")
    assert (made.cards["m1", "2022"].revision, made.cards["m1", "2022"].scale) == (1, 1)


def test_a_best_that_leaves_lifts_the_others() -> None:
    made = world(of("m1", "10"), of("m2", "5"))
    made.take(fact("r-m1", 2, municipality="m1"))
    assert points_of(made, "m2", "first") == 2
    made.take(of("m1", "10", 3))
    made.take(fact("r-m1", 4, municipality="m1", exempt=True))
    assert points_of(made, "m2", "first") == 2
    assert [turn.told.number for turn in made.moves if turn.told] == [1, 2, 3]


def test_an_act_that_takes_the_best_out_of_the_cohort_is_told_once() -> None:
    made = world(of("m1", "10"), of("m2", "5"), of("m3", "1"))
    done = made.state("first", "m1", "2022")
    assert [one.event.municipality for one in done.told] == ["m1"]
    assert [turn.told.scores_changed for turn in done.scales if turn.told] == [2]
    assert made.cards["m1", "2022"].procedures["first"].act == "приказ № 7"
    assert (made.recount().told, made.recount().scales) == ((), ())
    made.take(of("m1", "20", 2))
    assert made.cards["m1", "2022"].procedures["first"].state == "not_applicable"
    assert points_of(made, "m2", "first") == 2


def test_a_result_that_moves_no_best_tells_no_move() -> None:
    made = world(of("m1", "10"), of("m2", "5"))
    done = made.take(of("m2", "6", 2))
    assert ([one.event.municipality for one in done.told], made.moves) == (["m2"], [])
    [turn] = done.scales
    assert (turn.after.version, turn.told) == (turn.before.version + 1, None)


def test_a_quiet_best_moves_the_scale_quietly() -> None:
    made = world(of("m1", "5"), of("m2", "4"))
    done = made.take(of("m2", "10", 2, quiet=True))
    assert [turn.told.quiet for turn in done.scales if turn.told] == [True]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Any]]:
    """Events, and a history of them in batches with editions and acts between; some come again, any order."""
    events: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        procedure = draw(st.sampled_from(["first", "first", "second", "third"]))
        keys = ["i1"] if procedure == "second" else ["i1", "i2"]
        municipality = draw(st.sampled_from(MUNICIPALITIES))
        period = draw(st.sampled_from(["2022", "2022", "2021"]))
        for revision in range(1, draw(st.integers(1, 3)) + 1):
            kind = draw(st.sampled_from(["values", "values", "values", "exempt", "withdrawn"]))
            values = {key: draw(st.none() | st.sampled_from(TEXTS)) for key in keys}
            events.append(
                {
                    "result": f"r{number}",
                    "revision": revision,
                    "procedure": procedure,
                    "municipality": municipality,
                    "period": period,
                    "values": values if kind == "values" else None,
                    "exempt": kind == "exempt",
                    "at": 10 * number + revision,
                }
            )
    heard = draw(st.permutations(events + draw(st.lists(st.sampled_from(events), max_size=4))))
    size = draw(st.integers(1, 6))
    steps: list[Any] = [heard[index : index + size] for index in range(0, len(heard), size)]
    acts = st.tuples(st.sampled_from(["first", "second"]), st.sampled_from(MUNICIPALITIES), st.just("2022"))
    rules: list[Any] = [compared(), *draw(st.sampled_from([[], [stricter()]])), *draw(st.lists(acts, max_size=4))]
    for rule in rules:
        steps.insert(draw(st.integers(0, len(steps))), rule)
    return events, steps


@settings(max_examples=60, deadline=None)
@given(histories())
def test_any_history_is_equal_to_a_recount_and_to_the_plain_reference(history: tuple[Any, list[Any]]) -> None:
    events, steps = history
    made = lived(steps)
    recounted = recount(made.facts.values(), methodology_of=made.of_period)
    assert differences(made.cards.values(), recounted, methodology_of=made.of_period) == []
    assert scale_differences(recounted, made.scales, methodology_of=made.of_period) == []
    for period in ("2021", "2022"):
        wanted = made.expected(events, period)
        for group in GROUPS:
            assert shown(made, period, group) == wanted.get(group, {})
    again = made.recount()
    assert (again.cards, again.told, again.scales) == ((), (), ())


def shown(made: Compared, period: str, group: str) -> dict[str, dict[str, Any]]:
    ranks = made.standings.table(League("", period), group).ranks()
    return {
        card.municipality: {
            "points": score.points,
            "maximum": score.maximum,
            "percent": score.percent,
            "level": score.level,
            "rank": ranks[card.municipality],
        }
        for card in made.cards.values()
        if card.period == period and (score := card.scores[group]).state == "scored"
    }


def exact(one: Standing | dict[str, Any]) -> tuple[Any, ...]:
    told = one if isinstance(one, dict) else one.model_dump()
    return tuple(told[name] for name in ("state", "points", "maximum", "share", "percent", "level"))


@settings(max_examples=60, deadline=None)
@given(histories())
def test_between_two_told_changes_lie_only_the_moves_of_the_scale(history: tuple[Any, list[Any]]) -> None:
    """The chain: the `after` of a change, then the differences of later moves, is the `before` of the next one."""
    made = lived(history[1])
    last: dict[tuple[str, str], dict[str, Any]] = {}
    number: dict[tuple[str, str], int] = {}
    for event in made.told:
        key = (event.municipality, event.period)
        follow(made, key, last.setdefault(key, {}), (number.get(key, 0), event.scale or 0))
        begin(event, last[key])
        number[key] = event.scale or 0
    for key, standings in last.items():
        follow(made, key, standings, (number[key], 10**6))
        card = made.cards[key]
        for group, ended in standings.items():
            assert (ended[0], ended[4]) == (card.scores[group].state, card.scores[group].percent)


def begin(event: ScoreChanged, standings: dict[str, Any]) -> None:
    for change in event.changes:
        if change.group in standings:
            assert exact(change.before) == standings[change.group]
        else:
            assert change.before.state in {"no_data", "not_applicable"}
        assert exact(change.before) != exact(change.after)
        standings[change.group] = exact(change.after)


def follow(made: Compared, key: tuple[str, str], standings: dict[str, Any], between: tuple[int, int]) -> None:
    """Apply the differences of the moves after the one number up to the other."""
    for turn in made.moves:
        if turn.told is None or turn.told.period != key[1] or not between[0] < turn.told.number <= between[1]:
            continue
        for row in turn.differences:
            if row["municipality"] == key[0]:
                for change in row["changes"]:
                    assert exact(change["before"]) == standings[change["group"]]
                    standings[change["group"]] = exact(change["after"])


@settings(max_examples=60, deadline=None)
@given(histories())
def test_hearing_everything_again_changes_and_tells_nothing(history: tuple[Any, list[Any]]) -> None:
    events, steps = history
    made = lived(steps)
    again = made.take(*(fact(**event) for event in events))
    assert (again.cards, again.told, again.scales) == ((), (), ())
