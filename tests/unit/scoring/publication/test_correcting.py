"""What corrects an accepted objection: a later revision, or an act that says otherwise since the draft."""

from datetime import timedelta

import pytest

from services.scoring.domain.applicability import Applicability
from services.scoring.domain.publication import check_applied, check_correction
from shared.kernel import Refused
from tests.unit.scoring.made import METHODOLOGY, fact
from tests.unit.scoring.publication.made import NOON, act, objection

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("one", [act(NOON + HOUR), act(NOON - HOUR, NOON + HOUR)])
def test_an_act_recorded_or_withdrawn_since_the_draft_corrects(one: Applicability):
    check_applied(objection(), one, drafted_at=NOON, methodology=METHODOLOGY)


@pytest.mark.parametrize(
    "one", [act(NOON - HOUR), act(NOON - 2 * HOUR, NOON - HOUR), act(NOON + HOUR, NOON + 2 * HOUR)]
)
def test_an_act_that_says_the_same_as_at_the_draft_corrects_nothing(one: Applicability):
    with pytest.raises(Refused) as refused:
        check_applied(objection(), one, drafted_at=NOON, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "older-than-draft"


def test_a_result_or_an_act_of_another_period_settles_nothing():
    revised = fact("r1", 2, period="2021", values={"i1": "1"}, at=60 * 24 * 60)
    assert revised.recorded_at > NOON
    with pytest.raises(Refused) as refused:
        check_correction(objection(), revised, drafted_at=NOON, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "foreign-result"
    with pytest.raises(Refused) as refused:
        check_applied(objection(), act(NOON + HOUR, period="2021"), drafted_at=NOON, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "foreign-act"


def test_a_revision_of_the_very_instant_of_the_draft_is_in_it_and_corrects_nothing():
    revised = fact("r1", 2, values={"i1": "1"}, at=60 * 24 * 60)
    check_correction(
        objection(), revised, drafted_at=revised.recorded_at - timedelta.resolution, methodology=METHODOLOGY
    )
    with pytest.raises(Refused) as refused:
        check_correction(objection(), revised, drafted_at=revised.recorded_at, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "older-than-draft"
