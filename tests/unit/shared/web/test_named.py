"""Named shapes are lifted to the components once; two of one name are a mistake."""

from typing import Any

import pytest

from shared.web.named import lift_named

THING = {"type": "object", "title": "Thing", "properties": {"id": {"type": "string"}}}


def _document(**schemas: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "array", "items": THING}}}
    return {"paths": {"/x": {"post": {"requestBody": {"content": content}}}}, "components": {"schemas": schemas}}


def test_a_named_shape_stands_once_among_the_components() -> None:
    many = {"type": "object", "title": "Many", "properties": {"items": {"type": "array", "items": THING}}}
    document = _document(Many=many)
    lift_named(document)
    reference = {"$ref": "#/components/schemas/Thing"}
    assert document["components"]["schemas"] == {
        "Many": many | {"properties": {"items": {"type": "array", "items": reference}}},
        "Thing": THING,
    }
    content = document["paths"]["/x"]["post"]["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"type": "array", "items": reference}


def test_a_property_that_has_a_title_or_no_fields_stays_where_it_is() -> None:
    plain = {"type": "object", "properties": {"a": {"type": "object", "title": "A"}, "b": {"title": "B"}}}
    document = _document(Plain=plain)
    lift_named(document)
    assert document["components"]["schemas"]["Plain"] == plain


def test_two_shapes_of_one_name_are_refused() -> None:
    with pytest.raises(LookupError, match="two shapes are called Thing"):
        lift_named(_document(Thing={"type": "object", "title": "Thing", "properties": {}}))
