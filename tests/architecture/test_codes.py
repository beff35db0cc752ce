"""Codes of refusals: one pattern for what is not there, for what is named wrongly, for what is too much."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import modules, nodes, shown

REFUSALS = {
    "Refused",
    "Malformed",
    "Unauthenticated",
    "Forbidden",
    "NotFound",
    "Conflict",
    "Stale",
    "PreconditionRequired",
    "TooLarge",
    "Unsupported",
    "TooMany",
}
KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# What exists, but not on the day asked about, is not there either.
NOT_THERE = re.compile(r"[a-z]+(-[a-z]+)*-(not-found|did-not-exist)")


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _codes(path: Path) -> Iterator[tuple[str, str, str]]:
    """Place, refusal and code of every refusal and wrong field that names its code on the spot."""
    for node in nodes(path):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node)
        texts = [one.value for one in node.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in REFUSALS and node.args and isinstance(node.args[0], ast.Constant):
            yield shown(path, node), name, texts[0]
        elif name in {"FieldError", "wrong", "_error"} and texts and KEBAB.fullmatch(texts[-1]):
            yield shown(path, node), "FieldError", texts[-1]


CODES = [one for path in modules("services", "shared") for one in _codes(path)]


def test_refusals_are_found_at_all():
    assert {"NotFound", "Refused", "Conflict", "TooLarge", "FieldError"} <= {name for _, name, _ in CODES}
    assert len(CODES) > 60


def test_codes_are_kebab_case():
    assert [one for one in CODES if not KEBAB.fullmatch(one[2])] == []


def test_what_is_not_there_is_called_not_found():
    assert [one for one in CODES if (one[1] == "NotFound") != bool(NOT_THERE.fullmatch(one[2]))] == []


def test_an_unknown_reference_begins_with_unknown():
    odd = [one for one in CODES if re.search(r"-unknown\b|^no-such|-missing$", one[2])]
    assert odd == []
    assert [one for one in CODES if one[2].startswith("unknown-") and one[1] not in {"Refused", "FieldError"}] == []


@pytest.mark.parametrize("code", sorted({code for _, _, code in CODES if code.startswith("too-")}))
def test_too_much_says_of_what(code: str):
    named = {name for _, name, found in CODES if found == code}
    assert code != "too-many"
    assert (code == "body-too-large") == ("TooLarge" in named)
    assert code != "too-many-items" or named <= {"Refused", "FieldError"}


def test_bytes_of_a_body_are_the_only_413():
    assert {code for _, name, code in CODES if name == "TooLarge"} == {"body-too-large"}
