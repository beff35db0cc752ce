"""`./rsoko test`: all that CI runs, on the embedded platform, which the tests start and stop themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import typer

from deploy.cli.check import Step, commands, take
from deploy.cli.show import progress
from deploy.local import tools
from deploy.local.settings import ROOT

CONTEXT = {"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False}
# What starts servers, in three rows side by side, since each waits much: the stores of a test and what people see,
# the whole platform from outside, and its faults behind the quick part.
SHOWN, WHOLE, FAULTS = ("tests/integration", "tests/browser"), "tests/e2e", "tests/faults"
Words = Annotated[list[str] | None, typer.Argument(help="аргументы pytest; без них — проверки кода и все тесты")]
Faults = Annotated[int | None, typer.Option(min=1, help="сколько сбоев внести (по умолчанию 20)")]


def run_tests(words: Words = None, *, faults: Faults = None) -> None:
    """Прогнать всё, что прогоняет CI; с аргументами — только названное, через pytest."""
    given = list(words or [])
    _provide(given)
    os.chdir(ROOT)
    more = [] if faults is None else ["--faults", str(faults)]
    if given:
        argv = [sys.executable, "-m", "pytest", *given, *more]
        progress(f"pytest {' '.join(argv[3:])}")
        os.execv(argv[0], argv)  # noqa: S606 (our own words)
    last = {"faults": _pytest("-q", FAULTS, *more)}
    if not _rows(_pytest(*SHOWN), {"e2e": _pytest("-q", WHOLE)}, commands() | last):
        raise typer.Exit(1)


def _pytest(*words: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *words]


def _rows(shown: list[str], *beside: dict[str, list[str]]) -> bool:
    """One row of work that shows what it does, and others beside it that speak of failures only; whether all passed."""
    progress(f"pytest {' '.join(shown[3:])}; рядом: {', '.join(name for row in beside for name in row)}")
    with ThreadPoolExecutor(max_workers=len(beside)) as pool:
        taken = [pool.submit(_in_turn, row) for row in beside]
        done = subprocess.run(shown, check=False)  # noqa: S603 (our own words)
        failed = [step.name for row in taken for step in row.result() if not step.passed]
    failed += ["pytest"] * bool(done.returncode)
    progress(f"не прошло: {', '.join(failed)}" if failed else "прошло всё")
    return not failed


def _in_turn(row: dict[str, list[str]]) -> list[Step]:
    return [take(*item) for item in row.items()]


def _provide(words: list[str]) -> None:
    """Programs that the named tests need, or a word on how to get them."""
    if skipped := tools.without():
        progress(f"{tools.WITHOUT}: тесты, которым нужно {', '.join(sorted(skipped))}, будут пропущены")
    try:
        tools.provide(tools.wanted(words), progress)
    except tools.Missing as missing:
        sys.stderr.write(f"Ошибка: {missing}\n")
        raise typer.Exit(1) from None
