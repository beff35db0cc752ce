"""`./rsoko test` runs every test there is, and says so when any part of it failed."""

import sys

import pytest

from deploy.cli import run_tests
from deploy.cli.check import QUICK
from deploy.local.settings import ROOT

PASSES, FAILS = [sys.executable, "-c", ""], [sys.executable, "-c", "print('why'); raise SystemExit(1)"]


def test_every_folder_of_tests_belongs_to_one_row():
    folders = {f"tests/{one.relative_to(ROOT / 'tests').parts[0]}" for one in (ROOT / "tests").rglob("test_*.py")}
    assert sorted(folders) == sorted([*run_tests.SHOWN, run_tests.WHOLE, run_tests.FAULTS, *QUICK])


@pytest.mark.parametrize(
    ("rows", "passed"),
    [
        ((PASSES, PASSES, PASSES), True),
        ((FAILS, PASSES, PASSES), False),
        ((PASSES, FAILS, PASSES), False),
        ((PASSES, PASSES, FAILS), False),
    ],
)
def test_every_row_must_pass(rows: tuple[list[str], ...], *, passed: bool, capfd: pytest.CaptureFixture[str]):
    shown, whole, last = rows
    assert run_tests._rows(shown, {"e2e": whole}, {"mypy": PASSES, "faults": last}) is passed
    said = capfd.readouterr()
    assert ("why" in said.out) is not passed
    assert ("прошло всё" in said.err) is passed
