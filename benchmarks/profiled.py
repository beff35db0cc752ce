"""A service under cProfile, to see what bounds a figure.

`RSOKO_TRIAL_APPS='{"scoring": "benchmarks.profiled:create"}' RSOKO_BENCH_PROFILED=services.scoring.app`, and
`RSOKO_BENCH_PROFILE=/tmp/scoring.prof`, written when the process stops; read it with `python -m pstats`.
"""

from __future__ import annotations

import cProfile
import importlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


def create() -> ASGIApp:
    """The application named by the environment, profiled until it has shut down."""
    profile = cProfile.Profile()
    app = importlib.import_module(os.environ["RSOKO_BENCH_PROFILED"]).create()

    async def profiled(scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            # uvicorn ends by the signal that it was sent, so nothing runs at exit.
            if message["type"] == "lifespan.shutdown.complete":
                profile.disable()
                profile.dump_stats(os.environ["RSOKO_BENCH_PROFILE"])
            await send(message)

        await app(scope, receive, watched)

    profile.enable()
    return profiled
