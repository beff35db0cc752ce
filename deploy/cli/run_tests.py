"""`./rsoko test`: all that CI runs, on the embedded platform, which the tests start and stop themselves."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Annotated, NoReturn

import typer

from deploy.cli.check import commands, run
from deploy.cli.show import progress
from deploy.local import tools
from deploy.local.settings import ROOT

CONTEXT = {"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False}
# What starts servers, by folder, longest first; a folder within another one is a piece of its own.
LONG = ("tests/integration/scoring", "tests/e2e", "tests/faults", "tests/integration")
SHORT = ("tests/browser", "tests/e2e/backup", "tests/e2e/observability")
PIECES = (*LONG, *SHORT)
FAULTS = "tests/faults"
# Each piece waits much, for processes that start, stop, die and come back: on two processors three fill the time.
AT_ONCE = 3
Words = Annotated[
    list[str] | None, typer.Argument(metavar="АРГУМЕНТ…", help="аргументы pytest; без них — проверки кода и все тесты")
]
Faults = Annotated[int | None, typer.Option(min=1, help="сколько сбоев внести (по умолчанию 22: каждый вид по разу)")]


def run_tests(words: Words = None, *, faults: Faults = None) -> None:
    """Прогнать всё, что прогоняет CI; с аргументами — только названное, через pytest."""
    given = list(words or [])
    absent = _lacking(given)
    os.chdir(ROOT)
    more = [] if faults is None else ["--faults", str(faults)]
    if given:
        if missed := _install(absent):
            _stop(missed)
        argv = [sys.executable, "-m", "pytest", *given, *more]
        progress(f"pytest {' '.join(argv[3:])}")
        os.execv(argv[0], argv)  # noqa: S606 (our own words)
    progress(f"по {AT_ONCE} части сразу, вывод только у непройденных: {', '.join(PIECES)} и быстрые проверки")
    long, short = ({folder: piece(folder, more) for folder in folders} for folders in (LONG, SHORT))
    # The unit tests keep a processor busy for minutes while the others wait for Kafka's first download; what is left
    # of the quick ones comes before the short pieces: at the end it would run alone beside an idle processor.
    first = {"unit": commands()["unit"]}
    with ThreadPoolExecutor(1) as beside:
        installed = beside.submit(_install, absent)
        passed = _passed({**first, **long, **commands(), **short}, installed)
    if not passed:
        raise typer.Exit(1)


def piece(folder: str, more: Sequence[str] = ()) -> list[str]:
    """The command for a folder without those within it that are pieces of their own; `more` is for the faults."""
    apart = [f"--ignore={one}" for one in PIECES if one.startswith(f"{folder}/")]
    return [sys.executable, "-m", "pytest", "-q", folder, *apart, *(more if folder == FAULTS else ())]


def _passed(pieces: dict[str, list[str]], installed: Future[str | None]) -> bool:
    """Run the pieces; those that need a program of the system wait until it is `installed`, the others do not."""

    def wait(argv: list[str]) -> str | None:
        folders = [word for word in argv if word.startswith("tests")]
        return installed.result() if folders and tools.wanted(folders) else None

    failed = [step.name for step in run(pieces, at_once=AT_ONCE, wait=wait) if not step.passed]
    progress(f"не прошло: {', '.join(failed)}" if failed else "прошло всё")
    return not failed


def _lacking(words: list[str]) -> list[tools.Tool]:
    """Programs that the named tests need and the machine does not have yet; an end where we cannot bring them."""
    if skipped := tools.without():
        progress(f"{tools.WITHOUT}: тесты, которым нужно {', '.join(sorted(skipped))}, будут пропущены")
    try:
        return tools.lacking(tools.wanted(words))
    except tools.Missing as missing:
        _stop(str(missing))


def _install(absent: Sequence[tools.Tool]) -> str | None:
    """Install what is absent; a word on how to get it where that failed."""
    try:
        tools.install(absent, progress)
    except tools.Missing as missing:
        return str(missing)
    return None


def _stop(why: str) -> NoReturn:
    sys.stderr.write(f"Ошибка: {why}\n")
    raise typer.Exit(1)
