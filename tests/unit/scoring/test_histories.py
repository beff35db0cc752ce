"""Random histories of results against an independent reference, in any batches and any order."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import Fact, differences, recount
from services.scoring.domain.league import League
from services.scoring.events import Standing
from tests.unit.scoring import reference
from tests.unit.scoring.made import DOCUMENT, World, document, fact, of_period

NOTHING = {"no_data", "not_applicable"}


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Revisions of some results: corrections, withdrawals, exemptions, repeats, in any order."""
    events: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        procedure = draw(st.sampled_from(["first", "second", "third"]))
        keys = ["i1"] if procedure == "second" else ["i1", "i2"]
        municipality = draw(st.sampled_from(["m1", "m2", "m3"]))
        period = draw(st.sampled_from(["2022", "2022", "2021"]))
        for revision in range(1, draw(st.integers(1, 3)) + 1):
            kind = draw(st.sampled_from(["values", "values", "values", "exempt", "withdrawn"]))
            texts = st.sampled_from(["0", "0.3333", "1", "2", "7.5", "20", "40", "1000", "-1"])
            values = {key: draw(st.none() | texts) for key in keys}
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
    repeated = events + draw(st.lists(st.sampled_from(events), max_size=4))
    return draw(st.permutations(repeated))


def batches(events: list[dict[str, Any]], size: int) -> list[list[Any]]:
    facts = [fact(**event) for event in events]
    return [facts[index : index + size] for index in range(0, len(facts), size)]


def exact(told: Standing) -> tuple[object, ...]:
    return told.state, told.points, told.maximum, told.share, told.percent, told.level


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(1, 7))
def test_any_history_in_any_batches_gives_what_plain_fractions_give(events: list[dict[str, Any]], size: int) -> None:
    world = World()
    for batch in batches(events, size):
        world.take(*batch)
    for period in ("2021", "2022"):
        wanted = reference.table(DOCUMENT if period == "2022" else document(applicability=[]), events, period)
        for group in ("alpha", "beta", "overall"):
            table = world.standings.table(League("", period), group)
            found = {
                card.municipality: {
                    "points": score.points,
                    "maximum": score.maximum,
                    "percent": score.percent,
                    "level": score.level,
                    "rank": table.ranks()[card.municipality],
                }
                for card in world.cards.values()
                if card.period == period and (score := card.scores[group]).state == "scored"
            }
            assert found == wanted.get(group, {})
            assert len(table) == len(found)


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(1, 7))
def test_each_told_change_begins_where_the_last_one_ended(events: list[dict[str, Any]], size: int) -> None:
    world = World()
    last: dict[tuple[str, str, str], tuple[object, ...]] = {}
    revisions: dict[tuple[str, str], int] = {}
    for batch in batches(events, size):
        told = world.take(*batch).told
        assert len({one.event.municipality + one.event.period for one in told}) == len(told)
        for one in told:
            key = (one.event.municipality, one.event.period)
            assert one.event.revision == revisions.get(key, 0) + 1 == world.cards[key].revision
            revisions[key] = one.event.revision
            for change in one.event.changes:
                before, after = exact(change.before), exact(change.after)
                begun = last.get((*key, change.group))
                assert before == begun if begun else change.before.state in NOTHING
                assert before != after
                last[*key, change.group] = after
    for (municipality, period, group), told_last in last.items():
        score = world.cards[municipality, period].scores[group]
        assert told_last[0] == score.state
        assert told_last[4] == score.percent


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(1, 7))
def test_the_incremental_way_equals_the_recount(events: list[dict[str, Any]], size: int) -> None:
    world = World()
    kept: list[Fact] = []
    for batch in batches(events, size):
        rescored = world.take(*batch)
        assert len(rescored.fresh) + len(rescored.old) == len(batch)
        kept += rescored.fresh
    assert differences(world.cards.values(), recount(kept, methodology_of=of_period)) == []


@settings(max_examples=20, deadline=None)
@given(histories())
def test_hearing_everything_twice_tells_once(events: list[dict[str, Any]]) -> None:
    world = World()
    facts = [fact(**event) for event in events]
    world.take(*facts)
    again = world.take(*facts)
    assert (again.cards, again.fresh, again.told, again.moves) == ((), (), (), ())
    assert again.old == tuple(facts)
