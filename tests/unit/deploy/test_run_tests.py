"""`./rsoko test` runs every test there is, and says so when any part of it failed."""

import itertools
import sys
from concurrent.futures import Future

import pytest

from deploy.cli import check, run_tests
from deploy.cli.check import QUICK
from deploy.local.settings import ROOT

PASSES, FAILS = [sys.executable, "-c", ""], [sys.executable, "-c", "print('why'); raise SystemExit(1)"]


def passed(pieces: dict[str, list[str]], missing: str | None = None) -> bool:
    """Whether the pieces pass where the programs that some of them need are there, or cannot be had."""
    installed: Future[str | None] = Future()
    installed.set_result(missing)
    return run_tests._passed(pieces, installed)


def test_every_folder_of_tests_belongs_to_a_piece():
    folders = {f"tests/{one.relative_to(ROOT / 'tests').parts[0]}" for one in (ROOT / "tests").rglob("test_*.py")}
    assert folders == {"/".join(one.split("/")[:2]) for one in (*run_tests.PIECES, *itertools.chain(*QUICK.values()))}
    assert all(any((ROOT / one).rglob("test_*.py")) for one in run_tests.PIECES)


def test_a_folder_within_another_one_is_run_once_and_only_the_faults_are_told_how_many():
    assert run_tests.piece("tests/e2e", ["--faults", "9"])[3:] == [
        "-q", "tests/e2e", "--ignore=tests/e2e/backup", "--ignore=tests/e2e/observability",
    ]  # fmt: skip
    assert run_tests.piece("tests/faults", ["--faults", "9"])[3:] == ["-q", "tests/faults", "--faults", "9"]


@pytest.mark.parametrize(
    ("pieces", "well"), [((PASSES, PASSES), True), ((FAILS, PASSES), False), ((PASSES, FAILS), False)]
)
def test_every_piece_must_pass(pieces: tuple[list[str], ...], *, well: bool, capfd: pytest.CaptureFixture[str]):
    first, second = pieces
    assert passed({"e2e": first, "mypy": second}) is well
    said = capfd.readouterr()
    assert ("why" in said.out) is not well
    assert ("прошло всё" in said.err) is well


def test_it_is_said_how_many_tests_a_piece_had(capfd: pytest.CaptureFixture[str]):
    said = "....\n===== 3 passed, 1 skipped in 0.5s (0:00:00) =====\n"
    assert passed({"e2e": [sys.executable, "-c", f"print({said!r})"]})
    assert capfd.readouterr().err.splitlines()[0].endswith("с  3 passed, 1 skipped")


def test_a_piece_that_never_ends_fails_and_shows_what_it_had_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(check, "PATIENCE", 0.5)
    hangs = "import threading; print('до сих пор', flush=True); threading.Event().wait()"
    assert not passed({"e2e": [sys.executable, "-c", hangs]})
    said = capfd.readouterr()
    assert "до сих пор" in said.out
    assert "не кончилось за 0.5 с" in said.out


def test_what_needs_no_program_of_the_system_does_not_wait_for_them(capfd: pytest.CaptureFixture[str]):
    """One that needs them does, and says what is missing where it cannot be had."""
    needs, needs_none = ["tests/browser"], [sys.executable, "-c", "", "tests/faults"]
    assert not passed({"faults": needs_none, "browser": needs}, "нет chromium")
    said = capfd.readouterr()
    assert {tuple(line.split()[:2]) for line in said.err.splitlines()[:2]} == {("✓", "faults"), ("✗", "browser")}
    assert "нет chromium" in said.out
