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
SLOW = ("tests/integration", "tests/browser", "tests/e2e", "tests/faults")
Words = Annotated[list[str] | None, typer.Argument(help="аргументы pytest; без них — проверки кода и все тесты")]
Faults = Annotated[int | None, typer.Option(min=1, help="сколько сбоев внести (по умолчанию 20)")]


def run_tests(words: Words = None, *, faults: Faults = None) -> None:
    """Прогнать всё, что прогоняет CI; с аргументами — только названное, через pytest."""
    given = list(words or [])
    _provide(given)
    os.chdir(ROOT)
    argv = [sys.executable, "-m", "pytest", *(given or _slow())]
    if faults is not None:
        argv += ["--faults", str(faults)]
    progress(f"pytest {' '.join(argv[3:])}")
    if given:
        os.execv(argv[0], argv)  # noqa: S606 (our own words)
    if not _both(argv):
        raise typer.Exit(1)


def _slow() -> list[str]:
    """The folders whose tests start servers; first those that mind least what runs beside them."""
    return [folder for folder in SLOW if (ROOT / folder).is_dir()]


def _both(argv: list[str]) -> bool:
    """The tests that start servers, and beside them, for these wait much, the fast part; whether all passed."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        beside = pool.submit(lambda: [take(*item) for item in commands().items()])
        slow = subprocess.run(argv, check=False)  # noqa: S603 (our own words)
        fast = beside.result()
    failed = [step.name for step in fast if not step.passed] + ["pytest"] * bool(slow.returncode)
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
