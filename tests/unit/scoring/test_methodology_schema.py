"""The JSON Schema of the methodology's format says the same as the reader, where a schema can say it at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from services.scoring.domain import methodology_from_yaml, read_methodology
from services.scoring.domain.rule_reading import KINDS
from shared.kernel import Refused
from tests.unit.scoring.compared import compared
from tests.unit.scoring.made import DOCUMENT
from tests.unit.scoring.test_edition import WRONG, changed

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "data/methodologies/methodology.schema.json").read_text(encoding="utf-8"))
BUILT_IN = (ROOT / "data/methodologies/complex-analytics-2022.yaml").read_text(encoding="utf-8")
EVERY_RULE = (ROOT / "docs/methodology.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
# What compares one place with another; a schema sees each place alone, and of a text only its form.
BETWEEN_PLACES = {
    "duplicate-key", "overlap", "empty-range", "unknown-procedure", "out-of-range", "unknown-period", "not-a-band",
    "reserved-key",
}  # fmt: skip
schema = Draft202012Validator(SCHEMA)


def codes(document: Any) -> set[str]:
    """What the reader finds wrong."""
    try:
        read_methodology(document)
    except Refused as refused:
        return {error.code for error in refused.errors}
    return set()


def agree(document: Any) -> None:
    found, fits = codes(document), schema.is_valid(document)
    if fits:
        assert found <= BETWEEN_PLACES
    else:
        assert found, [error.message for error in schema.iter_errors(document)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("document", [DOCUMENT, compared(), methodology_from_yaml(BUILT_IN)[1]])
def test_what_is_accepted_fits(document: dict[str, Any]) -> None:
    assert [error.message for error in schema.iter_errors(document)] == []


def test_the_example_of_the_documentation_is_accepted_by_both() -> None:
    methodology, document = methodology_from_yaml(EVERY_RULE)
    schema.validate(document)
    kinds = {one.rule.data()["kind"] for procedure in methodology.procedures.values() for one in procedure.indicators}
    assert kinds == set(KINDS)
    assert methodology.act


KNOWN = [(path, value) for path, value, *_ in WRONG if path != "/extra" and str(value) != "NaN"]


@pytest.mark.parametrize(("path", "value"), KNOWN)
def test_every_known_refusal_is_one_of_the_schema_unless_it_compares_places(path: str, value: Any) -> None:
    agree(changed(path, value))


plain = (
    st.none()
    | st.booleans()
    | st.integers(-5, 3_005)
    | st.decimals(-5, 105, places=2).filter(lambda one: one != one.to_integral_value())
    | st.sampled_from(
        ["", " ", "ключ", "key", "1.5", "-1", "1/3", "0/7", "0.0", "2022", "2021-2022", "direct", "steps"]
    )
    | st.text(max_size=4)
)
values = st.recursive(
    plain,
    lambda deeper: (
        st.lists(deeper, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "from", "to", "steps", "better", "low", "extra"]), deeper, max_size=3
        )
    ),
    max_leaves=6,
)


def places(document: Any, at: str = "") -> list[str]:
    """The pointers of everything in a document."""
    steps: list[tuple[Any, Any]] = []
    if isinstance(document, dict):
        steps = list(document.items())
    elif isinstance(document, list):
        steps = list(enumerate(document))
    return [found for key, deeper in steps for found in (f"{at}/{key}", *places(deeper, f"{at}/{key}"))]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(DOCUMENT)), values)
def test_any_value_at_any_place_is_judged_alike(path: str, value: Any) -> None:
    agree(changed(path, value))
