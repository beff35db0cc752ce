"""No door and no list is left out of the tables that tests/e2e asks: said here, where no server has to be started."""

import pytest
from fastapi.routing import APIRoute

from deploy.local import SERVICES
from tests.contracts.applications import applications
from tests.e2e.access_table import MOUNTED, OPEN, ROWS
from tests.e2e.lists import LISTS, paged


@pytest.mark.parametrize("service", SERVICES)
def test_no_endpoint_is_missing_from_the_table(service: str):
    told = {row.endpoint.replace(":path}", "}") for row in ROWS if row.service == service}
    routes = [route for route in applications()[service].routes if isinstance(route, APIRoute)]
    guarded = {
        f"{method} {route.path_format}" for route in routes for method in route.methods if route.path not in OPEN
    }
    assert guarded - told == set(), "write who may do this into tests/e2e/access_table.py"
    assert told - guarded == set(), "the table names what is not there"
    others = [route for route in applications()[service].routes if not isinstance(route, APIRoute)]
    assert {getattr(route, "name", "") for route in others} <= MOUNTED


def test_every_list_with_pages_is_looked_at():
    assert paged().keys() - LISTS.keys() == set(), "write its name, a reader and a place into tests/e2e/lists.py"
    assert LISTS.keys() - paged().keys() == set(), "tests/e2e/lists.py names what is not there"
