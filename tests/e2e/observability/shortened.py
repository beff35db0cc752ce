"""Our own rules with every duration six times shorter: a minute becomes ten seconds, nothing else changes.

What is divided: `for`, ranges and offsets of queries, thresholds in seconds of thirty and more. Smaller thresholds (of
streams and answers) stay, because people do not get faster, and so does that of Kafka's silence, for it is asked each
half a minute here too; counts and shares stay as they are.
"""

import re
from pathlib import Path
from typing import Any

import promql_parser
import yaml

from tests.architecture.tree import ROOT

# Not more: a busy machine does not measure, scrape and evaluate each of these every second.
FACTOR = 6
RULES = ROOT / "deploy" / "prometheus" / "rules"
RANGE = re.compile(r"\[([0-9a-z]+)\]|offset ([0-9a-z]+)")
THRESHOLD = re.compile(r"((?<!kafka_silence_)seconds[^ ]* > )(\d{2,})\b")


def shorter(duration: str) -> str:
    """A sixth of a duration in Prometheus' words."""
    return promql_parser.display_duration(promql_parser.parse_duration(duration) / FACTOR)


def query(text: str) -> str:
    """The same question about a shorter time."""

    def ranged(found: re.Match[str]) -> str:
        return f"[{shorter(found[1])}]" if found[1] else f"offset {shorter(found[2])}"

    return THRESHOLD.sub(lambda found: f"{found[1]}{int(found[2]) / FACTOR:g}", RANGE.sub(ranged, text))


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    changed = {"expr": query(rule["expr"])} | ({"for": shorter(rule["for"])} if "for" in rule else {})
    return rule | changed


def write(folder: Path, targets: dict[str, str]) -> Path:
    """A configuration that scrapes these services (host:port by name) each second by the shortened rules."""
    for source in RULES.glob("*.yml"):
        groups = yaml.safe_load(source.read_text(encoding="utf-8"))["groups"]
        whole = [group | {"rules": [_rule(rule) for rule in group["rules"]]} for group in groups]
        (folder / source.name).write_text(yaml.safe_dump({"groups": whole}, allow_unicode=True), encoding="utf-8")
    scraped = [{"targets": [address], "labels": {"service": name}} for name, address in targets.items()]
    config = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(folder / source.name) for source in RULES.glob("*.yml")],
        "scrape_configs": [{"job_name": "rsoko", "static_configs": scraped}],
    }
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path
