"""`./rsoko test`: all that CI runs, on the embedded platform, which the tests start and stop themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import typer

from deploy.cli.check import commands, take
from deploy.cli.show import progress
from deploy.local import tools
from deploy.local.settings import ROOT

CONTEXT = {"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False}
# What starts servers, first what minds neighbours least: beside it run the quick part and then the faults.
SLOW, FAULTS = ("tests/integration", "tests/browser", "tests/e2e"), "tests/faults"
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
    slow = [sys.executable, "-m", "pytest", *SLOW]
    if not _both(slow, {**commands(), "faults": [sys.executable, "-m", "pytest", "-q", FAULTS, *more]}):
        raise typer.Exit(1)


def _both(slow: list[str], fast: dict[str, list[str]]) -> bool:
    """Two rows of work side by side, for each waits much; whether all passed."""
    progress(f"pytest {' '.join(slow[3:])}; рядом: {', '.join(fast)}")
    with ThreadPoolExecutor(max_workers=1) as pool:
        beside = pool.submit(lambda: [take(*item) for item in fast.items()])
        done = subprocess.run(slow, check=False)  # noqa: S603 (our own words)
        failed = [step.name for step in beside.result() if not step.passed]
    failed += ["pytest"] * bool(done.returncode)
    progress(f"не прошло: {', '.join(failed)}" if failed else "прошло всё")
    return not failed


def _provide(words: list[str]) -> None:
    """Programs that the named tests need, or a word on how to get them."""
    if skipped := tools.without():
        progress(f"{tools.WITHOUT}: тесты, которым нужно {', '.join(sorted(skipped))}, будут пропущены")
    try:
        tools.provide(tools.wanted(words), progress)
    except tools.Missing as missing:
        sys.stderr.write(f"Ошибка: {missing}\n")
        raise typer.Exit(1) from None
