"""What corrects an accepted objection: a later revision, or an act that says otherwise since the draft."""

from datetime import timedelta

import pytest

from services.scoring.domain.applicability import Applicability
from services.scoring.domain.publication import About, Inputs, check_applied, check_correction
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
        check_correction(objection(), revised, drafted=None, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "foreign-result"
    with pytest.raises(Refused) as refused:
        check_applied(objection(), act(NOON + HOUR, period="2021"), drafted_at=NOON, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "foreign-act"


def test_what_the_draft_was_made_of_corrects_nothing_whenever_it_was_recorded():
    revised = fact("r1", 2, values={"i1": "1"})
    assert revised.recorded_at < NOON
    for made_without in (None, 1):
        check_correction(objection(), revised, drafted=made_without, methodology=METHODOLOGY)
    for made_of in (2, 3):
        with pytest.raises(Refused) as refused:
            check_correction(objection(), revised, drafted=made_of, methodology=METHODOLOGY)
        assert refused.value.errors[0].code == "older-than-draft"


def test_a_result_that_nobody_is_scored_for_settles_nothing_about_the_overall_score():
    unscored = fact("r1", 2, procedure="sports", values={"i1": "1"})
    with pytest.raises(Refused) as refused:
        check_correction(objection(about=About(group="overall")), unscored, drafted=None, methodology=METHODOLOGY)
    assert refused.value.errors[0].code == "other-procedure"


def test_a_content_names_the_revision_of_each_result_that_it_was_made_of():
    inputs = Inputs(("a:b:3", "a:12", "b:1"), {})
    assert [inputs.revision_of(result) for result in ("a", "b", "a:b", "c")] == [12, 1, 3, None]
