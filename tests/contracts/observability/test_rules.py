"""Rules are accepted by Prometheus' own tool, each alert is tried there, and each leads to a runbook."""

import re
from pathlib import Path

import pytest
import yaml

from tests.architecture.tree import ROOT
from tests.contracts.observability.promtool import promtool
from tests.contracts.observability.queries import PROMETHEUS, RUNBOOKS, alerts, recorded, rules

TRIALS = sorted((PROMETHEUS / "tests").glob("*.yml"))
RUSSIAN = re.compile(r"[а-яё]{3}")


def test_prometheus_takes_the_configuration_and_the_rules():
    done = promtool("check", "config", str(PROMETHEUS / "prometheus.yml"))

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(alerts())} rules found" in done.stdout
    assert f"{len(recorded())} rules found" in done.stdout


@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.stem)
def test_alerts_fire_when_they_should_and_only_then(path: Path):
    done = promtool("test", "rules", str(path))

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_rule_that_does_not_fire_would_be_seen(tmp_path: Path):
    trial = (PROMETHEUS / "tests" / "outbox.yml").read_text(encoding="utf-8")
    whole = trial.replace("../rules", str(PROMETHEUS / "rules")).replace("15+15x20", "0x20")
    (tmp_path / "outbox.yml").write_text(whole, encoding="utf-8")

    done = promtool("test", "rules", str(tmp_path / "outbox.yml"))

    assert done.returncode == 1
    assert "OldestOutboxRow" in done.stdout + done.stderr


def test_every_alert_is_tried_firing():
    trials = [one for path in TRIALS for one in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]]
    cases = [case for trial in trials for case in trial["alert_rule_test"]]

    assert alerts().keys() == {case["alertname"] for case in cases if case["exp_alerts"]}
    assert {case["alertname"] for case in cases} <= alerts().keys()


def test_every_alert_says_in_russian_what_is_wrong_and_how_bad_it_is():
    for name, rule in alerts().items():
        assert rule["labels"]["severity"] in {"critical", "warning"}, name
        assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}, name
        assert RUSSIAN.search(rule["annotations"]["summary"]), name
        assert RUSSIAN.search(rule["annotations"]["description"]), name
        assert rule["annotations"]["description"].endswith("."), name


def test_every_alert_has_a_runbook_and_every_runbook_an_alert():
    named = {rule["annotations"]["runbook_url"] for rule in alerts().values()}
    there = {str(path.relative_to(ROOT)) for path in RUNBOOKS.glob("*.md") if path.name != "README.md"}

    assert named == there


def test_every_runbook_names_its_alerts_and_says_what_to_do_and_whom_to_call():
    for name, rule in alerts().items():
        page = (ROOT / rule["annotations"]["runbook_url"]).read_text(encoding="utf-8")
        assert f"`{name}`" in page, f"{rule['annotations']['runbook_url']} does not name {name}"
        for word in ("**Sign.**", "**Look.**", "**Do.**", "**Call.**", "```sh\n"):
            assert word in page, f"{rule['annotations']['runbook_url']} has no {word}"


def test_names_of_rules_are_unique_and_what_is_recorded_says_its_level():
    names = [rule.get("record") or rule["alert"] for rule in rules()]

    assert len(names) == len(set(names))
    assert [name for name in recorded() if not re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z0-9]+", name)] == []
