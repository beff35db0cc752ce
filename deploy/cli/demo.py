"""`./rsoko demo`: set up, start, load the region, make one correction, tell what it changed and how fast."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.cli.show import answer, progress
from deploy.cli.story import choose, follow, told
from deploy.local import Platform, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator


def demo(*, once: Annotated[bool, typer.Option("--once", help="рассказать и остановиться")] = False) -> None:
    """Главная работа целиком: результат пришёл, места изменились, все, кого это касается, узнали."""
    settings = Settings.from_env()
    platform = Platform(settings, tell=progress)
    with _terminated_as_interrupted():
        ours = platform.pid("supervisor") is None
        try:
            ours = platform.up()
            _tell(settings)
            if not once:
                answer("\nПлатформа работает; Ctrl-C остановит её.")
                with contextlib.suppress(KeyboardInterrupt):
                    signal.pause()
        finally:
            if ours:  # what ran before is left running
                progress("останавливаю платформу (если прервать и это: ./rsoko down)")
                platform.down()


def _tell(settings: Settings) -> None:
    api = Api(settings=settings)
    bring_region(api, progress)
    correction = choose(api)
    progress("вношу исправление и слежу за ним")
    answer(told(api, correction, asyncio.run(follow(api, correction)), settings))


@contextlib.contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Take SIGTERM as Ctrl-C: whoever ends the demo, what it started is stopped."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
