"""Rescoring: what one batch changes, what it tells, what it keeps without scoring."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from services.scoring.domain import (
    OutdatedCard,
    Standings,
    read_methodology,
    recount,
    rescore,
)
from services.scoring.events import Standing
from shared.kernel import Refused
from tests.unit.scoring.made import HERE, METHODOLOGY, START, World, document, fact, of_period


def test_nothing_given_is_changed() -> None:
    world = World()
    world.take(fact(values={"i1": "1", "i2": None}))
    cards, ranks = dict(world.cards), world.standings.table(HERE, "alpha").ranks()
    news = [fact("r2", municipality="m2", values={"i1": "2", "i2": "40"})]
    for _ in range(2):
        rescored = rescore(world.cards, news, methodology_of=of_period, standings=world.standings, now=START)
        change = rescored.told[0].event.changes[0]
        assert (change.before.rank, change.after.rank) == (None, 1)
    assert world.cards == cards
    assert world.standings.table(HERE, "alpha").ranks() == ranks


def test_a_change_carries_points_shares_levels_and_ranks_before_and_after() -> None:
    world = World()
    world.take(fact("r2", municipality="m2", values={"i1": "2", "i2": "25"}))
    world.take(fact("r1", values={"i1": "1", "i2": "10"}))
    [told] = world.take(fact("r1", 2, values={"i1": "2", "i2": "40"}, at=1)).told
    alpha, overall = told.event.changes
    assert [change.group for change in told.event.changes] == ["alpha", "overall"]
    assert alpha.before == Standing(
        state="scored", points="1", maximum="6", share="1/6", percent=17, level="low", rank=2
    )
    assert alpha.after == Standing(
        state="scored", points="4", maximum="6", share="2/3", percent=67, level="above_average", rank=1
    )
    assert overall.after.maximum == "9"
    assert (told.event.revision, told.event.methodology, told.event.causes_count) == (2, "small", 1)
    assert told.event.methodology_title == "Малая методика"
    assert told.event.data_at == START + timedelta(minutes=world.minutes)
    assert told.cause.correlation == "c-r1-2"


def test_ranks_of_a_batch_count_all_its_moves_at_once() -> None:
    world = World()
    for number, points in enumerate(["2", "1", "0.5"]):
        world.take(fact(f"r{number}", municipality=f"m{number}", values={"i1": points, "i2": None}))
    told = world.take(
        fact("r0", 2, municipality="m0", values={"i1": "0", "i2": None}, at=1),
        fact("r2", 2, municipality="m2", values={"i1": "2", "i2": None}, at=1),
    ).told
    ranks = {one.event.municipality: one.event.changes[0] for one in told}
    assert (ranks["m0"].before.rank, ranks["m0"].after.rank) == (1, 3)
    assert (ranks["m2"].before.rank, ranks["m2"].after.rank) == (3, 1)


def test_one_batch_merges_the_changes_of_a_municipality_and_names_a_hundred_causes() -> None:
    facts = [fact(f"r{n}", n, values={"i1": str(n % 2), "i2": None}, at=n) for n in range(1, 251)]
    [told] = World().take(*facts).told
    assert len(told.event.causes) == 100
    assert told.event.causes_count == 250
    assert told.cause.correlation == "c-r250-250"


def test_a_revision_that_moves_no_score_is_no_cause() -> None:
    world = World()
    world.take(fact(values={"i1": "1", "i2": None}))
    still = fact(revision=2, values={"i1": "1.0", "i2": None}, at=1, quiet=False)
    [told] = world.take(still, fact("r3", procedure="third", values={"i1": "1", "i2": "1"}, quiet=True)).told
    assert [cause.result for cause in told.event.causes] == ["r3"]
    assert told.event.quiet


def test_a_batch_that_changes_no_score_tells_nothing_and_keeps_the_facts() -> None:
    world = World()
    world.take(fact(values={"i1": "1", "i2": None}))
    there = fact(revision=2, values={"i1": "2", "i2": None}, at=1)
    back = fact(revision=3, values={"i1": "1", "i2": None}, at=2)
    rescored = world.take(there, back)
    assert rescored.told == ()
    assert rescored.fresh == (there, back)
    assert world.cards["m1", "2022"].revision == 1
    assert world.cards["m1", "2022"].procedures["first"].held is not None


def test_a_change_is_quiet_only_when_all_its_facts_are() -> None:
    first = fact(values={"i1": "1", "i2": None}, quiet=True)
    second = fact("r2", procedure="second", values={"i1": "1"})
    assert World().take(first).told[0].event.quiet
    assert not World().take(first, second).told[0].event.quiet


def test_an_older_revision_arriving_late_changes_nothing() -> None:
    world = World()
    world.take(fact(revision=2, values={"i1": "2", "i2": "40"}, at=2))
    late = fact(revision=1, values={"i1": "0", "i2": None}, at=1)
    assert world.take(late).old == (late,)


def test_a_withdrawal_leaves_no_data_and_an_older_revision_stays_old() -> None:
    world = World()
    world.take(fact(values={"i1": "2", "i2": None}))
    [told] = world.take(fact(revision=2, at=1)).told
    assert [change.after.state for change in told.event.changes] == ["no_data", "no_data"]
    assert told.event.changes[0].after.rank is None
    assert world.take(fact(revision=2, values={"i1": "2", "i2": None})).fresh == ()
    assert world.standings.table(HERE, "alpha").ranks() == {}


def test_the_result_recorded_last_counts_until_it_is_withdrawn() -> None:
    world = World()
    world.take(fact("new", values={"i1": "2", "i2": None}, at=5), fact("old", values={"i1": "1", "i2": None}, at=1))
    assert world.cards["m1", "2022"].procedures["first"].points == 2
    world.take(fact("new", 2, at=6))
    assert world.cards["m1", "2022"].procedures["first"].points == 1


def test_a_result_in_force_outweighs_the_default_that_the_procedure_does_not_apply() -> None:
    world = World()
    world.take(fact(municipality="m3", values={"i1": "2", "i2": "40"}))
    card = world.cards["m3", "2022"]
    assert card.procedures["third"].state == "not_applicable"
    assert card.procedures["third"].reason == "не участвовал"
    assert card.scores["beta"].state == "not_applicable"
    assert card.scores["overall"].maximum == 5
    world.take(fact("r9", procedure="third", municipality="m3", values={"i1": "1", "i2": None}))
    assert world.cards["m3", "2022"].scores["overall"].maximum == 9
    world.take(fact("r9", 2, procedure="third", municipality="m3", at=1))
    assert world.cards["m3", "2022"].scores["overall"].maximum == 5


def test_a_result_that_says_not_applicable_takes_the_maximum_out() -> None:
    world = World()
    world.take(fact(values={"i1": "2", "i2": "40"}))
    [told] = world.take(fact("r2", procedure="second", exempt=True)).told
    alpha = told.event.changes[0]
    assert (alpha.before.maximum, alpha.after.maximum, alpha.after.percent) == ("6", "4", 100)
    assert world.cards["m1", "2022"].procedures["second"].act == "приказ № 2"


def test_only_nulls_are_no_data_and_not_zero() -> None:
    world = World()
    world.take(fact(values={"i1": None, "i2": None}))
    card = world.cards["m1", "2022"]
    assert card.procedures["first"].state == "no_data"
    assert card.scores["overall"].state == "no_data"
    world.take(fact(revision=2, values={"i1": "0", "i2": None}, at=1))
    card = world.cards["m1", "2022"]
    assert (card.scores["alpha"].state, card.scores["alpha"].points) == ("scored", 0)
    assert card.scores["overall"].percent == 0
    assert card.procedures["first"].held is not None
    assert card.procedures["first"].held.missing == ("i2",)


@pytest.mark.parametrize(
    "unscored",
    [
        fact(organization="school-1", values={"i1": "1", "i2": None}),
        fact(municipality=None, organization="school-1", values={"i1": "1", "i2": None}),
        fact(procedure="unknown", values={"x": "1"}),
        fact(period="2024", values={"i1": "1", "i2": None}),
    ],
)
def test_what_cannot_be_scored_is_kept_as_a_fact(unscored: Any) -> None:
    world = World()
    rescored = world.take(unscored, unscored)
    assert (rescored.fresh, rescored.old) == ((unscored,), (unscored,))
    assert rescored.cards == ()
    world.take(fact("r2", values={"i1": "1", "i2": None}), unscored)
    assert recount([unscored], methodology_of=of_period) == {}


def test_an_unknown_procedure_of_a_known_municipality_is_kept_as_a_fact() -> None:
    world = World()
    odd = fact("r2", procedure="unknown", values={"x": "1"})
    assert world.take(fact(values={"i1": "1", "i2": None}), odd).fresh[1] is odd


def test_a_card_of_another_edition_must_be_rebuilt_first() -> None:
    world = World()
    world.take(fact(values={"i1": "1", "i2": None}))
    other = read_methodology(document(id="other"))
    with pytest.raises(OutdatedCard):
        rescore(
            world.cards,
            [fact(revision=2, values={"i1": "2", "i2": None})],
            methodology_of=lambda _: other,
            standings=Standings(),
            now=START,
        )


def test_a_fact_that_says_both_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        fact(values={"i1": "1"}, exempt=True)
    assert refused.value.code == "fact-contradictory"


@pytest.mark.parametrize("text", ["NaN", "1e9", "", "1/3", "inf", "1_0", "٣", "1" * 21])
def test_a_value_that_is_no_decimal_number_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        fact(values={"i1": text})
    assert refused.value.code == "value-not-a-number"


def test_a_share_above_one_is_ranked_as_it_is_and_shown_as_100_percent() -> None:
    world = World()
    full: Mapping[str, str] = {"i1": "2", "i2": "40"}
    for name in ("m1", "m2"):
        world.take(
            fact(f"{name}-1", municipality=name, values=full),
            fact(f"{name}-2", municipality=name, procedure="second", values={"i1": "0"}),
            fact(f"{name}-3", municipality=name, procedure="third", values={"i1": "2", "i2": name[1]}),
        )
    first, second = (world.cards[name, "2022"].scores["overall"] for name in ("m2", "m1"))
    assert (first.share, first.percent, first.level) == (Fraction(10, 9), 100, "high")
    assert (second.share, second.percent) == (1, 100)
    assert world.standings.table(HERE, "overall").ranks() == {"m2": 1, "m1": 2}
    assert METHODOLOGY.summed == 10
