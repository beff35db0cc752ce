"""Every list that has pages: its name in cursors, who reads it, and a place in it."""

from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tests.contracts.applications import applications

NOON = "2022-11-01T12:00:00+00:00"
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


def paged() -> dict[tuple[str, str], set[str]]:
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
