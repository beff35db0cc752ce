"""Evidence and refusals to take part: which window, which day, in which order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.roadmap.domain import Declined, Execution, Withdrawn, decline, line, report, withdraw
from shared.kernel import Conflict, NotFound, Refused
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


@pytest.mark.parametrize("after", [0, 1])
def test_work_from_the_day_of_a_refusal_on_outweighs_it_and_does_not_erase_it(after: int):
    worked = (TODAY + timedelta(days=after)).isoformat()
    done = report(activity(MAY), decline(activity(MAY), nothing(), NO), evidence(worked), today=day(worked))
    assert (done.declined, done.revision) == (NO, 2)
    assert decline(activity(MAY), done, NO) is done
    with pytest.raises(Conflict, match="activity-has-evidence"):
        decline(activity(MAY), done, replace(NO, reason="нет мест"))


def test_one_takes_no_part_from_after_what_was_done():
    done = report(activity(MAY), nothing(), evidence("2022-05-10"), today=TODAY)
    with pytest.raises(Conflict, match="activity-has-evidence"):
        decline(activity(MAY), done, replace(NO, on=day("2022-05-10")))
    since = replace(NO, on=day("2022-05-11"))
    assert decline(activity(MAY), done, since).declined == since


def test_the_same_refusal_is_given_again_after_work_that_outweighed_it():
    """The first is in force no more, so that the second is no repeat of it, also where nobody names the day."""
    held = report(activity(MAY), decline(activity(MAY), nothing(), NO), evidence("2022-11-02"), today=day("2022-11-02"))
    again = replace(NO, on=day("2022-11-03"))
    assert decline(activity(MAY), held, again, dated=False).declined == again
    with pytest.raises(Conflict, match="activity-has-evidence"):
        decline(activity(MAY), held, replace(NO, on=day("2022-11-02")), dated=False)


def test_the_region_does_not_decline_its_own_map():
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


SEPTEMBER, MOVED, DECEMBER = (
    window("2022-09-01", "2022-09-30"),
    window("2022-09-10", "2022-09-30"),
    window("2022-12-01", "2022-12-31"),
)


def test_what_is_reported_next_is_for_the_window_that_stands_as_not_done():
    """The first window was moved by some days; its evidence counts for it as before, and December's is December's."""
    held = report(activity(SEPTEMBER, DECEMBER), nothing(), evidence("2022-09-05"), today=day("2022-12-20"))
    after = activity(MOVED, DECEMBER)
    assert [one.state for one in line(after, held, day("2022-12-20")).occurrences] == ["done", "open"]
    next_one = report(after, held, evidence("2022-12-15"), today=day("2022-12-20"))
    assert next_one.evidence[-1].window == DECEMBER.start
    assert [one.state for one in line(after, next_one, day("2022-12-20")).occurrences] == ["done", "done"]


def test_work_for_a_window_that_is_no_more_is_not_that_of_the_next_year():
    """A yearly activity, put anew without its first year: nobody has done the second one yet."""
    years = [window(f"{year}-01-01", f"{year}-12-31") for year in (2021, 2022, 2023)]
    held = report(activity(*years), nothing(), evidence("2021-05-20"), today=TODAY)
    after = activity(*years[1:])
    for on, states in (
        ("2021-07-01", ["planned", "planned"]),
        ("2022-01-02", ["open", "planned"]),
        ("2023-01-02", ["overdue", "open"]),
    ):
        assert [one.state for one in line(after, held, day(on)).occurrences] == states


@pytest.mark.parametrize(
    ("done", "states"),
    [
        (("2022-05-01",), ["overdue", "done"]),
        (("2022-05-01", "2021-04-01"), ["done", "done"]),
        (("2021-08-01",), ["done_late", "overdue"]),
    ],
    ids=["only the second", "the second reported first", "only the first, late"],
)
def test_work_for_a_window_that_was_moved_is_of_the_same_year_as_before(done: tuple[str, ...], states: list[str]):
    years = [window(f"{year}-02-01", f"{year}-06-30") for year in (2021, 2022)]
    moved = [window(f"{year}-03-01", f"{year}-06-30") for year in (2021, 2022)]
    held = nothing()
    for on in done:
        held = report(activity(*years), held, evidence(on, f"{on[:4]}-02-01"), today=TODAY)
    for windows in (years, moved):
        assert [one.state for one in line(activity(*windows), held, TODAY).occurrences] == states


def test_work_that_was_reported_twice_for_a_moved_window_is_not_that_of_the_next():
    """Both quarters moved by some days, so that the first one's last days are the second one's no more."""
    quarters = window("2022-01-01", "2022-03-31"), window("2022-04-01", "2022-06-30")
    moved = window("2022-01-10", "2022-04-10"), window("2022-04-11", "2022-07-10")
    held = nothing()
    for on in ("2022-04-12", "2022-04-20"):
        held = report(activity(*quarters), held, evidence(on, "2022-01-01"), today=TODAY)
    for windows in (quarters, moved):
        assert [one.state for one in line(activity(*windows), held, TODAY).occurrences] == ["done_late", "overdue"]
    second = report(activity(*quarters), nothing(), evidence("2022-04-20", "2022-04-01"), today=TODAY)
    found = line(activity(*moved), second, TODAY).occurrences
    assert [one.state for one in found] == ["overdue", "done"], "most of its days lie in the second"


def test_late_work_for_a_window_that_is_no_more_counts_where_it_can_be_meant():
    held = Execution("map:1", "74-a", (evidence("2022-10-05", "2022-02-01"),))
    assert line(activity(MAY), held, TODAY).state == "done_late"
    unknown = Execution("map:1", "74-a", (evidence("2022-02-10"),))
    assert line(activity(MAY), unknown, TODAY).state == "done", "given when no window was known"


def test_a_day_before_the_map_begins_is_a_slip_of_the_pen():
    begin = day("2022-01-01")
    with pytest.raises(Refused) as refused:
        report(activity(MAY), nothing(), evidence("2002-10-30"), today=TODAY, begin=begin)
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/done_on", "before-roadmap")]
    early = report(activity(MAY), nothing(), evidence("2022-01-01"), today=TODAY, begin=begin)
    assert line(activity(MAY), early, TODAY).state == "done", "early work within the map"
    before = window("2021-12-01", "2022-02-28")
    assert report(activity(before), nothing(), evidence("2021-12-05"), today=TODAY, begin=begin).evidence


MISTAKE = Withdrawn("не тот год", "regional_operator:o", AT)


def test_withdrawn_evidence_stays_readable_and_was_never_so():
    held = report(activity(MAY), nothing(), evidence("2022-05-10"), today=TODAY)
    held = report(activity(MAY), held, evidence("2022-10-30"), today=TODAY)
    after = withdraw(held, 1, MISTAKE)
    assert [one.withdrawn for one in after.evidence] == [MISTAKE, None]
    assert after.revision == held.revision + 1
    found = {on: line(activity(MAY), after, day(on)).state for on in ("2022-05-20", "2022-06-30", "2022-10-30")}
    assert list(found.values()) == ["open", "overdue", "done_late"]
    nothing_left = withdraw(after, 2, MISTAKE)
    assert decline(activity(MAY), nothing_left, NO).declined == NO
    again = report(activity(MAY), nothing_left, evidence("2022-10-31"), today=TODAY)
    assert again.evidence[-1].window == MAY.start


def test_withdrawing_again_changes_nothing_and_another_reason_or_number_is_refused():
    gone = withdraw(report(activity(MAY), nothing(), evidence("2022-05-10"), today=TODAY), 1, MISTAKE)
    assert withdraw(gone, 1, replace(MISTAKE, by="ministry:m")) is gone
    with pytest.raises(Conflict, match="evidence-withdrawn"):
        withdraw(gone, 1, replace(MISTAKE, reason="другая"))
    with pytest.raises(NotFound, match="evidence-not-found"):
        withdraw(gone, 2, MISTAKE)
