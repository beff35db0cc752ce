"""Accept is read with its qualities, not searched for a word."""

import pytest
from starlette.requests import Request

from shared.web.accept import prefers


def _asked(*accept: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", one.encode()) for one in accept]})


@pytest.mark.parametrize(
    "accept",
    [
        "text/csv", "TEXT/CSV", "text/csv;charset=utf-8", "text/csv, application/json", "text/csv, */*",
        "*/*, text/csv", "application/json;q=0.5, text/csv", "text/*", "application/json;q=0, */*", "text/csv;q=0.1",
    ],
)  # fmt: skip
def test_a_table_is_preferred(accept: str):
    assert prefers(_asked(accept), "text/csv")


@pytest.mark.parametrize(
    "accept",
    [
        "", "*/*", "application/json", "text/csv;q=0, application/json", "application/json, text/csv;q=0.1",
        "application/json, text/csv", "text/csv;q=0", "text/csv;q=2", "text/csv;q=0, */*", "text/csvx", "none", ";,/",
    ],
)  # fmt: skip
def test_json_stays_where_nothing_else_is_preferred(accept: str):
    assert not prefers(_asked(accept), "text/csv")


def test_several_headers_are_one_list():
    assert prefers(_asked("application/json;q=0.1", "text/csv"), "text/csv")
    assert not prefers(_asked(), "text/csv")


def test_a_browser_prefers_a_page_and_a_program_a_problem():
    others = ("application/json", "application/problem+json")
    assert prefers(_asked("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "text/html", *others)
    assert not prefers(_asked("application/problem+json, text/html;q=0.1"), "text/html", *others)
    assert not prefers(_asked("application/json, text/html;q=0"), "text/html", *others)
