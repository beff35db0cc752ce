"""Applicability acts: of which period they speak, and at which instants."""

from datetime import timedelta

from services.scoring.domain.applicability import stated_in
from tests.unit.scoring.publication.made import NOON, act


def test_an_act_says_something_of_its_own_period_only():
    assert [list(stated_in([act(NOON)], period)) for period in ("2021", "2022")] == [[], [("first", "m1")]]


def test_an_act_holds_from_its_very_instant_until_that_of_its_withdrawal():
    end = NOON + timedelta(hours=1)
    moment = timedelta(microseconds=1)
    assert [act(NOON, end).held_at(one) for one in (NOON - moment, NOON, end - moment, end)] == [
        False,
        True,
        True,
        False,
    ]
