"""Whose score a freeze would change unannounced: only an accepted objection about that very score announces it."""

from dataclasses import replace

import pytest

from services.scoring.domain.publication import ACCEPTED, DECLINED, OPEN, About
from services.scoring.domain.publication.differing import unannounced
from tests.unit.scoring.made import METHODOLOGY, fact
from tests.unit.scoring.publication.made import objection, tables

OTHER = fact("r0", municipality="m0", values={"i1": "2", "i2": "40"})
BEFORE = fact("r1", municipality="m1", values={"i1": "1", "i2": "10"})
AFTER = fact("r1", 2, municipality="m1", values={"i1": "2", "i2": "10"})


def unannounced_with(state: str, about: About) -> dict[str, list[str]]:
    """What is unannounced where the score of `first` changed and there is an objection about `about`."""
    one = replace(objection(about=about), state=state)
    found = unannounced(tables([OTHER, BEFORE]), tables([OTHER, AFTER]), [one], METHODOLOGY)
    return {one.municipality: list(one.procedures) for one in found}


@pytest.mark.parametrize("state", [OPEN, DECLINED, "closed"])
def test_an_objection_that_was_not_accepted_announces_nothing(state: str):
    assert unannounced_with(state, About(procedure="first")) == {"m1": ["first"]}


@pytest.mark.parametrize("other", [About(procedure="second"), About(group="beta")])
def test_an_accepted_objection_about_something_else_announces_nothing(other: About):
    assert unannounced_with(ACCEPTED, other) == {"m1": ["first"]}


@pytest.mark.parametrize("same", [About(procedure="first"), About(group="alpha"), About(group="overall")])
def test_an_accepted_objection_about_the_score_announces_its_change(same: About):
    assert unannounced_with(ACCEPTED, same) == {}


def test_who_did_not_exist_on_one_of_the_two_sides_is_named():
    without, with_it = tables([BEFORE], unborn={"m0": "ещё не образован"}), tables([BEFORE, OTHER])
    for draft, fresh in ((without, with_it), (with_it, without)):
        assert [one.municipality for one in unannounced(draft, fresh, (), METHODOLOGY)] == ["m0"]
