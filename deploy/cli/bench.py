"""`./rsoko bench [NAME…]`: the figures of speed and size, each beside its floor of the same run."""

from __future__ import annotations

import importlib
import signal
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.show import AsJson, answer, answer_json, progress
from deploy.local import Failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.figures import Figure

NAMES = (
    *("rescoring", "notification", "municipalities", "workers", "rating", "memory", "silence"),
    *("portal", "fanout", "webhooks", "next_level", "recount", "relative", "schools", "publication"),
)
Names = Annotated[
    list[str] | None, typer.Argument(metavar="ЧТО…", help=f"что измерить (по умолчанию всё): {', '.join(NAMES)}")
]


def bench(names: Names = None, *, json: AsJson = False) -> None:
    """Измерить скорость и память; у каждого числа рядом ориентир того же прогона. Недостигнутая цель — не ошибка."""
    from benchmarks.figures import table
    from benchmarks.machine import machine, sentence

    # Told to stop, take down what was started for the measurement.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen, found = _chosen(names or NAMES), machine()
    progress(sentence(found))
    began = time.monotonic()
    figures = [figure for name in chosen for figure in _measured(name)]
    if json:
        items = [figure.document() for figure in figures]
        answer_json({"machine": found, "seconds": round(time.monotonic() - began, 1), "items": items})
    else:
        answer(f"{sentence(found)}\nМедиана кругов (наименьшее…наибольшее).\n\n{table(figures)}")


def _chosen(names: Sequence[str]) -> Sequence[str]:
    if unknown := [name for name in names if name not in NAMES]:
        raise Failed(f"нет измерения «{unknown[0]}»", f"есть: {', '.join(NAMES)}")
    return names


def _measured(name: str) -> list[Figure]:
    progress(f"измерение {name}")
    figures: list[Figure] = importlib.import_module(f"benchmarks.{name}").measure(progress)
    return figures
