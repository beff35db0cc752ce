"""Import directions: the tree keeps them, and each contract is shown to break when it is violated."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

LINT = Path(sys.executable).parent / "lint-imports"


def lint(folder: Path) -> tuple[set[str], str]:
    """The contracts that are broken, and what was said."""
    done = subprocess.run([LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    told = done.stdout + done.stderr
    assert "KEPT" in told, told
    return set(re.findall(r"^(.+) BROKEN", told, re.MULTILINE)), told


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree")
    for part in ("services", "shared", "deploy"):
        ignore = shutil.ignore_patterns("__pycache__", "static", "*.csv", "*.jar", "node_modules")
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    shutil.copy(ROOT / ".importlinter", folder / ".importlinter")
    return folder


def test_the_tree_keeps_every_contract():
    broken, told = lint(ROOT)
    assert broken == set(), told


SEEDS = [
    ("domain reads the store", "services/roadmap/domain/plan.py", "import services.roadmap.store",
     "Rooms of a service"),
    ("domain knows the driver", "services/roadmap/domain/plan.py", "import motor", "Decisions and events are pure"),
    ("domain reads another's events", "services/roadmap/domain/plan.py", "import services.scoring.events",
     "Services meet only in events"),
    ("domain waits", "services/roadmap/domain/plan.py", "import asyncio", "Decisions and events are pure"),
    ("use case calls out", "services/roadmap/usecases/planning.py", "import httpx", "Use cases know no framework"),
    ("use case knows the store", "services/roadmap/usecases/planning.py", "import services.roadmap.store",
     "Rooms of a service"),
    ("use case waits", "services/roadmap/usecases/planning.py", "import asyncio", "Use cases know no framework"),
    ("door wires", "services/roadmap/consumers.py", "import services.roadmap.app", "Rooms of a service"),
    ("consumer reads another's domain", "services/roadmap/consumers.py", "import services.scoring.domain",
     "Services meet only in events"),
    ("events know the domain", "services/roadmap/events.py", "import services.roadmap.domain", "Rooms of a service"),
    ("a room of no name", "services/roadmap/utils.py", "", "Rooms of a service"),
    ("a room of no name in the portal", "services/portal/helpers.py", "", "Rooms of the portal"),
    ("shared knows a service", "shared/relay/sending.py", "import services.roadmap.events", "Floors of shared"),
    ("the ground floor climbs", "shared/kernel.py", "import shared.ports", "Floors of shared"),
    ("a door knows the driver", "services/roadmap/consumers.py", "import motor",
     "The driver of MongoDB lives in shared.mongo"),
    ("the store knows the driver", "services/roadmap/store/plans.py", "import pymongo",
     "The driver of MongoDB lives in shared.mongo"),
    ("a door knows Kafka", "services/roadmap/consumers.py", "import aiokafka",
     "Kafka lives in shared.broker and shared.relay"),
    ("a service knows its deployment", "services/roadmap/app.py", "import deploy.local",
     "Services do not know how they are deployed"),
    ("use case knows what stores", "services/roadmap/usecases/planning.py", "import shared.mongo",
     "Use cases know no framework"),
    ("siblings in a circle in tools", "deploy/local/settings.py", "import deploy.local.kafka.logins",
     "No cycles between siblings"),
    ("siblings in a circle", "services/scoring/domain/points.py", "import services.scoring.domain.card",
     "No cycles between siblings"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "file", "line", "contract"), SEEDS, ids=[seed[0] for seed in SEEDS])
def test_a_seeded_violation_breaks_its_contract(clean: Path, *, what: str, file: str, line: str, contract: str):
    path = clean / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    try:
        path.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
        broken, told = lint(clean)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
    assert contract in broken, told
