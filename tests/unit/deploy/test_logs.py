"""Logs: the last lines for a screen, the whole for a search."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cli.logs import SCREEN, logs


@pytest.fixture(autouse=True)
def long_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSOKO_HOME", str(tmp_path))
    (tmp_path / "logs").mkdir()
    lines = ["service.ready\n", *("told\n" for _ in range(SCREEN + 100))]
    (tmp_path / "logs" / "scoring.log").write_text("".join(lines))


def test_a_search_sees_the_first_line_too(capsys: pytest.CaptureFixture[str]):
    logs("scoring")
    assert "service.ready" in capsys.readouterr().out


def test_a_screen_gets_the_last_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    logs("scoring")
    assert capsys.readouterr().out.count("\n") == SCREEN


@pytest.mark.parametrize("count", [0, 3])
def test_so_many_as_were_asked_for(capsys: pytest.CaptureFixture[str], count: int):
    logs("scoring", lines=count)
    assert capsys.readouterr().out.count("\n") == count


class Stop(Exception):
    """The end of a wait that would go on for ever."""


@pytest.mark.parametrize("anew", ["replaced", "emptied"])
def test_who_follows_a_log_sees_each_line_once_also_when_it_is_begun_anew(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, anew: str
):
    log = tmp_path / "logs" / "scoring.log"

    def later() -> Iterator[None]:
        if anew == "replaced":
            log.rename(log.with_suffix(".log.1"))
        log.write_text("new\n")
        yield
        yield
        with log.open("a") as file:
            file.write("newer\n")
        yield
        raise Stop

    steps = later()
    monkeypatch.setattr("deploy.cli.logs.time.sleep", lambda _: next(steps))
    with pytest.raises(Stop):
        logs("scoring", follow=True, lines=0)
    assert capsys.readouterr().out == "new\nnewer\n"
