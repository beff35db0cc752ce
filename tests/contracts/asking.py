"""Whether a question says only what the service that it goes to knows."""

from functools import cache

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.routing import Match

from shared.web.queries import parameters_of, wrong_parameters
from tests.contracts.applications import applications


@cache
def _routes(service: str) -> list[APIRoute]:
    return [one for one in applications()[service].routes if isinstance(one, APIRoute)]


def misunderstood(service: str, method: str, path: str, query: bytes) -> list[str]:
    """The parameters that the service's door would refuse."""
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": []}
    door = next((one for one in _routes(service) if one.matches(scope)[0] is Match.FULL), None)
    found = wrong_parameters(Request(scope), parameters_of(door.dependant)) if door else []
    return [str(one["loc"][-1]) for one in found]
