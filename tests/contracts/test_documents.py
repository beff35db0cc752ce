"""The documents of every service: AsyncAPI is whole, and nothing in any page comes from another host."""

import re
from typing import Any

import pytest

from deploy.local import SERVICES
from tests.contracts.applications import asked

ADDRESS = re.compile(r"(?:https?:)?//(?!127\.0\.0\.1|localhost)[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
# Only what a browser would fetch by itself counts: a link that a reader may click is no request.
FETCHED = re.compile(r"(?:src|href|url)\s*[=(:]\s*['\"]?([^'\"\s)>]+)", re.IGNORECASE)
REQUIRED = {"asyncapi", "info", "channels", "operations", "components"}


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for child in value.values() for one in _references(child)]
    return [one for child in value for one in _references(child)] if isinstance(value, list) else []


def _at(reference: str, document: Any) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        document = document[step.replace("~1", "/").replace("~0", "~")]
    return document


def wrong_places(document: dict[str, Any]) -> list[str]:
    """What is not AsyncAPI 3.0 in a document: parts, references, channels, operations."""
    if missing := REQUIRED - document.keys():
        return [f"no {name}" for name in sorted(missing)]
    wrong = [] if document["asyncapi"] == "3.0.0" and {"title", "version"} <= document["info"].keys() else ["info"]
    for reference in _references(document):
        try:
            _at(reference, document)
        except (KeyError, TypeError):
            wrong.append(f"{reference} leads nowhere")
    for name, operation in document["operations"].items():
        if operation.get("action") not in {"send", "receive"}:
            wrong.append(f"{name}: no action")
        channel = operation["channel"]["$ref"]
        wrong += [f"{name}: {one['$ref']}" for one in operation["messages"] if not one["$ref"].startswith(channel)]
    wrong += [f"{name}: no address" for name, one in document["channels"].items() if one.get("address") != name]
    return wrong


@pytest.mark.parametrize("service", SERVICES)
async def test_the_asyncapi_document_is_whole(service: str):
    assert wrong_places((await asked(service, "/asyncapi.json")).json()) == []


def test_a_broken_document_is_found():
    whole = {"asyncapi": "3.0.0", "info": {"title": "t", "version": "1"}, "components": {}}
    channel = {"address": "a", "messages": {"x": {"$ref": "#/components/messages/X"}}}
    assert wrong_places({"asyncapi": "3.0.0"}) != []
    assert wrong_places({**whole, "channels": {"a": channel}, "operations": {}}) == [
        "#/components/messages/X leads nowhere"
    ]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("path", ["/docs", "/asyncapi"])
async def test_a_page_asks_no_other_host(service: str, path: str):
    answer = await asked(service, path)
    fetched = FETCHED.findall(answer.text)
    assert [one for one in fetched if ADDRESS.match(one)] == []
    assert not ADDRESS.search(answer.text), "not even in words"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy.replace("http-equiv", "")
    for own in (one for one in fetched if one.startswith("/")):
        assert (await asked(service, own.partition("#")[0])).status_code == 200
