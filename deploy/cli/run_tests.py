"""`./rsoko test`: all that CI runs, on the embedded platform, which the tests start and stop themselves."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from deploy.cli.check import steps
from deploy.cli.show import progress
from deploy.local import tools
from deploy.local.settings import ROOT

CONTEXT = {"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False}
Words = Annotated[list[str] | None, typer.Argument(help="аргументы pytest; без них — проверки кода и все тесты")]
Faults = Annotated[int | None, typer.Option(min=1, help="сколько сбоев внести (по умолчанию 20)")]


def run_tests(words: Words = None, *, faults: Faults = None) -> None:
    """Прогнать всё, что прогоняет CI; с аргументами — только названное, через pytest."""
    given = list(words or [])
    if not given and not steps(("ruff", "format", "mypy", "imports")):
        raise typer.Exit(1)
    _provide(given)
    argv = [sys.executable, "-m", "pytest", *given]
    if faults is not None:
        argv += ["--faults", str(faults)]
    progress(f"pytest {' '.join(argv[3:]) or 'tests'}")
    os.chdir(ROOT)
    os.execv(argv[0], argv)  # noqa: S606 (our own words)


def _provide(words: list[str]) -> None:
    """Programs that the named tests need, or a word on how to get them."""
    if skipped := tools.without():
        progress(f"{tools.WITHOUT}: тесты, которым нужно {', '.join(sorted(skipped))}, будут пропущены")
    try:
        tools.provide(tools.wanted(words), progress)
    except tools.Missing as missing:
        sys.stderr.write(f"Ошибка: {missing}\n")
        raise typer.Exit(1) from None
