"""Which occurrence evidence and refusals are of where there are several: the work of one day is not that of others."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roadmap.domain import Declined, Evidence, Execution, Line, decline, line, report, reported
from tests.unit.roadmap.making import AT, activity, day, evidence, window

FEBRUARY, MAY = window("2022-02-01", "2022-02-28"), window("2022-05-01", "2022-05-31")
TWICE = activity(FEBRUARY, MAY)
YEARLY = activity(*(window(f"{year}-01-01", f"{year}-12-31") for year in (2022, 2023, 2024)))
NOTHING = Execution("map:1", "74-a")
NO = Declined("нет участников", day("2023-01-01"), "municipality:m", AT)


def states(found: Line) -> list[str]:
    return [one.state for one in found.occurrences]


def test_several_documents_of_one_work_are_of_one_year():
    """A yearly activity: in October 2022 nobody has done anything for 2023 and 2024 yet."""
    held = NOTHING
    for _ in range(3):
        held = report(YEARLY, held, evidence("2022-10-01"), today=day("2022-10-02"))
    assert {one.window for one in held.evidence} == {day("2022-01-01")}
    for on, expected in (("2022-10-02", ["done", "planned", "planned"]), ("2024-02-01", ["done", "overdue", "open"])):
        assert states(line(YEARLY, held, day(on))) == expected


def test_proof_of_timely_work_that_comes_second_is_of_the_month_it_proves():
    held = NOTHING
    for worked in ("2022-03-05", "2022-02-10"):
        held = report(TWICE, held, evidence(worked), today=day("2022-03-10"))
    assert states(line(TWICE, held, day("2022-06-01"))) == ["done", "overdue"]


@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        (("2022-01-20",), ["done", "overdue"]),
        (("2022-01-20", "2022-01-25"), ["done", "overdue"]),
        (("2022-03-05", "2022-03-05"), ["done_late", "overdue"]),
        (("2022-05-20",), ["done_late", "overdue"]),
        (("2022-05-20", "2022-05-20"), ["done_late", "done"]),
    ],
    ids=["early", "early, twice", "late, twice", "in the second", "in the second, twice"],
)
@pytest.mark.parametrize("known", [True, False], ids=["windows known", "windows known later"])
def test_without_a_window_named_the_first_undone_that_had_begun_is_meant(
    worked: tuple[str, ...], expected: list[str], *, known: bool
):
    held, before = NOTHING, TWICE if known else activity()
    for one in worked:
        held = report(before, held, evidence(one), today=day("2022-06-01"))
    assert states(line(TWICE, held, day("2022-06-01"))) == expected


def test_work_ahead_of_the_next_window_is_of_it_where_it_is_named():
    held = report(TWICE, NOTHING, evidence("2022-02-10"), today=day("2022-04-30"))
    ahead = report(TWICE, held, evidence("2022-04-28", "2022-05-01"), today=day("2022-04-30"))
    assert states(line(TWICE, ahead, day("2022-04-30"))) == ["done", "done"]


def test_what_is_kept_with_a_window_stays_with_it():
    """Also evidence that the rule of before gave to a window ahead: only people take it back."""
    held = Execution("map:1", "74-a", tuple(evidence("2022-10-01", f"{year}-01-01") for year in (2022, 2023)))
    assert states(line(YEARLY, held, day("2024-02-01"))) == ["done", "done", "open"]
    more = report(YEARLY, held, evidence("2024-02-01"), today=day("2024-02-01"))
    assert [one.window for one in more.evidence] == [day(f"{year}-01-01") for year in (2022, 2023, 2024)]


DAYS = st.dates(date(2022, 1, 1), date(2024, 12, 31))


@given(st.lists(DAYS, min_size=1, max_size=5))
def test_no_window_is_done_before_it_begins_unless_it_is_the_first(worked: list[date]):
    held = NOTHING
    for one in worked:
        held = report(YEARLY, held, evidence(one.isoformat()), today=date(2024, 12, 31))
        given_for = held.evidence[-1].window
        assert given_for is not None
        assert given_for <= one
    assert min(one.window for one in held.evidence if one.window) == day("2022-01-01")


def both_orders(done: Evidence) -> list[Execution]:
    first = report(YEARLY, NOTHING, done, today=day("2024-02-01"))
    return [report(YEARLY, decline(YEARLY, NOTHING, NO), done, today=day("2024-02-01")), decline(YEARLY, first, NO)]


@pytest.mark.parametrize("order", [0, 1], ids=["declined first", "done first"])
def test_who_takes_no_part_any_more_may_have_done_it_before(order: int):
    held = both_orders(evidence("2022-10-01"))[order]
    found = {on: line(YEARLY, held, day(on)) for on in ("2022-09-30", "2022-10-01", "2022-12-31", "2023-01-01")}
    assert [one.state for one in found.values()] == ["open", "planned", "planned", "declined"]
    later = line(YEARLY, held, day("2024-02-01"))
    assert (later.state, later.declined, later.unmet) == ("declined", NO, ())
    told = reported(YEARLY, held, on=day("2022-12-01"))
    assert told
    assert [one.start for one in told.left] == [day("2023-01-01"), day("2024-01-01")]
    assert told.declined_on == NO.on


def test_work_from_the_day_on_outweighs_it_also_where_other_work_was_before():
    held = report(YEARLY, both_orders(evidence("2022-10-01"))[1], evidence("2024-01-15"), today=day("2024-02-01"))
    assert line(YEARLY, held, day("2024-01-14")).state == "declined"
    since = line(YEARLY, held, day("2024-01-15"))
    assert (since.state, since.declined, states(since)) == ("open", None, ["done", "done_late", "open"])
    told = reported(YEARLY, held, on=day("2024-02-01"))
    assert told
    assert ([one.start for one in told.left], told.declined_on) == ([day("2024-01-01")], None)


def test_what_was_all_done_before_stays_done():
    once = activity(MAY)
    held = decline(once, report(once, NOTHING, evidence("2022-05-10"), today=day("2023-01-01")), NO)
    assert line(once, held, day("2023-02-01")).state == "done"
    going_on = activity(kinds=("continuous",))
    held = decline(going_on, report(going_on, NOTHING, evidence("2022-05-10"), today=day("2023-01-01")), NO)
    assert [line(going_on, held, day(on)).state for on in ("2022-12-31", "2023-01-01")] == ["done", "declined"]
