"""`./rsoko logs SERVICE [-f]`: the log of one process."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import Annotated, TextIO

import typer

from deploy.local import Failed, Settings

Follow = Annotated[bool, typer.Option("-f", "--follow", help="показывать новые строки, пока не Ctrl-C")]
Lines = Annotated[
    int | None, typer.Option("-n", "--lines", min=0, help="сколько последних строк; на экран 200, в файл и в | — все")
]
SCREEN = 200


def logs(
    service: Annotated[str, typer.Argument(metavar="ПРОЦЕСС", help="kafka, mongodb, identity, supervisor или служба")],
    *,
    follow: Follow = False,
    lines: Lines = None,
) -> None:
    """Показать журнал процесса."""
    folder = Settings.from_env().logs
    known = sorted(path.stem for path in folder.glob("*.log"))
    if service not in known:
        raise Failed(f"журнала «{service}» нет", f"есть: {', '.join(known) or 'ни одного, запустите ./rsoko up'}")
    path = folder / f"{service}.log"
    with path.open(errors="replace") as log:
        # Whoever searches (| grep) searches the whole: the last lines alone would give a false all-clear.
        most = SCREEN if lines is None and sys.stdout.isatty() else lines
        for line in log if most is None else deque(log, maxlen=most):
            sys.stdout.write(line)
        if not follow:
            return
        place = log.tell()
    _follow(path, place)


def _follow(path: Path, place: int) -> None:
    """Show what comes; a log that was set aside is read to its end before the one that took its name is begun."""
    while True:
        with path.open(errors="replace") as log:
            log.seek(place)
            _until_set_aside(log, path)
        place = 0


def _until_set_aside(log: TextIO, path: Path) -> None:
    while True:
        grown = log.read()
        sys.stdout.write(grown)
        sys.stdout.flush()
        if grown:
            continue
        now = path.stat() if path.exists() else None
        if now is not None and now.st_ino != os.fstat(log.fileno()).st_ino:
            return
        if now is not None and now.st_size < log.tell():
            log.seek(0)
        else:
            time.sleep(0.2)
