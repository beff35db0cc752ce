"""Answers of the other services for pages tested without a server: by method and path, in the shapes of the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

OWN = "74-zlatoustovsky-go"
PROCEDURE = {
    "key": "vpr", "code": 10, "group": "results", "name": "Всероссийские проверочные работы", "maximum": "3",
    "assumed": True, "subject": "either", "permitted_uses": ["analysis"], "act": None, "revision": 1,
    "indicators": [
        {"key": "i1", "name": "Охват", "maximum": "2"},
        {"key": "i2", "name": "Объективность", "maximum": "1"},
    ],
}  # fmt: skip
RESULT: dict[str, Any] = {
    "id": "r1", "revision": 2, "status": "accepted", "recorded_at": "2022-11-02T04:00:00+00:00", "procedure": "vpr",
    "subject": {"municipality": {"id": OWN, "name": "Златоустовский ГО", "oktmo": "75712000"}}, "period": "2022",
    "values": {"i1": "1.5", "i2": None}, "not_applicable": None, "source": "gis-education", "notify": True,
    "occurred_at": "2022-11-01T04:00:00+00:00", "comment": None, "reason": "Ошибка ввода",
    "submitted_by": "municipality",
}  # fmt: skip
FIRST = {**RESULT, "revision": 1, "values": {"i1": "2", "i2": None}, "reason": None}
Reply = httpx.Response | Callable[[httpx.Request], httpx.Response]


def listed(*items: Any, **beside: Any) -> httpx.Response:
    """A list as the services answer it."""
    return httpx.Response(200, json={"items": list(items), "next": None, **beside})


def refused(status: int, code: str, *errors: tuple[str, str], **beside: Any) -> httpx.Response:
    """A problem with wrong places: pointer and code."""
    told = [{"pointer": place, "code": one, "message": f"Неверно: {one}.", "remedy": "null"} for place, one in errors]
    document = {"title": "Отказ", "detail": f"Отказ {code}", "status": status, "code": code, "errors": told, **beside}
    return httpx.Response(status, json=document, headers={"content-type": "application/problem+json"})


@dataclass
class Services:
    """What each address answers; an address that is not named is away (503)."""

    replies: Mapping[str, Reply] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        reply = self.replies.get(f"{request.method} {request.url.host.removesuffix('.test')} {request.url.path}")
        if reply is None:
            return httpx.Response(503)
        return reply(request) if callable(reply) else reply


def monitoring(**change: Reply) -> dict[str, Reply]:
    """A monitoring service with one procedure and one result; named replies stand in for its own."""
    doors = {
        "procedures": "GET monitoring /v1/procedures",
        "procedure": "GET monitoring /v1/procedures/vpr",
        "results": "GET monitoring /v1/results",
        "submit": "POST monitoring /v1/results",
        "result": "GET monitoring /v1/results/r1",
        "revisions": "GET monitoring /v1/results/r1/revisions",
        "revise": "POST monitoring /v1/results/r1/revisions",
        "source": "GET monitoring /v1/sources/gis-education",
    }
    usual: dict[str, Reply] = {
        "procedures": listed(PROCEDURE),
        "procedure": httpx.Response(200, json=PROCEDURE),
        "results": listed(),
        "submit": httpx.Response(201, json={**RESULT, "revision": 1}),
        "result": httpx.Response(200, json=RESULT, headers={"etag": '"2"'}),
        "revisions": listed(FIRST, RESULT),
        "revise": httpx.Response(201, json={**RESULT, "revision": 3}),
    }
    return {doors[name]: reply for name, reply in {**usual, **change}.items()}
