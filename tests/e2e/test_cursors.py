"""Cursors that somebody made up: a place with a right check but of any shape is refused, or a page is read from it."""

from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.web import write_cursor
from tests.contracts.applications import applications
from tests.e2e.conftest import Running
from tests.e2e.people import OWN

NOON = "2022-11-01T12:00:00+00:00"
ODD: tuple[Any, ...] = (
    None, True, 5, 1.5, 2**63, 2**64 - 1, -(2**63), "x", "\0", [], ["x"], [NOON], {"$gt": ""},
    ["x", "y"], ["x", 1], ["x", {"$gt": ""}], ["x", 2**63], [{"$gt": ""}, 1], [{"$regex": "(a+)+$"}, 1],
    [1, "x"], [1, {"$ne": ""}], [2**63, "x"], [1, 2, 3], ["x", "y", 2**63], ["x", {"$ne": 1}, 1], [[], [], []],
    [NOON, 1], [NOON, {"$gt": ""}], ["2022-11-01T12:00:00", "x"], ["2022", "x"], [0, "x"],
    ["9999-12-31T23:59:59-14:00", "x"], ["0001-01-01T00:00:00+14:00", "x"], [NOON, "x", "y"], [NOON, "x", 1],
    ["x", 1, 2, "y"], ["x", "y", "z", "w"], ["x", "y", 2**63, "w"], [None, None, None, None], [{}, {}, {}, {}],
)  # fmt: skip
LETTERS, JOURNAL = "/v1/operations/dead-letters", "/v1/operations/journal"
# Each list with its name, who reads it, and a place that it does take.
LISTS: dict[tuple[str, str], tuple[str, str, Any]] = {
    ("registry", "/v1/municipalities"): ("municipalities", "public", "x"),
    ("registry", "/v1/organizations"): ("organizations", "ministry", "x"),
    ("monitoring", "/v1/results"): ("results", "ministry", [NOON, "x", NOON]),
    ("monitoring", "/v1/results/{result}/revisions"): ("revisions", "ministry", 1),
    ("monitoring", "/v1/refusals"): ("refusals", "ministry", [NOON, "x"]),
    ("scoring", "/v1/schools/low-results"): ("schools", "ministry", "2022|x"),
    ("scoring", "/v1/schools/strong"): ("schools", "ministry", "2022|x"),
    ("scoring", "/v1/schools/results"): ("school-results", "ministry", "x"),
    ("scoring", "/v1/schools/bias-signs"): ("school-signs", "ministry", "x"),
    ("scoring", "/v1/editions"): ("editions", "public", ["2022", 1]),
    ("scoring", "/v1/expert-community/{municipality}/items"): ("community-items", "own municipality", "x"),
    ("scoring", "/v1/analytics-documents"): ("analytics-versions", "ministry", ["2022", "vpr", 1]),
    ("roadmap", "/v1/activities"): ("activities", "public", [NOON[:10], "x", 1, "y"]),
    ("roadmap", "/v1/recommendations"): ("recommendations", "ministry", [NOON, "x"]),
    ("notification", "/v1/inbox"): ("inbox", "ministry", 1),
    ("notification", "/v1/webhooks"): ("webhooks", "ministry", "x"),
    ("notification", "/v1/subscriptions"): ("webhooks", "ministry", "x"),
    ("notification", "/v1/deliveries"): ("deliveries", "ministry", [1, "x"]),
    **{
        (service, door): (name, "operator", [NOON, "x"])
        for service in applications()
        if service != "portal"
        for door, name in ((LETTERS, "dead-letters"), (JOURNAL, "journal"))
    },
}


def _paged() -> dict[tuple[str, str], set[str]]:
    """Every list that takes a cursor, with all that it may be asked; the portal hands them on to these."""
    return {
        (service, route.path_format): _queries(route.dependant)
        for service, application in applications().items()
        if service != "portal"
        for route in application.routes
        if isinstance(route, APIRoute) and "cursor" in _queries(route.dependant)
    }


def _queries(dependant: Dependant) -> set[str]:
    found = {one.alias for one in dependant.query_params}
    return found.union(*(_queries(one) for one in dependant.dependencies))


def test_every_list_with_pages_is_looked_at():
    assert LISTS.keys() == _paged().keys()


@pytest.mark.parametrize(("service", "path"), LISTS, ids=str)
def test_a_made_up_place_is_refused_or_read_and_breaks_nothing(running: Running, service: str, path: str):
    name, who, right = LISTS[service, path]
    address = path.replace("{municipality}", OWN)
    if "{result}" in path:
        found = running.tell("ministry", "GET", "monitoring", f"/v1/results?municipality={OWN}&period=2022&limit=1")
        address = path.replace("{result}", found["items"][0]["id"])

    year = dict.fromkeys({"year", "period"} & _paged()[service, path], "2022")

    def status(place: Any) -> int:
        asked = {"cursor": write_cursor(name, place), **year}
        return running.ask(who, "GET", service, address, params=asked).status_code

    assert status(right) == 200
    given = {repr(place): status(place) for place in ODD}
    assert {place: code for place, code in given.items() if code not in {200, 400}} == {}
    operators = {place: code for place, code in given.items() if "{" in place}
    assert set(operators.values()) == {400}
