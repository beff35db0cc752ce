"""`./rsoko demo`: set up, start, load the region, make one correction, tell what it changed and how fast."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import Annotated

import typer

from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.cli.show import answer, progress
from deploy.cli.story import choose, follow, told
from deploy.local import Platform, Settings


def demo(*, once: Annotated[bool, typer.Option("--once", help="рассказать и остановиться")] = False) -> None:
    """Главная работа целиком: результат пришёл, места изменились, кого это касается — узнал."""
    settings = Settings.from_env()
    platform = Platform(settings, tell=progress)
    started = platform.up()
    try:
        api = Api(settings=settings)
        bring_region(api, progress)
        correction = choose(api)
        progress("вношу исправление и слежу за ним")
        answer(told(api, correction, asyncio.run(follow(api, correction)), settings))
        if not once:
            answer("\nПлатформа работает; Ctrl-C остановит её.")
            with contextlib.suppress(KeyboardInterrupt):
                signal.pause()
    finally:
        if started:  # what ran before is left running
            progress("останавливаю")
            platform.down()
