"""Indexes over a part of a collection hold what queries ask for by value, and MongoDB can prove it."""

import importlib

import pytest

from deploy.local import STORED
from shared.mongo.schema import PLATFORM, Index


@pytest.mark.parametrize("service", STORED)
def test_no_index_is_over_a_part_that_no_query_by_value_is_known_to_lie_in(service: str):
    """`{"$type": "string"}` of a name is such a part: neither `name = x` nor `name in [...]` takes the index."""
    schemas = (*PLATFORM, *importlib.import_module(f"services.{service}.store").SCHEMAS)
    assert [f"{one.collection}: {index.name}" for one in schemas for index in one.indexes if _blind(index)] == []


def test_such_an_index_would_be_seen():
    assert _blind(Index((("a", 1),), partial={"a": {"$type": "string"}}))
    assert not _blind(Index((("a", 1),), partial={"a": {"$gt": ""}}))


def _blind(index: Index) -> bool:
    return any(isinstance(asked, dict) and "$type" in asked for asked in (index.partial or {}).values())
