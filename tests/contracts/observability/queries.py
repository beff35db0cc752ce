"""Rules and dashboards as the tests read them: what each asks, and which metrics it means in the end."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import promql_parser
import yaml

from tests.architecture.tree import ROOT

PROMETHEUS = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"
DASHBOARDS = sorted(GRAFANA.glob("dashboards/*.json"))
RUNBOOKS = ROOT / "docs" / "runbooks"
# What Prometheus itself adds to whatever it scrapes.
ADDED = {"up": {"job", "instance", "service"}, "ALERTS": {"alertname", "alertstate", "severity"}}
SCRAPED = {"job", "instance", "service"}
# Grafana puts these in before it asks; any value of the right kind does for parsing.
VARIABLES = {"$__rate_interval": "5m", "$service": "scoring", "$group": ".*", "$source": ".*"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric with the labels that a query expects of it."""

    metric: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Query:
    """One query, and where it stands."""

    where: str
    text: str

    def asked(self) -> list[Asked]:
        """Every selector in it; raises ValueError where it does not parse."""
        found: list[Asked] = []
        promql_parser.walk(parsed(self.text), lambda node: _note(node, found))
        return found


def parsed(text: str) -> promql_parser.Expr:
    for name, value in VARIABLES.items():
        text = text.replace(name, value)
    return promql_parser.parse(text)


def _note(node: Any, found: list[Asked]) -> None:
    if isinstance(node, promql_parser.VectorSelector) and node.name:
        labels = frozenset(one.name for one in node.matchers.matchers if one.name != "__name__")
        found.append(Asked(node.name, labels))


@cache
def rules() -> list[dict[str, Any]]:
    """Every rule of every group, recording rules first."""
    files = [PROMETHEUS / "rules" / name for name in ("recording.yml", "alerts.yml")]
    groups = [group for file in files for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]]
    return [rule for group in groups for rule in group["rules"]]


def recorded() -> dict[str, Query]:
    return {rule["record"]: Query(rule["record"], rule["expr"]) for rule in rules() if "record" in rule}


def alerts() -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


@cache
def dashboard(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def panels(path: Path) -> Iterator[dict[str, Any]]:
    """The panels that ask something."""
    return (panel for panel in dashboard(path)["panels"] if panel["type"] != "row")


def queries() -> list[Query]:
    """All there are: of rules, panels, variables and annotations."""
    found = [Query(rule.get("record") or rule["alert"], rule["expr"]) for rule in rules()]
    for path in DASHBOARDS:
        for panel in panels(path):
            found += [Query(f"{path.name}: {panel['title']}", target["expr"]) for target in panel["targets"]]
        board = dashboard(path)
        found += [Query(f"{path.name}: annotation", one["expr"]) for one in board["annotations"]["list"]]
        for variable in board["templating"]["list"]:
            wanted = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"])
            assert wanted, variable
            found.append(Query(f"{path.name}: ${variable['name']}", f"sum by ({wanted[2]}) ({wanted[1]})"))
    return found


def told() -> set[str]:
    """The metrics behind all queries, as a process shows them: recordings resolved, what Prometheus adds left out."""
    asked = {one.metric for query in queries() for one in query.asked()}
    return asked - recorded().keys() - ADDED.keys()
