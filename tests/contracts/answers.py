"""Holds real answers against the description of the API: every status, media type, field and value."""

import re
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

JSON = "application/json"
STREAM = "text/event-stream"
HEADERS = ("ETag", "Link", "Location")


class Described:
    """The description of one service, ready to judge answers; it knows which operations were answered."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = {"components": _closed(document["components"])}
        self._validators: dict[tuple[str, str, str], Draft202012Validator] = {}
        self.answered: set[str] = set()
        templates = sorted(document["paths"].items(), key=lambda one: one[0].count("{"))
        self._operations = [(_pattern(path), operations) for path, operations in templates]

    def judge(self, method: str, path: str, answer: httpx.Response) -> None:
        """AssertionError, saying where, if a done answer is not as described; refusals and what is hidden pass."""
        found = next((one for pattern, one in self._operations if pattern.fullmatch(path)), {}).get(method.lower())
        if found is None or not answer.is_success:
            return
        name, status = found["operationId"], str(answer.status_code)
        assert status in found["responses"], f"{name}: {status} is not described"
        content = found["responses"][status].get("content", {})
        media = answer.headers.get("content-type", "").partition(";")[0]
        assert media in content, f"{name}: {status} {media} is not described"
        told = found["responses"][status].get("headers", {})
        assert [one for one in HEADERS if one in answer.headers and one not in told] == [], f"{name}: {status}"
        assert [one for one in told if told[one]["required"] and one not in answer.headers] == [], f"{name}: {status}"
        if media == JSON:
            self._check(name, status, schema=content[JSON]["schema"], body=answer.json())
            self.answered.add(name)

    def _check(self, name: str, status: str, *, schema: dict[str, Any], body: Any) -> None:
        key = (name, status, JSON)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator({**schema, **self._document})
        wrong = best_match(self._validators[key].iter_errors(body))
        assert wrong is None, f"{name}: {status} {wrong.json_path}: {wrong.message}"


def _pattern(path: str) -> re.Pattern[str]:
    """Of `/v1/things/{thing}`; a parameter may hold an escaped slash."""
    return re.compile("[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", path)))


def _closed(schema: Any) -> Any:
    """The schema with no fields beside those that it names, so that one that is not described is found."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(one) for name, one in schema.items()}
    if isinstance(closed.get("properties"), dict) and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


# By service and operations: each test has an application of its own, and all of a service are described alike.
_DESCRIBED: dict[tuple[str, frozenset[tuple[str, str]]], Described] = {}


def described(app: FastAPI) -> Described:
    """The description of an application; made once for all that have the same doors."""
    doors = frozenset(
        (route.path_format, method) for route in app.routes if isinstance(route, APIRoute) for method in route.methods
    )
    key = (app.title, doors)
    if key not in _DESCRIBED:
        _DESCRIBED[key] = Described(app.openapi())
    return _DESCRIBED[key]


def judged(app: FastAPI) -> dict[str, list[Any]]:
    """The `event_hooks=` of a client in tests: every answer that it gets is held against the description."""

    async def judge(answer: httpx.Response) -> None:
        if answer.headers.get("content-type", "").startswith(STREAM):
            return
        await answer.aread()
        described(app).judge(answer.request.method, answer.request.url.raw_path.decode().partition("?")[0], answer)

    return {"response": [judge]}
