"""Dashboards can be provisioned as they are: one source of figures, Russian titles, panels that do not overlap."""

import re
from pathlib import Path

import pytest
import yaml

from tests.architecture.tree import ROOT
from tests.contracts.observability.queries import DASHBOARDS, GRAFANA, dashboard, panels

RUSSIAN = re.compile(r"[А-Яа-яЁё]")
COLUMNS = 24
each = pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)


def provisioned(kind: str, part: str) -> list[dict[str, object]]:
    [file] = (GRAFANA / "provisioning" / kind).glob("*.yaml")
    found: list[dict[str, object]] = yaml.safe_load(file.read_text(encoding="utf-8"))[part]
    return found


def test_the_four_dashboards_are_there_and_nobody_edits_them_in_the_browser():
    [provider] = provisioned("dashboards", "providers")

    assert [path.stem for path in DASHBOARDS] == ["data-quality", "kafka", "main-job", "service"]
    assert provider["allowUiUpdates"] is False
    assert {dashboard(path)["editable"] for path in DASHBOARDS} == {False}
    assert len({dashboard(path)["uid"] for path in DASHBOARDS}) == len(DASHBOARDS)


@each
def test_every_panel_asks_the_provisioned_source(path: Path):
    [source] = provisioned("datasources", "datasources")
    wanted = {"type": source["type"], "uid": source["uid"]}
    board = dashboard(path)
    asking = [*panels(path), *board["templating"]["list"], *board["annotations"]["list"]]
    asking += [target for panel in panels(path) for target in panel["targets"]]

    assert [one for one in asking if one["datasource"] != wanted] == []


@each
def test_titles_are_russian_and_runbooks_that_are_named_exist(path: Path):
    board = dashboard(path)

    assert RUSSIAN.search(board["title"])
    assert [panel["title"] for panel in board["panels"] if not RUSSIAN.search(panel["title"] + "…")] == []
    named = {name for panel in panels(path) for name in re.findall(r"docs/[\w/.-]+\.md", panel["description"])}
    assert [name for name in named if not (ROOT / name).is_file()] == []


@each
def test_panels_have_their_own_place_and_number(path: Path):
    taken: set[tuple[int, int]] = set()
    for panel in dashboard(path)["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= COLUMNS, panel["title"]
        taken |= cells

    numbers = [panel["id"] for panel in dashboard(path)["panels"]]
    assert len(numbers) == len(set(numbers))
