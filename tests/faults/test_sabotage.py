"""The crash tests can fail: each guarantee is broken on purpose, and the checks go red for the right reason."""

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.processes import ROOT
from tests.faults.history import Violation
from tests.faults.report import say
from tests.faults.trial import trial

TRIES = 3
REST_WITHIN = 20.0


@dataclass(frozen=True, slots=True)
class Case:
    """Which service is spoiled how, what provokes it, and the kinds of violation one of which must be seen."""

    service: str
    factory: str
    fault: str
    red: frozenset[str]


CASES = {
    "offset committed before the transaction": Case(
        "scoring", "place_before_work", "kill scoring", frozenset({"fact-missing"})
    ),
    "two relays without lease and sequence": Case(
        "monitoring",
        "relays_without_lease",
        "second monitoring joins and leaves",
        frozenset({"sequence-gap", "result-gap"}),
    ),
    "acks=0 without idempotence": Case(
        "monitoring", "unacknowledged", "kafka sleeps and dies", frozenset({"sequence-gap", "not-told"})
    ),
    "acknowledged on error": Case("scoring", "acknowledged_on_error", "mongodb sleeps", frozenset({"fact-missing"})),
    "no revision check": Case(
        "scoring",
        "revisions_unchecked",
        "a relay repeats itself",
        frozenset({"cause-twice", "told-score-wrong", "score-wrong"}),
    ),
    "positions without compare-and-set": Case(
        "scoring", "places_not_compared", "scoring sleeps past its session", frozenset({"place-back"})
    ),
}


def test_every_sabotage_still_fits_what_it_breaks() -> None:
    """Also where nobody asked for them: one that is out of date would go red, or not, for another reason."""
    made = "; ".join(f"sabotage.{case.factory}()" for case in CASES.values())
    done = subprocess.run(
        [sys.executable, "-c", f"from tests.faults import sabotage; {made}"],
        cwd=ROOT,
        env={**os.environ, "RSOKO_ENV": "local", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", CASES)
async def test_the_checks_go_red_when_a_guarantee_is_broken(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for by `--sabotage`: each case starts a platform of its own."""
    if not request.config.getoption("--sabotage"):
        pytest.skip("asked for by --sabotage")
    case, seed = CASES[name], random.randrange(10**9)
    apps = {case.service: f"tests.faults.sabotage:{case.factory}"}
    async with trial(tmp_path / "home", seed, apps=apps) as run:
        run.checker.settling.within = REST_WITHIN
        seen: list[Violation] = []
        for _ in range(TRIES):
            seen += await run.suffer(case.fault)
            if case.red & {one.kind for one in seen}:
                break
    kinds = {one.kind for one in seen}
    say(capsys, f"\n  red: {name}: {', '.join(sorted(kinds)) or 'nothing'}\n")
    assert case.red & kinds, f"seed {seed}: broken, but only {sorted(kinds)} was seen"
