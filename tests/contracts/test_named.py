"""A municipality in any answer is `{"id", "name", "oktmo"}`: whoever reads one need not ask the registry what it is."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from deploy.local import STORED

KEPT = Path(__file__).parent / "openapi"
NAMED = {"id", "name", "oktmo"}
# What is called so and is another thing: schema and field, why it is no municipality.
OTHERWISE = {
    ("monitoring", "ProcedureAnswer", "subject"): "of which kind subjects are",
    ("monitoring", "SourceAnswer", "subject"): "the same",
    ("monitoring", "SchoolAnswer", "subject"): "a school subject",
    ("scoring", "SchoolResult", "subject"): "a school subject",
    ("scoring", "PeriodAnswer", "municipalities"): "how many",
    ("registry", "OrganizationAnswer", "owner"): "whether a municipality owns it",
}
WORDS = ("municipal", "subject", "owner", "predecessor", "successor")


def _answered(schemas: Mapping[str, Any], operations: Mapping[str, Any]) -> set[str]:
    """The schemas that answers are made of."""
    found: set[str] = set()
    waiting: list[Any] = [one["answers"] for one in operations.values()]
    while waiting:
        told = waiting.pop()
        if isinstance(told, dict):
            name = str(told.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                waiting.append(schemas[name])
        waiting += told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return found


def _ends(schema: Any) -> Iterator[Any]:
    """What a field may be in the end: through lists and alternatives, without null and fixed words."""
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    if inner:
        for one in inner:
            yield from _ends(one)
    elif schema.get("type") != "null" and "const" not in schema:
        yield schema


def _bare(service: str) -> set[tuple[str, str, str]]:
    kept = json.loads((KEPT / f"{service}.json").read_text(encoding="utf-8"))
    schemas = kept["schemas"]

    def named(end: Mapping[str, Any]) -> bool:
        shape = schemas.get(str(end.get("$ref", "")).rpartition("/")[2], {})
        return bool(shape.get("properties")) and not isinstance(end.get("type"), str)

    return {
        (service, name, field)
        for name in _answered(schemas, kept["operations"])
        for field, told in schemas[name].get("properties", {}).items()
        if any(word in field for word in WORDS) and not all(named(end) for end in _ends(told))
    }


@pytest.mark.parametrize("service", STORED)
def test_a_municipality_in_any_answer_has_its_name_and_code(service: str):
    assert _bare(service) == {one for one in OTHERWISE if one[0] == service}


@pytest.mark.parametrize("service", STORED)
def test_what_a_municipality_refers_to_is_one_shape(service: str):
    schemas = json.loads((KEPT / f"{service}.json").read_text(encoding="utf-8"))["schemas"]
    shapes = {
        str(end.get("$ref", "")).rpartition("/")[2]
        for name, schema in schemas.items()
        for field, told in schema.get("properties", {}).items()
        if field == "municipality" and not name.endswith("Body")
        for end in _ends(told)
        if "$ref" in end
    }
    assert shapes
    for name in shapes:
        assert set(schemas[name]["required"]) >= NAMED, name
