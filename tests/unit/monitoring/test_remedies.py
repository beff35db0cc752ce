"""Every refusal of monitoring says how to mend it, also one that names no place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.monitoring.domain import Decision, Row
from services.monitoring.domain.acceptance import Outcome
from services.monitoring.usecases.remedies import REMEDIES
from services.monitoring.usecases.showing import show_refusal, show_report
from shared.envelope import Unreadable, open_request
from shared.kernel import Cause, Refused
from tests.architecture.tree import ROOT, parsed

REFUSALS = {"Refused", "Forbidden", "Conflict", "Unreadable", "_refused", "_OddNumber"}
# What refuses one event or row, beside the wrong places of a result.
WHOLE = [
    *(f"services/monitoring/{one}.py" for one in ("domain/acceptance", "usecases/hearing", "usecases/permitting")),
    *("services/monitoring/api/events.py", "shared/envelope.py", "shared/exactjson.py", "shared/policy.py"),
]
# Refuses a whole request, before there is a report of it.
OTHERWISE = {"too-many-items"}
# What the broker refuses before the intake reads it; none of these comes over HTTP.
OF_RECORDS = {"bad-key", "failed", "foreign-type"}
PARTS = {"FieldError": 4, "_error": 4, "wrong": 4}


def _text(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_text(node.body), *_text(node.orelse))


def _codes(path: Path) -> Iterator[str]:
    """The codes of refusals that name no place."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS and node.args:
            if not any(one.arg == "errors" for one in node.keywords):
                yield from _text(node.args[0])
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
            yield from _text(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name == "_wrong" and path.name == "envelope.py":
            told = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            yield from (text for one in told if isinstance(one, ast.Tuple) for text in _text(one.elts[0]))


def test_every_refusal_without_a_place_has_a_remedy():
    found = {code for name in WHOLE for code in _codes(ROOT / name)} - OTHERWISE
    assert {"event-id-reused", "result-exists", "batch-refused", "unsupported-version", "empty-value"} <= found
    assert found | OF_RECORDS == set(REMEDIES)
    assert [code for code, remedy in REMEDIES.items() if not remedy.endswith(".")] == []


def test_every_wrong_place_has_a_remedy():
    lacking = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "services/monitoring").rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and len(node.args) < PARTS.get(ast.unparse(node.func).rpartition(".")[2], 0)
        and not any(isinstance(one, ast.Starred) for one in node.args)
    ]
    assert lacking == []


@pytest.mark.parametrize("code", ["event-id-reused", "a-new-one"])
def test_a_line_of_a_report_says_how_to_mend_it(code: str):
    outcome = Outcome("refused", refused=Refused(code, "Событие не принято"))
    [line] = show_report([Row(None, None, Cause("c"), "system:x")], Decision([outcome]))["items"]
    assert line["errors"][0]["remedy"]


@pytest.mark.parametrize("code", ["bad-key", "event-id-reused"])
def test_a_listed_refusal_says_how_to_mend_it(code: str):
    letter = dict.fromkeys(("_id", "source", "event", "at"), "x") | {"code": code, "message": "Слова.", "errors": []}
    [line] = show_refusal(letter)["errors"]
    assert line == {"pointer": "", "code": code, "message": "Слова.", "remedy": REMEDIES[code]}


def test_what_is_missing_is_called_as_cloudevents_calls_it():
    with pytest.raises(Unreadable) as found:
        open_request({"ce-id": "1"}, b"{}")
    assert found.value.message.endswith("CloudEvents: source, type, specversion.")
