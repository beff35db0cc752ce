"""The documents as the tests see them: their texts, what they name, and the tables that are made from the code."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import Counter, Gauge, Histogram

import services
from shared.settings import table
from shared.telemetry.metrics import REGISTRY
from tests.architecture.tree import ROOT, nodes, parsed

PAGES = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
NAMED = re.compile(
    r"(?<![\w/.])((?:services|shared|deploy|tests|benchmarks|data|docs)/[\w./-]*[\w/]|\.importlinter|\.ci/run|rsoko(?=`)"
    r"|docker-compose\.yml|pyproject\.toml|requirements(?:-dev|-uv)?\.lock)(?:::?([A-Za-z_][\w.]*))?"
)
KINDS: dict[type, str] = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}


@cache
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def prose(page: Path) -> str:
    """The text without its blocks of code."""
    return FENCED.sub("", text(page))


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in FENCED.findall(text(page)) if kind == language]


def spans(prose: str) -> list[str]:
    """What stands between single backticks."""
    return re.findall(r"`([^`\n]+)`", prose)


def docstrings(path: Path) -> str:
    """Everything that a module, its classes and functions say of themselves."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return "\n".join(ast.get_docstring(one) or "" for one in nodes(path) if isinstance(one, kinds))


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def names(prose: str) -> Iterator[tuple[str, str]]:
    """Files, and what is named inside of them: (`shared/relay/sending.py`, `Relay`)."""
    for span in spans(prose):
        for path, inside in NAMED.findall(span):
            yield path, inside.rstrip(".")


def defines(path: Path, dotted: str) -> bool:
    """Whether a module, or a class of it (also by a base in the same module), defines this name."""
    body: list[ast.stmt] = parsed(path).body
    for name in dotted.split("."):
        found = next((node for node in body if _named(node) == name), None)
        if found is None:
            return False
        body = _inside(found, path)
    return True


def _named(node: ast.stmt) -> str | None:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def _inside(node: ast.stmt, path: Path) -> list[ast.stmt]:
    if not isinstance(node, ast.ClassDef):
        return []
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    kin = [one for one in parsed(path).body if isinstance(one, ast.ClassDef) and one.name in bases]
    return [*node.body, *(child for one in kin for child in _inside(one, path))]


@cache
def metrics() -> dict[str, Any]:
    """Every metric of ours by the name under which it is shown, all services' modules loaded."""
    for found in pkgutil.walk_packages(services.__path__, "services."):
        importlib.import_module(found.name)
    told = {one for one in REGISTRY._collector_to_names if type(one) in KINDS}
    return {f"{one._name}_total" if isinstance(one, Counter) else one._name: one for one in told}


def cells(*row: str) -> str:
    return "| " + " | ".join(row) + " |"


def settings_table() -> str:
    rows = [
        cells(f"`{one['variable']}`", f"`{one['default']}`" if one["default"] else "–", one["meaning"])
        for one in table()
    ]
    return "\n".join([cells("variable", "default", "meaning"), "|---|---|---|", *rows])


def metrics_table() -> str:
    rows = [
        cells(f"`{name}`", KINDS[type(one)], ", ".join(one._labelnames) or "–", inspect.cleandoc(one._documentation))
        for name, one in sorted(metrics().items())
    ]
    return "\n".join([cells("metric", "kind", "labels", "what"), "|---|---|---|---|", *rows])


def access_table() -> str:
    policy = yaml.safe_load((ROOT / "data" / "access.yaml").read_text(encoding="utf-8"))
    columns = [*policy["roles"], "signed-in", "everyone"]
    rows = [
        cells(f"`{action}`", *(_rule(rules.get(role)) for role in columns))
        for action, rules in policy["actions"].items()
    ]
    return "\n".join([cells("action", *columns), "|---" * (len(columns) + 1) + "|", *rows])


def _rule(rule: Any) -> str:
    if isinstance(rule, dict):
        return f"`{rule['scope']}`" + (", own" if rule.get("own") else "")
    return {"any": "yes", "own": "own", None: ""}[rule]


def alerts_table() -> str:
    rules = ROOT / "deploy" / "prometheus" / "rules" / "alerts.yml"
    rows = [_alert(rule) for group in yaml.safe_load(text(rules))["groups"] for rule in group["rules"]]
    return "\n".join([cells("alert", "severity", "after", "runbook"), "|---|---|---|---|", *rows])


def _alert(rule: dict[str, Any]) -> str:
    page = ROOT / rule["annotations"]["runbook_url"]
    runbook = f"[{text(page).splitlines()[0].removeprefix('# ')}]({page.name})"
    return cells(f"`{rule['alert']}`", rule["labels"]["severity"], rule.get("for", "at once"), runbook)


TABLES: dict[str, tuple[Path, Callable[[], str]]] = {
    "settings": (ROOT / "docs" / "operations.md", settings_table),
    "metrics": (ROOT / "docs" / "operations.md", metrics_table),
    "alerts": (ROOT / "docs" / "runbooks" / "README.md", alerts_table),
    "access": (ROOT / "docs" / "security.md", access_table),
}


def place_of(name: str) -> re.Pattern[str]:
    """A made table between its markers."""
    return re.compile(rf"(<!-- {name}:begin[^>]*-->\n)(.*?)(<!-- {name}:end -->)", re.DOTALL)


def write_tables() -> None:
    for name, (page, made) in TABLES.items():
        whole = page.read_text(encoding="utf-8")
        new = place_of(name).sub(lambda found, made=made: f"{found[1]}\n{made()}\n\n{found[3]}", whole)
        page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    write_tables()
