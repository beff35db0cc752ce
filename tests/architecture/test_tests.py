"""Tests: named as sentences, without sleeps, without mocks of what they stand on."""

import ast
import re

from tests.architecture.tree import Function, functions, modules, parsed, shown, text

MOCKS = re.compile(r"unittest\.mock|mongomock|TestKafkaBroker|MagicMock|AsyncMock")
OURS = "tests/architecture"


def _sleeps(tree: ast.AST, *, looping: bool = False) -> list[ast.Call]:
    """Calls of sleep outside a loop that waits for a condition; `sleep(0)` only lets others run."""
    found = []
    for node in ast.iter_child_nodes(tree):
        inside = isinstance(node, ast.While) or (looping and not isinstance(node, Function))
        if isinstance(node, ast.Call) and _is_sleep(node) and not inside:
            found.append(node)
        found += _sleeps(node, looping=inside)
    return found


def _is_sleep(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    zero = bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    return name == "sleep" and not zero


def test_no_test_sleeps_instead_of_waiting_for_something():
    slept = [f"{shown(path)}:{call.lineno}" for path in modules("tests") for call in _sleeps(parsed(path))]
    assert slept == []


def test_a_sleep_would_be_seen():
    assert _sleeps(ast.parse("async def test_x():\n    await asyncio.sleep(1)"))
    assert _sleeps(ast.parse("for _ in range(3):\n    time.sleep(0.1)"))
    assert not _sleeps(ast.parse("while not done():\n    time.sleep(0.1)"))
    assert not _sleeps(ast.parse("await asyncio.sleep(0)"))


def test_no_library_that_stands_in_for_kafka_or_mongodb_is_used():
    mocked = [shown(path) for path in modules("tests") if OURS not in str(path) and MOCKS.search(text(path))]
    assert mocked == []


def test_names_of_tests_are_sentences():
    short = [
        f"{shown(path, one)} {one.name}"
        for path in modules("tests")
        for one in functions(path)
        if one.name.startswith("test_") and one.name.count("_") < 3
    ]
    assert short == []
