"""Cursors that somebody made up: a place with a right check but of any shape is refused, or a page is read from it."""

from typing import Any

import pytest

from shared.web import write_cursor
from tests.e2e.conftest import Running
from tests.e2e.lists import LISTS, NOON, paged
from tests.e2e.people import OWN

ODD: tuple[Any, ...] = (
    None, True, 5, 1.5, 2**63, 2**64 - 1, -(2**63), "x", "\0", [], ["x"], [NOON], {"$gt": ""},
    ["x", "y"], ["x", 1], ["x", {"$gt": ""}], ["x", 2**63], [{"$gt": ""}, 1], [{"$regex": "(a+)+$"}, 1],
    [1, "x"], [1, {"$ne": ""}], [2**63, "x"], [1, 2, 3], ["x", "y", 2**63], ["x", {"$ne": 1}, 1], [[], [], []],
    [NOON, 1], [NOON, {"$gt": ""}], ["2022-11-01T12:00:00", "x"], ["2022", "x"], [0, "x"],
    ["9999-12-31T23:59:59-14:00", "x"], ["0001-01-01T00:00:00+14:00", "x"], [NOON, "x", "y"], [NOON, "x", 1],
    ["x", 1, 2, "y"], ["x", "y", "z", "w"], ["x", "y", 2**63, "w"], [None, None, None, None], [{}, {}, {}, {}],
)  # fmt: skip


@pytest.mark.parametrize(("service", "path"), LISTS, ids=str)
def test_a_made_up_place_is_refused_or_read_and_breaks_nothing(running: Running, service: str, path: str):
    name, who, right = LISTS[service, path]
    address = path.replace("{municipality}", OWN)
    if "{result}" in path:
        found = running.tell("ministry", "GET", "monitoring", f"/v1/results?municipality={OWN}&period=2022&limit=1")
        address = path.replace("{result}", found["items"][0]["id"])

    year = dict.fromkeys({"year", "period"} & paged()[service, path], "2022")

    def status(place: Any) -> int:
        asked = {"cursor": write_cursor(name, place), **year}
        return running.ask(who, "GET", service, address, params=asked).status_code

    assert status(right) == 200
    given = {repr(place): status(place) for place in ODD}
    assert {place: code for place, code in given.items() if code not in {200, 400}} == {}
    operators = {place: code for place, code in given.items() if "{" in place}
    assert set(operators.values()) == {400}
