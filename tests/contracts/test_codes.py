"""Codes of refusals are never renamed: programs of others decide by them. `codes.txt` keeps every released one."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import modules, parsed

KEPT = Path(__file__).parent / "codes.txt"
ACCEPT = "RSOKO_ACCEPT=1 .venv/bin/python -m pytest tests/contracts/test_codes.py"
GO_ON = """is no code any more, and whoever decides by it would not know the refusal again. Bring it back under its name
(titles and words may change freely); where its case cannot happen any more, name it in RETIRED with the reason, and in
the changelog."""
# Released once, told no more: code, since which version and why its case cannot happen.
RETIRED: dict[str, str] = {}
WORD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Where the code stands among the arguments of what refuses.
PLACES = {
    **dict.fromkeys(("Refused", "Malformed", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "Stale"), 0),
    **dict.fromkeys(("PreconditionRequired", "TooLarge", "Unsupported", "TooMany", "Unreadable", "Contradiction"), 0),
    "FieldError": 1,
    "Buried": 1,
    "problem": 1,
    "_OddNumber": 0,
}
# Helpers of a module that make one of these, and tables of codes: what looks like a code there is one.
HELPER = re.compile(r"_?(wrong|error|refused|invalid|uncorrected|unanswered|check_known|gaps)")
TABLES = ("shared/web/invalid.py", "shared/web/problems.py")


def _product() -> tuple[Path, ...]:
    """What answers other systems; the portal's pages are for people."""
    return tuple(path for path in modules("services", "shared") if "portal" not in path.parts)


def _words(node: ast.AST) -> Iterator[str]:
    """Texts that look like codes, but not those inside another call."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.fullmatch(node.value):
        yield node.value
    elif not isinstance(node, ast.Call | ast.Subscript):
        for inner in ast.iter_child_nodes(node):
            yield from _words(inner)


def _told(node: ast.AST) -> Iterator[str]:
    """The codes that a call tells, or that are put into something called `code`."""
    if isinstance(node, ast.Assign) and "code" in {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}:
        yield from (word for word in _words(node.value) if "-" in word)
    elif isinstance(node, ast.arguments):
        named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
        yield from (word for one, default in named if one.arg == "code" and default for word in _words(default))
    elif isinstance(node, ast.Call):
        yield from _called(node)


def _called(call: ast.Call) -> Iterator[str]:
    yield from (word for one in call.keywords if one.arg == "code" for word in _words(one.value))
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in PLACES:
        yield from (word for one in call.args[PLACES[name] : PLACES[name] + 1] for word in _words(one))
    elif HELPER.fullmatch(name):
        yield from (word for one in call.args for word in _words(one) if "-" in word)


def _codes() -> set[str]:
    """Every code that the product tells, as far as it stands where a refusal is made."""
    found: set[str] = set()
    for path in _product():
        table = any(path.as_posix().endswith(one) for one in TABLES)
        for node in ast.walk(parsed(path)):
            found |= set(_told(node))
            if table and isinstance(node, ast.Constant) and isinstance(node.value, str) and "-" in node.value:
                found |= {node.value} if WORD.fullmatch(node.value) else set()
    return found


_TOLD = _codes()
RELEASED = set(KEPT.read_text(encoding="utf-8").split()) if KEPT.exists() else set()


@pytest.mark.parametrize("code", sorted(RELEASED - RETIRED.keys()))
def test_a_released_code_is_still_told(code: str):
    assert code in _TOLD, f"«{code}» {GO_ON}"


def test_every_code_is_kept():
    codes = _TOLD
    if os.environ.get("RSOKO_ACCEPT"):
        KEPT.write_text("\n".join(sorted(RELEASED | codes)) + "\n", encoding="utf-8")
    kept = set(KEPT.read_text(encoding="utf-8").split())
    assert codes - kept == set(), f"new codes are kept from now on; if they are well named: {ACCEPT}"
    assert RETIRED.keys() <= kept
