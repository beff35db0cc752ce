"""Deadlines of road maps on a municipality's page: each that waits, in order, told apart by its map."""

from typing import Any

from services.portal.show.municipality import deadlines_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import ACTIVITY, OWN, listed
from tests.unit.portal.test_municipality import shown


def test_deadlines_are_those_that_wait_and_the_oldest_first():
    done = {**ACTIVITY, "state": "done"}
    later = {**ACTIVITY, "state": "planned"} | occurring(("2023-01-31", "planned"))
    endless = {**ACTIVITY, "state": "open", "due": None, "occurrences": []}
    declined = {**ACTIVITY, "state": "declined"}
    found = deadlines_of([later, done, endless, declined, ACTIVITY])
    assert [(one.due, one.overdue) for one in found] == [("2022-12-15", True), ("2023-01-31", False)]


def test_deadlines_of_a_day_stand_in_the_order_of_their_numbers():
    told = [{**ACTIVITY, "number": number} for number in ("10", "2.10", "1", "2", "4а", "2.9", "4")]
    found = [one.activity["number"] for one in deadlines_of(told)]
    assert found == ["1", "2", "2.9", "2.10", "4", "4а", "10"]


async def test_who_has_to_confirm_is_told_where(stage: Stage):
    said = "откройте мероприятие и подтвердите исполнение"
    assert f'<a href="/activities/m1?municipality={OWN}">' in (await shown(stage, "ministry")).text
    for who, told in ((f"municipality:{OWN}", True), ("ministry", True), ("", False)):
        assert (said in (await shown(stage, who)).text) == told, who


async def test_two_road_maps_are_told_apart_by_their_names(stage: Stage):
    maps = [{"id": f"region-{year}", "title": f"Карта {year} года"} for year in (2022, 2023)]
    some = [{**ACTIVITY, "id": one["id"], "number": "1", "roadmap": one["id"]} for one in maps]
    text = (await shown(stage, __v1__activities=listed(*some), __v1__roadmaps=listed(*maps))).text
    assert ("<small>Карта 2022 года</small>" in text, "<small>Карта 2023 года</small>" in text) == (True, True)
    text = (await shown(stage, __v1__activities=listed(*some), __v1__roadmaps=None)).text
    assert "<small>region-2023</small>" in text, "while their names are away"
    assert "Карта 2022 года" not in (await shown(stage)).text, "one map alone needs no name"


def test_each_occurrence_that_waits_is_a_deadline_of_its_own():
    twice = ACTIVITY | occurring(("2022-02-28", "overdue"), ("2022-05-31", "open"), ("2022-08-31", "done"))
    assert [(one.due, one.state, one.overdue) for one in deadlines_of([twice])] == [
        ("2022-02-28", "overdue", True),
        ("2022-05-31", "open", False),
    ]


async def test_a_window_that_is_open_stands_ahead_though_an_earlier_one_was_missed(stage: Stage):
    twice = ACTIVITY | occurring(("2022-02-28", "overdue"), ("2022-05-31", "open"))
    text = (await shown(stage, __v1__activities=listed(twice))).text
    assert "Впереди сроков нет" not in text
    due, overdue = text.index("Ближайшие сроки"), text.index('id="overdue"')
    assert due < text.index("2022-05-31") < overdue < text.index("2022-02-28")
    assert text.count('<span class="tag open">') == text.count('<span class="tag overdue">') == 1


def occurring(*ends: tuple[str, str]) -> dict[str, Any]:
    """Occurrences by their last day and state."""
    return {"occurrences": [{"start": end[:8] + "01", "end": end, "state": state} for end, state in ends]}
