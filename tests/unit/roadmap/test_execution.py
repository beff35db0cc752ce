"""Evidence and refusals to take part: which window, which day, in which order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.roadmap.domain import Declined, Execution, decline, report
from shared.kernel import Conflict, Refused
from tests.unit.roadmap.making import AT, TODAY, activity, day, evidence, window

FEBRUARY, MAY = window("2022-02-01", "2022-02-28"), window("2022-05-01", "2022-05-31")
NO = Declined("нет участников", TODAY, "municipality:m", AT)


def nothing(side: str | None = "74-a") -> Execution:
    return Execution("map:1", side)


def test_evidence_is_for_the_first_window_that_has_none():
    both = activity(FEBRUARY, MAY)
    once = report(both, nothing(), evidence("2022-02-10"), today=TODAY)
    twice = report(both, once, evidence("2022-05-10"), today=TODAY)
    more = report(both, twice, evidence("2022-05-11"), today=TODAY)
    assert [one.window for one in more.evidence] == [FEBRUARY.start, MAY.start, MAY.start]
    assert more.revision == 3


def test_evidence_of_a_day_to_come_or_of_no_window_is_refused_with_the_place():
    for wrong, pointer, code in (
        (evidence("2022-11-02"), "/done_on", "in-the-future"),
        (evidence("2022-05-10", "2022-04-01"), "/window", "unknown-window"),
    ):
        with pytest.raises(Refused) as refused:
            report(activity(MAY), nothing(), wrong, today=TODAY)
        assert [(one.pointer, one.code) for one in refused.value.errors] == [(pointer, code)]
        assert refused.value.errors[0].remedy


def test_the_same_refusal_again_changes_nothing_and_another_one_replaces_it():
    declined = decline(activity(MAY), nothing(), NO)
    assert (declined.declined, declined.revision) == (NO, 1)
    assert decline(activity(MAY), declined, replace(NO, by="ministry", at=AT + timedelta(days=1))) is declined
    for other in (replace(NO, reason="нет мест"), replace(NO, on=day("2022-10-01"))):
        changed = decline(activity(MAY), declined, other)
        assert (changed.declined, changed.revision) == (other, 2)


def test_the_same_refusal_on_a_later_day_keeps_its_day_where_none_is_named():
    declined = decline(activity(MAY), nothing(), NO)
    later = replace(NO, on=TODAY + timedelta(days=1), at=AT + timedelta(days=1))
    assert decline(activity(MAY), declined, later, dated=False) is declined
    assert decline(activity(MAY), declined, later).declined == later
    other = replace(later, reason="нет мест")
    assert decline(activity(MAY), declined, other, dated=False).declined == other


def test_work_done_later_outweighs_a_refusal_and_does_not_erase_it():
    done = report(activity(MAY), decline(activity(MAY), nothing(), NO), evidence("2022-10-10"), today=TODAY)
    assert (done.declined, done.revision) == (NO, 2)
    assert decline(activity(MAY), done, NO) is done
    with pytest.raises(Conflict, match="activity-has-evidence"):
        decline(activity(MAY), done, replace(NO, reason="нет мест"))


def test_what_was_done_cannot_be_declined_and_the_region_does_not_decline_its_own_map():
    done = report(activity(MAY), nothing(), evidence("2022-05-10"), today=TODAY)
    with pytest.raises(Conflict, match="activity-has-evidence"):
        decline(activity(MAY), done, NO)
    with pytest.raises(Refused) as refused:
        decline(activity(MAY), nothing(None), NO)
    assert refused.value.errors[0].pointer == "/municipality"


def test_a_cancelled_activity_takes_neither():
    gone = activity(MAY, cancelled=True)
    with pytest.raises(Conflict, match="activity-cancelled"):
        report(gone, nothing(), evidence("2022-05-10"), today=TODAY)
    with pytest.raises(Conflict, match="activity-cancelled"):
        decline(gone, nothing(), NO)
    assert day("2022-05-10") < MAY.end
