"""HTTP as a contract: small snapshots per service, unique operation ids, every path of the fixed surface."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.local import SERVICES
from shared.web.invalid import PATTERNS
from tests.contracts.applications import applications, openapi_of

KEPT = Path(__file__).parent / "openapi"
ACCEPT = "RSOKO_ACCEPT=1 .venv/bin/pytest tests/contracts/test_openapi.py"
# The surface that other systems call: these may get siblings, but never go.
SURFACE: dict[str, set[str]] = {
    "registry": {
        "GET /v1/municipalities",
        "GET /v1/municipalities/{municipality}",
        "POST /v1/municipalities/import",
        "GET /v1/organizations",
        "GET /v1/organizations/{organization}",
        "POST /v1/organizations/import",
    },
    "monitoring": {
        "GET /v1/procedures",
        "GET /v1/procedures/{key}",
        "POST /v1/results",
        "POST /v1/results/batch",
        "GET /v1/results",
        "GET /v1/results/{result}",
        "GET /v1/results/{result}/revisions",
        "POST /v1/results/{result}/revisions",
        "POST /v1/events",
        "GET /v1/sources",
        "GET /v1/refusals",
    },
    "scoring": {
        "GET /v1/ratings/{period}",
        "GET /v1/scores/{municipality}",
        "GET /v1/scores/{municipality}/explain",
        "GET /v1/scores/{municipality}/history",
        "GET /v1/scores/{municipality}/next-level",
        "GET /v1/methodologies",
        "GET /v1/methodologies/{methodology}",
        "GET /v1/methodologies/{methodology}/check",
        "GET /v1/expert-community/{municipality}",
    },
    "notification": {
        "GET /v1/inbox",
        "GET /v1/stream",
        "GET /v1/subscriptions",
        "GET /v1/webhooks",
        "POST /v1/webhooks",
        "GET /v1/deliveries",
    },
    "portal": {"GET /"},
}
PARAMETERS = {
    "GET /v1/results": {"procedure", "municipality", "period", "changed_after", "cursor"},
    "POST /v1/results": {"idempotency-key"},
    "POST /v1/results/batch": {"atomic", "idempotency-key"},
    "POST /v1/results/{result}/revisions": {"if-match"},
    "GET /v1/refusals": {"source", "code", "cursor"},
    "GET /v1/ratings/{period}": {"period", "group", "as_of", "edition", "exclude"},
    "GET /v1/scores/{municipality}": {"period", "as_of"},
    "GET /v1/inbox": {"municipality", "kind", "since", "cursor"},
    "GET /v1/stream": {"last-event-id"},
}
EVERYWHERE = {"/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/asyncapi.json", "/asyncapi"}


def _operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[f"{method.upper()} {path}"] = operation
    return found


def _small(document: dict[str, Any]) -> dict[str, Any]:
    """What a caller depends on: ids, parameters with their schemas, bodies, answers with headers, actions; no words."""
    schemas = document["components"]["schemas"]
    shapes = {name: _wordless(schema) for name, schema in schemas.items()}
    return {"operations": {name: _shape(one) for name, one in _operations(document).items()}, "schemas": shapes}


def _shape(operation: dict[str, Any]) -> dict[str, Any]:
    parameters = {
        f"{one['in']} {one['name']}{' *' if one.get('required') else ''}": _wordless(one["schema"])
        for one in operation.get("parameters", ())
    }
    headers = {
        status: sorted(f"{name}{' *' if one['required'] else ''}" for name, one in answer["headers"].items())
        for status, answer in operation["responses"].items()
        if "headers" in answer
    }
    return {
        "id": operation["operationId"],
        "action": operation.get("x-action"),
        "parameters": parameters,
        "body": _wordless(operation.get("requestBody", {}).get("content", {})),
        "answers": {status: _media(answer) for status, answer in operation["responses"].items() if status[0] == "2"},
        **({"headers": headers} if headers else {}),
    }


def _media(answer: dict[str, Any]) -> dict[str, Any]:
    return {media: _wordless(one.get("schema", {})) for media, one in answer.get("content", {}).items()}


def _wordless(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_wordless(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    words = {"title", "description", "examples", "example"}
    return {name: _wordless(one) for name, one in schema.items() if name not in words or isinstance(one, dict)}


def differences(kept: Any, told: Any, place: str = "") -> list[str]:
    """Every place where two documents differ, in words."""
    if isinstance(kept, dict) and isinstance(told, dict):
        gone = [f"{place}/{name}: gone" for name in kept.keys() - told.keys()]
        new = [f"{place}/{name}: new" for name in told.keys() - kept.keys()]
        same = [
            line
            for name in kept.keys() & told.keys()
            for line in differences(kept[name], told[name], f"{place}/{name}")
        ]
        return sorted(gone + new) + same
    return [] if kept == told else [f"{place}: {json.dumps(kept)[:100]} → {json.dumps(told)[:100]}"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_serves_what_its_snapshot_says(service: str):
    told, path = _small(openapi_of(service)), KEPT / f"{service}.json"
    if os.environ.get("RSOKO_ACCEPT"):
        KEPT.mkdir(exist_ok=True)
        path.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert path.exists(), f"a new service has no snapshot yet: {ACCEPT}"
    changed = differences(json.loads(path.read_text(encoding="utf-8")), told)
    assert changed == [], f"accept it, if it is meant, with: {ACCEPT}"


@pytest.mark.parametrize("service", SERVICES)
def test_the_fixed_surface_is_there(service: str):
    found = _operations(openapi_of(service))
    surface = SURFACE.get(service, set())
    assert surface - found.keys() == set()
    for name in surface & PARAMETERS.keys():
        assert PARAMETERS[name] - {one["name"].lower() for one in found[name]["parameters"]} == set(), name
    assert EVERYWHERE - {getattr(route, "path", "") for route in applications()[service].routes} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_text_must_look_like_is_said_in_words_not_by_a_pattern(service: str):
    unsaid = _asked_patterns(openapi_of(service)) - PATTERNS.keys()
    assert unsaid == set(), "say it in words in PATTERNS (shared/web/invalid.py)"


def _asked_patterns(told: Any) -> set[str]:
    """The patterns of what a service is told: parameters and bodies; exact numbers have refusals of their own."""
    found: set[str] = set()
    if isinstance(told, dict):
        found |= {told["pattern"]} if isinstance(told.get("pattern"), str) else set()
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        found |= _asked_patterns(one)
    return {one for one in found if not one.startswith("^-?[0-9]")}


def test_operation_ids_are_unique_within_a_service_and_every_operation_names_its_action():
    for service in SERVICES:
        found = _operations(openapi_of(service))
        twice = [name for name, many in Counter(one["operationId"] for one in found.values()).items() if many > 1]
        assert twice == [], service
        assert [name for name, one in found.items() if not one.get("x-action")] == [], service


def test_a_header_that_must_be_there_is_described_so():
    found = _operations(openapi_of("monitoring"))
    told = {name: _shape(found[name]) for name in ("POST /v1/results/{result}/revisions", "PUT /v1/sources/{key}")}
    assert [{one for one in shape["parameters"] if "if-match" in one} for shape in told.values()] == [
        {"header if-match *"}, {"header if-match"},
    ]  # fmt: skip
    assert [shape["headers"]["201"] for shape in told.values()] == [["ETag *", "Location *"]] * 2
    assert _shape(found["GET /v1/results"])["headers"] == {"200": ["Link"]}


def test_a_change_is_told_by_its_place():
    kept = {"operations": {"GET /v1/x": {"id": "x", "answers": ["200"]}}}
    told = {"operations": {"GET /v1/x": {"id": "y", "answers": ["200"]}, "GET /v1/z": {}}}
    assert differences(kept, told) == ["/operations/GET /v1/z: new", '/operations/GET /v1/x/id: "x" → "y"']
