"""The guarantees under kills and sleeps, on the embedded platform under a steady load."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.report import say, show, write
from tests.faults.trial import trial, words


async def test_nothing_is_lost_or_told_twice_whatever_is_killed(
    tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every accepted result is in the scores; every change is told once, in a chain; only the bad is buried."""
    count = int(request.config.getoption("--faults"))
    seed = int(os.environ.get("RSOKO_FAULTS_SEED") or random.randrange(10**9))
    began = time.monotonic()
    async with trial(tmp_path / "home", seed) as run:
        broken = await run.checker.check()
        assert not broken, words(seed, "the region was loaded", broken)
        for number, kind in enumerate(run.nemesis.plan(count), start=1):
            say(capsys, f"\n  {number:>3}/{count} {kind}")
            broken = await run.suffer(kind)
            assert not broken, words(seed, kind, broken)
            say(capsys, f": {run.report.last}")
        broken = await run.checker.finish()
        assert not broken, words(seed, "the end", broken)
        run.report.seconds = time.monotonic() - began
        figures = run.report.figures(run.checker, run.load)
        write(figures)
        say(capsys, f"\n{show(figures)}\n")
