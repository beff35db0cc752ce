"""A process ends itself only of what lasts, within a bound, and with a code that says so."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping

import pytest

from shared import ending

OWN = """
import signal, sys, threading
from shared import ending
with ending.own_code():
    {before}
    signal.signal(signal.SIGTERM, lambda *_: None)
    {told}
    {after}
sys.exit(3)
"""
AGAIN = "signal.signal(signal.SIGTERM, ending._raised_again); signal.raise_signal(signal.SIGTERM); sys.exit(0)"
ITSELF = "ending._end(within={within})"


def code(*, before: str = "pass", told: str = "pass", after: str = AGAIN) -> int:
    """The exit code of a process with a server of its own kind, which raises the signal again as uvicorn does."""
    script = OWN.format(before=before, told=told, after=after)
    return subprocess.run([sys.executable, "-c", script], check=False, timeout=30).returncode


def test_what_ended_itself_says_so_by_its_code_and_what_was_told_to_stop_does_not() -> None:
    assert code(told=ITSELF.format(within=20)) == ending.ENDED_ITSELF == os.EX_TEMPFAIL
    assert code() == -signal.SIGTERM
    assert code(before="signal.raise_signal(signal.SIGTERM)") == -signal.SIGTERM
    assert code(after="pass") == 3


def test_what_does_not_drain_ends_all_the_same() -> None:
    assert code(told=ITSELF.format(within=0.1), after="threading.Event().wait()") == ending.ENDED_ITSELF


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set where this process would end itself; looks are at once."""
    found = threading.Event()

    def end(*, within: float) -> None:
        assert within == 1 + ending.CLOSING_SECONDS
        found.set()

    monkeypatch.setattr(ending, "_end", end)
    monkeypatch.setattr(ending, "SETTLED", 0.0)
    monkeypatch.setattr(ending, "LOOK", 0.0)
    return found


async def test_what_lasts_from_one_look_to_the_next_ends_the_process(ended: threading.Event) -> None:
    looks: list[Mapping[str, str]] = [{}, {"one": "why"}, {"one": "why", "two": "why"}]
    async with asyncio.timeout(5):
        await ending.end_where_broken(lambda: looks.pop(0), drain_seconds=1)
    assert (ended.is_set(), looks) == (True, [])


async def test_what_mends_itself_ends_nothing(ended: threading.Event) -> None:
    looks: list[Mapping[str, str]] = [{"one": "why"}, {}, {"two": "why"}, {"one": "why"}, {"one": "another"}, {}]
    watch = asyncio.create_task(ending.end_where_broken(lambda: looks.pop(0) if looks else {}, drain_seconds=1))
    while looks:  # noqa: ASYNC110 - the next look is all that is waited for
        await asyncio.sleep(0)
    watch.cancel()
    assert not ended.is_set()


async def test_what_breaks_at_once_each_time_rests_before_it_ends(
    ended: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "SETTLED", 3600.0)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await ending.end_where_broken(lambda: {"one": "why"}, drain_seconds=1)
    assert not ended.is_set()
