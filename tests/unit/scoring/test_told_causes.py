"""What a told change names as its causes: results, whether they were withdrawn, and the rules of a recount."""

from collections.abc import Mapping

from services.scoring.domain import Card, CardKey, Occasion, Rescored, Standings, read_methodology, rebuild, recount
from services.scoring.domain.methodology import Methodology, Statement
from services.scoring.events import RuleCause
from shared.kernel import Cause
from tests.unit.scoring.made import METHODOLOGY, START, World, document, fact

FACTS = [fact("r1", values={"i1": "2", "i2": "20"}, at=1), fact("r2", procedure="second", values={"i1": "7.5"}, at=2)]
STATED = METHODOLOGY.stating({("first", "m1"): Statement("act-1", "капитальный ремонт", "5 от 01.02.2022")})
OTHER = read_methodology(document(id="other", overall={"maximum": 10}))
ACT = RuleCause(kind="act", id="act-1", procedure="first", act="5 от 01.02.2022")


def recounted(methodology: Methodology, stored: Mapping[CardKey, Card]) -> Rescored:
    return rebuild(
        stored,
        recount(FACTS, methodology_of=lambda _: methodology),
        methodology_of=lambda _: methodology,
        standings=Standings(),
        occasion=Occasion(Cause("c"), START),
    )


def rules(found: Rescored) -> tuple[RuleCause, ...]:
    (told,) = found.told
    assert (told.event.causes, told.event.causes_count) == ((), 0)
    return told.event.rules


def test_a_result_is_named_with_whether_it_was_withdrawn() -> None:
    world = World()
    (first,) = world.take(fact("r1", values={"i1": "2", "i2": "20"}, at=1)).told
    (then,) = world.take(fact("r1", 2, values=None, at=2)).told
    assert [[(one.revision, one.withdrawn) for one in each.event.causes] for each in (first, then)] == [
        [(1, False)],
        [(2, True)],
    ]
    assert then.event.rules == ()


def test_a_recount_names_the_act_that_was_stated_or_withdrawn() -> None:
    plain = recount(FACTS, methodology_of=lambda _: METHODOLOGY)
    stated = recounted(STATED, plain)
    assert rules(stated) == (ACT,)
    withdrawn = recounted(METHODOLOGY, {card.key: card for card in stated.cards})
    assert rules(withdrawn) == (ACT.model_copy(update={"withdrawn": True}),)


def test_a_recount_names_the_edition_that_was_put_in_force() -> None:
    plain = recount(FACTS, methodology_of=lambda _: METHODOLOGY)
    edition = RuleCause(kind="edition", id="other")
    assert rules(recounted(OTHER, plain)) == (edition,)
    assert rules(recounted(OTHER.stating(STATED.stated), plain)) == (edition, ACT)
    assert rules(recounted(OTHER, {})) == (edition,), "nothing was scored before this edition was there"
