"""`./rsoko test`: all that CI runs, on the embedded platform, which the tests start and stop themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from typing import IO, Annotated

import typer

from deploy.cli.check import steps
from deploy.cli.show import progress
from deploy.local import tools
from deploy.local.settings import ROOT

CONTEXT = {"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False}
FAULTS = "tests/faults"
Words = Annotated[list[str] | None, typer.Argument(help="аргументы pytest; без них — проверки кода и все тесты")]
Faults = Annotated[int | None, typer.Option(min=1, help="сколько сбоев внести (по умолчанию 20)")]


def run_tests(words: Words = None, *, faults: Faults = None) -> None:
    """Прогнать всё, что прогоняет CI; с аргументами — только названное, через pytest."""
    given = list(words or [])
    if not given and not steps(("ruff", "format", "mypy", "imports")):
        raise typer.Exit(1)
    _provide(given)
    os.chdir(ROOT)
    if not given:
        raise typer.Exit(_both(faults))
    argv = _pytest(*given, faults=faults)
    progress(f"pytest {' '.join(argv[3:])}")
    os.execv(argv[0], argv)  # noqa: S606 (our own words)


def _pytest(*words: str, faults: int | None) -> list[str]:
    return [sys.executable, "-m", "pytest", *words, *(() if faults is None else ("--faults", str(faults)))]


def _both(faults: int | None) -> int:
    """The faults wait for most of their time, so they run beside all other tests; their words come at the end."""
    progress(f"pytest {FAULTS}: рядом с остальными тестами, вывод — в конце")
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told:
        beside = subprocess.Popen(_pytest(FAULTS, faults=faults), stdout=told, stderr=subprocess.STDOUT)  # noqa: S603 (our own words)
        try:
            others = subprocess.run(_pytest(f"--ignore={FAULTS}", faults=None), check=False).returncode  # noqa: S603 (our own words)
            progress(f"pytest {FAULTS}: жду")
            fell = beside.wait()
        finally:
            _end(beside)
        _show(told)
    return others or fell


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nobody waits for it any more: let it take down what it has started."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait()


def _show(told: IO[str]) -> None:
    told.seek(0)
    sys.stdout.writelines(told)
    sys.stdout.flush()


def _provide(words: list[str]) -> None:
    """Programs that the named tests need, or a word on how to get them."""
    if skipped := tools.without():
        progress(f"{tools.WITHOUT}: тесты, которым нужно {', '.join(sorted(skipped))}, будут пропущены")
    try:
        tools.provide(tools.wanted(words), progress)
    except tools.Missing as missing:
        sys.stderr.write(f"Ошибка: {missing}\n")
        raise typer.Exit(1) from None
