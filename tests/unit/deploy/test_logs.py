"""Logs: the last lines for a screen, the whole for a search."""

import sys
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
