"""`./rsoko test` runs every test there is, and says so when any part of it failed."""

import sys

import pytest

from deploy.cli import run_tests
from deploy.cli.check import QUICK
from deploy.local.settings import ROOT

PASSES, FAILS = [sys.executable, "-c", ""], [sys.executable, "-c", "print('why'); raise SystemExit(1)"]


def test_every_folder_of_tests_belongs_to_one_of_the_two_parts():
    folders = {f"tests/{one.relative_to(ROOT / 'tests').parts[0]}" for one in (ROOT / "tests").rglob("test_*.py")}
    assert sorted(folders) == sorted([*run_tests.SLOW, run_tests.FAULTS, *QUICK])


@pytest.mark.parametrize(
    ("slow", "fast", "passed"), [(PASSES, PASSES, True), (FAILS, PASSES, False), (PASSES, FAILS, False)]
)
def test_both_parts_must_pass(
    slow: list[str], fast: list[str], *, passed: bool, capfd: pytest.CaptureFixture[str]
):  # fmt: skip
    assert run_tests._both(slow, {"mypy": PASSES, "tests": fast}) is passed
    said = capfd.readouterr()
    assert ("why" in said.out) is not passed
    assert ("прошло всё" in said.err) is passed
