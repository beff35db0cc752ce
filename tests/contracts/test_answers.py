"""Every operation says what it answers, and an answer that is not so is found."""

from typing import Any

import httpx
import pytest

from deploy.local import STORED
from shared.web.shapes import header
from tests.contracts.answers import JSON, Described
from tests.contracts.applications import openapi_of

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/v1/things/{thing}": {
            "get": {
                "operationId": "read_thing",
                "responses": {"200": {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["id", "next"],
                "properties": {"id": {"type": "string"}, "next": {"type": ["string", "null"]}},
            }
        }
    },
}


@pytest.mark.parametrize("service", STORED)
def test_every_operation_says_what_it_answers(service: str):
    paths = openapi_of(service)["paths"]
    vague = [
        f"{operation['operationId']} {status} {media}"
        for operations in paths.values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if status.startswith("2")
        for media, one in answer.get("content", {}).items()
        if media == JSON and "$ref" not in one.get("schema", {})
    ]
    assert vague == [], "give the door responses=answers(<a Shape of the service's api/told>), see shared/web/shapes.py"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"id": "a"}, "'next' is a required property"),
        ({"id": "a", "next": None, "more": 1}, "Additional properties are not allowed"),
        ({"id": 1, "next": None}, "is not of type 'string'"),
    ],
)
def test_an_answer_that_is_not_as_described_is_found(body: dict[str, Any], says: str):
    with pytest.raises(AssertionError, match=says):
        Described(DOCUMENT).judge("GET", "/v1/things/a", httpx.Response(200, json=body))


def test_a_status_and_a_media_type_that_are_not_described_are_found():
    with pytest.raises(AssertionError, match="201 is not described"):
        Described(DOCUMENT).judge("GET", "/v1/things/a", httpx.Response(201, json={}))
    with pytest.raises(AssertionError, match="text/plain is not described"):
        Described(DOCUMENT).judge("GET", "/v1/things/a", httpx.Response(200, text="a"))


@pytest.mark.parametrize("sent", [{}, {"ETag": '"1"', "Link": "</v1/things>"}], ids=["one is missing", "one is new"])
def test_headers_that_are_not_as_described_are_found(sent: dict[str, str]):
    answer = DOCUMENT["paths"]["/v1/things/{thing}"]["get"]["responses"]["200"]
    described = answer | {"headers": header("ETag", "версия")}
    operation = {"operationId": "read_thing", "responses": {"200": described}}
    document = DOCUMENT | {"paths": {"/v1/things/{thing}": {"get": operation}}}
    with pytest.raises(AssertionError, match="read_thing: 200"):
        Described(document).judge(
            "GET", "/v1/things/a", httpx.Response(200, json={"id": "a", "next": None}, headers=sent)
        )


def test_an_answer_as_described_passes_and_is_counted():
    found = Described(DOCUMENT)
    found.judge("GET", "/v1/things/a%2Fb", httpx.Response(200, json={"id": "a", "next": None}))
    found.judge("GET", "/livez", httpx.Response(200, text="ok"))
    found.judge("GET", "/v1/things/a", httpx.Response(404, text="no"))
    assert found.answered == {"read_thing"}
