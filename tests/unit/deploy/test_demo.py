"""The demo stops what it started, however it ends, and leaves running what ran before."""

import os
import signal
from collections.abc import Callable

import pytest

from deploy.cli import demo as module
from deploy.local import Failed


def interrupted() -> bool:
    raise KeyboardInterrupt


def terminated() -> bool:
    os.kill(os.getpid(), signal.SIGTERM)
    return True


def failed() -> bool:
    raise Failed("не готовы за 240 с")


class Starting:
    """A platform whose `up` ends as it is told; remembers whether it was stopped."""

    def __init__(self, up: Callable[[], bool], *, running: bool = False) -> None:
        self.up = up
        self.running = running
        self.stopped = False

    def __call__(self, *_: object, **__: object) -> "Starting":
        return self

    def pid(self, name: str) -> int | None:
        return 1 if self.running and name == "supervisor" else None

    def down(self) -> None:
        self.stopped = True


@pytest.mark.parametrize("end", [interrupted, terminated, failed])
def test_a_demo_that_ends_while_the_platform_starts_stops_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], end: Callable[[], bool]
):
    platform, before = Starting(end), signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(module, "Platform", platform)
    with pytest.raises((KeyboardInterrupt, Failed)):
        module.demo(once=True)
    assert platform.stopped
    assert "./rsoko down" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_platform_that_ran_before_is_left_running(monkeypatch: pytest.MonkeyPatch):
    platform = Starting(interrupted, running=True)
    monkeypatch.setattr(module, "Platform", platform)
    with pytest.raises(KeyboardInterrupt):
        module.demo(once=True)
    assert not platform.stopped
