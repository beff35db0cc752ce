"""What the project says of itself: one version everywhere, and every imported library among its dependencies."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from shared.version import VERSION
from tests.architecture.tree import PRODUCT, ROOT, modules, nodes, text

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMED = {"docker-compose.yml": r"image: rsoko:(\S+)", "deploy/Dockerfile": r"docker run rsoko:(\S+)",
         "docs/deployment.md": r"rsoko-setup-([0-9.]+[0-9])", "README.md": r"^Version (\S+) does",
         "deploy/k8s/base/services.yaml": r"(?:rsoko:|rsoko-setup-)(\S+)"}  # fmt: skip


def test_the_version_is_that_of_the_distribution():
    assert PROJECT["version"] == VERSION


@pytest.mark.parametrize("path", NAMED)
def test_a_version_in_a_file_is_this_one(path: str):
    assert set(re.findall(NAMED[path], (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)) == {VERSION}


def test_the_version_has_its_entry_among_the_changes():
    assert f"\n## [{VERSION}] - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def declared() -> set[str]:
    """The distributions that are asked for by name, tests' own left out."""
    asked = [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["local"],
        *PROJECT["optional-dependencies"]["otel"],
    ]
    return {re.split(r"[\[<>=!~ ]", one)[0].lower().replace("_", "-") for one in asked}


def imported(path: Path) -> set[str]:
    """The top names of what a module imports."""
    found = nodes(path)
    plain = {alias.name for node in found if isinstance(node, ast.Import) for alias in node.names}
    taken = {node.module for node in found if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in plain | taken}


# The one comes with an extra of aiokafka, the other is for developers (`./rsoko events check`).
BROUGHT = {"cramjam", "jsoncompat"}


def test_every_imported_library_is_a_dependency():
    ours = {*PRODUCT, *sys.stdlib_module_names, "data", "tests", "benchmarks"}
    known = {name: {one.lower().replace("_", "-") for one in found} for name, found in packages_distributions().items()}
    names = {name for path in modules(*PRODUCT) for name in imported(path)} - ours
    assert sorted(name for name in names - BROUGHT if not known.get(name, set()) & declared()) == []


def test_every_dependency_is_decided_on():
    """A new one needs a line: why it and not forty lines of ours."""
    told = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "adr").glob("*.md")).lower()
    names = {
        name.partition("-")[0] if name.startswith(("opentelemetry", "pydantic", "fiftyone")) else name
        for name in declared()
    }
    assert sorted(name for name in names - TECHNICAL if name not in told) == []


# What another one here brings along, or data without behaviour.
TECHNICAL = {"starlette", "pymongo", "sniffio", "tzdata", "typing-extensions", "markupsafe"}


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_every_document_is_found_from_the_readme(path: Path):
    assert f"docs/{path.name}" in text(ROOT / "README.md")
