"""`./rsoko check`: the fast part: style, types, imports, and the tests that need no server."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import typer

from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.local import tools
from deploy.local.settings import ROOT

BIN = Path(sys.executable).parent
AT_ONCE = 2
# Longer than two hundred faults on a busy machine: what takes that long hangs, and should say where.
PATIENCE = 4500
# What pytest says at its end: "12 passed", "1 skipped".
COUNTED = re.compile(r"(\d+ (?:passed|failed|errors?|skipped))(?=[, ].*in [\d.]+s)")
# Tests without servers, as two halves: one process would leave the other processor idle.
QUICK = {"unit": ("tests/unit",), "contracts": ("tests/contracts", "tests/architecture")}


@dataclass(frozen=True, slots=True)
class Step:
    """What a step ended with, its seconds, and what it printed."""

    name: str
    passed: bool
    seconds: float
    output: str


def check(*, json: AsJson = False) -> None:
    """Быстрая часть проверок: стиль, типы, зависимости модулей, тесты без серверов."""
    try:
        tools.provide(tools.wanted([folder for folders in QUICK.values() for folder in folders]), progress)
    except tools.Missing as missing:
        sys.stderr.write(f"Ошибка: {missing}\n")
        raise typer.Exit(1) from None
    done = run(commands())
    if json:
        items = [{"name": s.name, "passed": s.passed, "seconds": round(s.seconds, 1)} for s in done]
        answer_json({"items": items})
    if not all(step.passed for step in done):
        raise typer.Exit(1)


def commands() -> dict[str, list[str]]:
    """List the steps, longest first, so that two at a time end together."""
    return {
        **{name: [sys.executable, "-m", "pytest", "-q", *folders] for name, folders in QUICK.items()},
        "mypy": [sys.executable, "-m", "mypy"],
        "imports": [str(BIN / "lint-imports")],
        "ruff": [sys.executable, "-m", "ruff", "check"],
        "format": [sys.executable, "-m", "ruff", "format", "--check"],
    }


def run(
    chosen: dict[str, list[str]], *, at_once: int = AT_ONCE, wait: Callable[[list[str]], str | None] = lambda _: None
) -> list[Step]:
    """Run the steps in this order, some at a time; `wait` for what one needs says why it cannot be had, if so."""
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        return list(pool.map(lambda item: _tell(_take(item[0], item[1], wait)), chosen.items()))


def _take(name: str, argv: list[str], wait: Callable[[list[str]], str | None]) -> Step:
    """Run one step; what never comes to an end has failed."""
    if lacking := wait(argv):
        return Step(name, False, 0.0, lacking)
    began = time.monotonic()
    try:
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 (our own words)
        passed, said = done.returncode == 0, done.stdout + done.stderr
    except subprocess.TimeoutExpired as hung:
        passed, said = False, (hung.stdout or b"") + (hung.stderr or b"") + f"\nне кончилось за {PATIENCE} с".encode()
    return Step(name, passed, time.monotonic() - began, said.decode(errors="replace"))


def _tell(step: Step) -> Step:
    """Tell how a step ended; its output only where it failed."""
    counted = COUNTED.findall(step.output)
    sys.stderr.write(f"{'✓' if step.passed else '✗'} {step.name:<25} {step.seconds:6.1f} с  {', '.join(counted)}\n")
    if not step.passed:
        answer(step.output.rstrip())
    return step
