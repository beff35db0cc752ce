"""Putting a road map again and again: what is equal stays, what is gone is cancelled, answers outlive it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.roadmap.domain import Activity, Answer, Put, RoadMap, Task, answered, check_numbers, concerns, put
from shared.kernel import Refused
from tests.unit.roadmap.making import AT, activity, day, roadmap, task, window

MAY = window("2022-05-01", "2022-05-31")
LATER = AT + timedelta(days=1)


def after(outcome: Put, known: dict[str, Activity]) -> dict[str, Activity]:
    return {**known, **{one.id: one for one in outcome.changed}}


def first(*tasks: Task) -> tuple[RoadMap, dict[str, Activity]]:
    outcome = put(roadmap(), tasks, stored=None, activities={}, now=AT)
    assert outcome.new
    return outcome.map, after(outcome, {})


def test_the_same_again_changes_nothing():
    stored, known = first(task("1", MAY), task("2", kinds=("missing",)))
    again = put(roadmap(), [task("1", MAY), task("2", kinds=("missing",))], stored=stored, activities=known, now=LATER)
    assert (again.map, again.changed, again.new) == (stored, (), False)


def test_only_what_differs_gets_a_new_revision():
    stored, known = first(task("1", MAY), task("2", MAY))
    moved = window("2022-06-01", "2022-06-30")
    outcome = put(roadmap(), [task("1", MAY), task("2", moved)], stored=stored, activities=known, now=LATER)
    assert [(one.id, one.revision, one.changed_at) for one in outcome.changed] == [("map:2", 2, LATER)]
    assert outcome.map.revision == 2


def test_what_is_not_named_any_more_is_cancelled_once_and_comes_back_when_named():
    stored, known = first(task("1", MAY), task("2", MAY))
    less = put(roadmap(), [task("1", MAY)], stored=stored, activities=known, now=LATER)
    assert [(one.id, one.cancelled) for one in less.changed] == [("map:2", True)]
    known = after(less, known)
    assert put(roadmap(), [task("1", MAY)], stored=less.map, activities=known, now=LATER).changed == ()
    back = put(roadmap(), [task("1", MAY), task("2", MAY)], stored=less.map, activities=known, now=LATER)
    assert [(one.id, one.cancelled, one.revision) for one in back.changed] == [("map:2", False, 3)]


def test_another_title_of_the_map_is_a_new_revision_of_it_alone():
    stored, known = first(task("1", MAY))
    outcome = put(roadmap(title="Другая"), [task("1", MAY)], stored=stored, activities=known, now=LATER)
    assert (outcome.map.revision, outcome.changed) == (2, ())


def test_an_answer_gives_windows_and_outlives_the_same_map():
    stored, known = first(task("1", kinds=("missing",)))
    asked = known["map:1"]
    assert asked.asked_about
    answer = Answer((MAY,), "по плану работы", "regional_operator:o", LATER)
    known["map:1"] = answered(asked, answer)
    assert known["map:1"].windows == (MAY,)
    assert known["map:1"].revision == 2
    assert answered(known["map:1"], replace(answer, at=LATER + timedelta(hours=1))) is known["map:1"]
    assert put(roadmap(), [task("1", kinds=("missing",))], stored=stored, activities=known, now=LATER).changed == ()


def test_a_second_answer_replaces_the_first():
    _, known = first(task("1", kinds=("missing",)))
    one = answered(known["map:1"], Answer((MAY,), "по плану", "o", AT))
    june = window("2022-06-01", "2022-06-30")
    for answer in (Answer((june,), "по плану", "o", LATER), Answer((MAY,), "по новому плану", "o", LATER)):
        two = answered(one, answer)
        assert (two.answer, two.revision, two.changed_at) == (answer, one.revision + 1, LATER)


def test_nobody_is_asked_about_what_was_cancelled():
    assert activity(kinds=("missing",)).asked_about
    assert not activity(kinds=("missing",), cancelled=True).asked_about


def test_a_deadline_that_the_map_gives_later_replaces_the_answer():
    stored, known = first(task("1", kinds=("missing",)))
    known["map:1"] = answered(known["map:1"], Answer((MAY,), "по плану", "o", AT))
    june = window("2022-06-01", "2022-06-30")
    (changed,) = put(roadmap(), [task("1", june)], stored=stored, activities=known, now=LATER).changed
    assert (changed.windows, changed.answer, changed.asked_about) == ((june,), None, False)


def test_a_number_that_something_was_said_for_goes_to_no_other_activity():
    """One is inserted first and all behind it are numbered anew: each would take over what became of its neighbour."""
    _, known = first(task("1", MAY, title="Семинар"), task("2", MAY, title="Слёт"), task("3", kinds=("missing",)))
    known["map:3"] = answered(known["map:3"], Answer((MAY,), "по плану", "o", AT))
    renumbered = [task("1", MAY, title="Новое"), task("2", MAY, title="Семинар"), task("3", MAY, title="Слёт")]
    with pytest.raises(Refused) as refused:
        check_numbers("map", renumbered, activities=known, reported={"map:2"})
    assert [(one.pointer, one.code) for one in refused.value.errors] == [
        ("/activities/1/title", "renumbered"),
        ("/activities/2/title", "renumbered"),
    ]
    assert refused.value.errors[0].remedy


def test_a_number_of_which_nothing_is_known_or_whose_title_was_lost_may_be_titled():
    lost = replace(task("2", MAY), title=None)
    _, known = first(task("1", MAY, title="Семинар"), lost)
    found = [task("1", MAY, title="Новое"), task("2", MAY, title="Слёт"), task("3", MAY)]
    check_numbers("map", found, activities=known, reported={"map:2"})
    check_numbers("map", [task("1", MAY, title="Семинар"), lost], activities=known, reported={"map:1", "map:2"})


def test_a_regional_activity_concerns_everybody_of_the_region_and_a_municipal_one_its_own():
    _, known = first(task("1", MAY))
    assert concerns(known["map:1"], "74-a", "74")
    assert not concerns(known["map:1"], "24-b", "24")
    own = replace(known["map:1"], municipality="74-a")
    assert concerns(own, "74-a", "74")
    assert not concerns(own, "74-b", "74")
    assert day("2022-05-01") == MAY.start


def test_a_deadline_that_is_given_without_windows_replaces_the_answer_too():
    """«По графику»: nobody is asked any more, so nobody could change the answer either."""
    stored, known = first(task("1", kinds=("missing",)))
    known["map:1"] = answered(known["map:1"], Answer((MAY,), "по плану", "o", AT))
    by_schedule = [task("1", kinds=("external_schedule",))]
    (changed,) = put(roadmap(), by_schedule, stored=stored, activities=known, now=LATER).changed
    assert (changed.windows, changed.answer, changed.asked_about) == ((), None, False)
