"""The way of a recommendation: issued, considered, accepted or declined, each step once and in order."""

from datetime import date

import pytest

from services.roadmap.domain import Recommendation, Step, drafts
from services.roadmap.domain import recommendation as steps
from services.roadmap.events import RecommendationAccepted, RecommendationDiscarded, RecommendationIssued
from shared.kernel import Conflict, Refused
from tests.unit.roadmap.making import AT, TODAY, told

MEETING = TODAY


def drafted() -> Recommendation:
    return drafts([told(5, ("overall", "above_average", "medium"))], AT)[0].recommendation


def step(state: str, *, note: str | None = None, on: date | None = None) -> Step:
    return Step(state, "regional_operator:o", AT, note, on)


def considered() -> Recommendation:
    issued = steps.issue(drafted(), step("issued"), text=None).state
    return steps.consider(issued, step("considered", note="Совет", on=MEETING), today=TODAY).state


def test_issuing_tells_and_may_put_it_in_other_words():
    change = steps.issue(drafted(), step("issued"), text="Другими словами")
    assert (change.state.state, change.state.text, change.state.revision) == ("issued", "Другими словами", 2)
    (event,) = change.events
    assert isinstance(event, RecommendationIssued)
    assert (event.state, event.revision, event.period, event.group, event.score_revision) == (
        "issued",
        2,
        "2022",
        "overall",
        5,
    )
    assert "Другими" not in event.model_dump_json()


def test_the_same_step_again_changes_and_tells_nothing():
    once = steps.issue(drafted(), step("issued"), text=None)
    again = steps.issue(once.state, step("issued"), text=None)
    assert (again.state, again.events) == (once.state, ())


def test_it_is_not_issued_again_in_other_words():
    once = steps.issue(drafted(), step("issued"), text="Первые слова").state
    assert steps.issue(once, step("issued"), text="Первые слова").state is once
    assert steps.issue(once, step("issued"), text=None).state is once
    with pytest.raises(Conflict, match="recommendation-state-differs"):
        steps.issue(once, step("issued"), text="Другие слова")


def test_a_draft_that_is_not_needed_is_discarded_with_the_reason_and_goes_no_further():
    change = steps.discard(drafted(), step("discarded", note="Уровень восстановлен"))
    (event,) = change.events
    assert isinstance(event, RecommendationDiscarded)
    assert (event.state, event.revision, change.state.steps[-1].note) == ("discarded", 2, "Уровень восстановлен")
    assert "восстановлен" not in event.model_dump_json()
    assert steps.discard(change.state, step("discarded", note="Уровень восстановлен")).events == ()
    with pytest.raises(Conflict, match="recommendation-state-differs"):
        steps.issue(change.state, step("issued"), text=None)
    issued = steps.issue(drafted(), step("issued"), text=None).state
    with pytest.raises(Conflict, match="recommendation-state-differs"):
        steps.discard(issued, step("discarded", note="поздно"))


def test_it_is_accepted_only_after_it_was_considered():
    for early in (drafted(), steps.issue(drafted(), step("issued"), text=None).state):
        with pytest.raises(Conflict, match="recommendation-state-differs") as refused:
            steps.accept(early, step("accepted"))
        assert refused.value.extra == {"state": early.state}
    change = steps.accept(considered(), step("accepted"))
    assert isinstance(change.events[0], RecommendationAccepted)
    assert [one.state for one in change.state.steps] == ["issued", "considered", "accepted"]


def test_an_accepted_one_is_not_declined_any_more():
    accepted = steps.accept(considered(), step("accepted")).state
    with pytest.raises(Conflict):
        steps.decline(accepted, step("declined", note="поздно"))
    assert steps.decline(considered(), step("declined", note="иное")).state.state == "declined"


@pytest.mark.parametrize(
    ("held_on", "code"),
    [("2022-11-02", "in-the-future"), ("2022-10-31", "before-issued"), ("2000-01-01", "before-issued")],
)
def test_a_meeting_to_come_or_from_before_it_was_issued_has_considered_nothing(held_on: str, code: str):
    issued = steps.issue(drafted(), step("issued"), text=None).state
    with pytest.raises(Refused) as refused:
        steps.consider(issued, step("considered", note="Совет", on=date.fromisoformat(held_on)), today=TODAY)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/held_on", code)]
