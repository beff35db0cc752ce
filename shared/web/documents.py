"""The API for its readers, offline: `/openapi.json`, `/docs`, `/asyncapi.json`, `/asyncapi`."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shared import asyncapi
from shared.exactjson import write
from shared.kernel import Event
from shared.policy import the_policy
from shared.web.access import action_of
from shared.web.answers import cached
from shared.web.conditions import expected_revision
from shared.web.eventpage import event_page
from shared.web.files import KeptFiles
from shared.web.named import lift_named
from shared.web.problems import MEDIA_TYPE
from shared.web.shapes import header

STATIC = Path(__file__).resolve().parent.parent / "static"
_SWAGGER = next((STATIC / "vendor").glob("swagger-ui-dist-*")).name
_START = "onload=()=>SwaggerUIBundle({url:'/openapi.json',dom_id:'#docs',validatorUrl:null,deepLinking:true});"
_HASH = base64.b64encode(hashlib.sha256(_START.encode()).digest()).decode()
_PAGE = f"""<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title: API</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/static/vendor/{_SWAGGER}/swagger-ui.css"></head>
<body><div id="docs"></div>
<noscript>Описание API в виде документа: <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/static/vendor/{_SWAGGER}/swagger-ui-bundle.js"></script>
<script>{_START}</script></body></html>"""
_SCRIPTED = (
    f"default-src 'none'; script-src 'self' 'sha256-{_HASH}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PLAIN = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/invalid-request"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message", "remedy"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "remedy": {"type": "string"},
                    "in": {"type": "string", "enum": ["query", "path", "header", "cookie"]},
                },
            },
        },
    },
}
BODILESS = {"204", "304"}
_REFUSAL = {
    "description": "Отказ или сбой (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


_PAGE_SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["items", "next"],
    "properties": {"items": {"type": "array", "items": {"type": "object"}}, "next": {"type": ["string", "null"]}},
}


def _answer(operation: dict[str, Any]) -> dict[str, Any]:
    """What a JSON answer without a shape of its own is: a page where there are cursors, else an object."""
    paged = any(one["name"] == "cursor" for one in operation.get("parameters", ()))
    return {"application/json": {"schema": _PAGE_SHAPE if paged else {"type": "object"}}}


def _headers(status: str, content: Mapping[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """The headers of an answer that follow from what the operation is."""
    if status == "201":
        return header("Location", "адрес того, что создано")
    paged = any(one["name"] == "cursor" for one in operation.get("parameters", ()))
    if status == "200" and paged and "application/json" in content:
        return header("Link", 'следующая страница, если она есть: <адрес>; rel="next"', required=False)
    return {}


def _answered(status: str, response: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """One answer of an operation: its own shape instead of what FastAPI guesses, nothing where there is no body."""
    content = response.get("content", {})
    if headers := response.get("headers", {}) | _headers(status, content, operation):
        response["headers"] = headers
    if status in BODILESS:
        return {name: told for name, told in response.items() if name != "content"}
    for one in content.values():
        if reference := one.get("schema", {}).get("$ref"):
            one["schema"] = {"$ref": reference}
    # FastAPI takes every answer that is not its own JSONResponse for a text.
    if not content or content.get("application/json", {}).get("schema") in ({"type": "string"}, {}):
        return response | {"content": content | _answer(operation)}
    return response


def _describe(operation: dict[str, Any], route: APIRoute) -> None:
    if _asks_revision(route.dependant):
        told = next(one for one in operation["parameters"] if one["name"] == "if-match")
        told |= {"required": True, "schema": {"type": "string", "title": told["schema"]["title"]}}
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    responses |= {status: _answered(status, response, operation) for status, response in responses.items()}
    responses["default"] = _REFUSAL
    responses["4XX"] = _REFUSAL
    action = action_of(route)
    if action is not None:
        operation["x-action"] = action
        open_to_all = "everyone" in the_policy().actions[action]
        operation["security"] = [{"bearer": []}, *([{}] if open_to_all else [])]


def _asks_revision(dependant: Dependant) -> bool:
    """Whether a door answers 428 to whoever names no revision."""
    return dependant.call is expected_revision or any(map(_asks_revision, dependant.dependencies))


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document: problems as the refusals, the bearer scheme, the action of each operation."""
    # Generators name projects and packages by the title: it is in Latin letters, its Russian words are the summary.
    title = f"RSOKO {app.state.service}"
    told = get_openapi(
        title=title, summary=app.title, version=app.version, description=app.description, routes=app.routes
    )
    routes = {
        (route.path_format, method.lower()): route
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    for path, operations in told.get("paths", {}).items():
        for method, operation in operations.items():
            if (path, method) in routes:
                _describe(operation, routes[path, method])
    components = told.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    lift_named(told)
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    return told


def _html(text: str | bytes, policy: str) -> Response:
    return Response(
        text, media_type="text/html", headers={"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    )


def document_routes(app: FastAPI, *, told: Sequence[type[Event]], heard: Sequence[type[Event]]) -> APIRouter:
    """The four documents of a service; each is made when first asked for, and kept: anybody may ask."""
    routes = APIRouter(include_in_schema=False)
    made: dict[str, bytes] = {}
    service = str(app.state.service)

    def events() -> dict[str, Any]:
        return asyncapi.document(service=service, title=app.title, told=told, heard=heard)

    @routes.get("/openapi.json")
    async def openapi(request: Request) -> Response:
        body = made.get("openapi") or made.setdefault("openapi", write(app.openapi()))
        return cached(request, body)

    @routes.get("/docs")
    async def docs() -> Response:
        return _html(_PAGE.replace("$title", escape(app.title)), _SCRIPTED)

    @routes.get("/asyncapi.json")
    async def asyncapi_json(request: Request) -> Response:
        body = made.get("asyncapi") or made.setdefault("asyncapi", json.dumps(events(), ensure_ascii=False).encode())
        return cached(request, body)

    @routes.get("/asyncapi")
    async def asyncapi_page() -> Response:
        body = made.get("events") or made.setdefault("events", event_page(events()).encode())
        return _html(body, _PLAIN)

    app.mount("/docs/static", KeptFiles(STATIC), name="docs-static")
    return routes
