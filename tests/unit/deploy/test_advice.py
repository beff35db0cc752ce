"""The end of the demo's story: how many levels fell, and where to look."""

from typing import Any

import pytest

from deploy.cli.advice import falls, where_to_click
from deploy.local import Settings


def change(before: str | None, after: str | None) -> dict[str, Any]:
    return {"before": {"level": before}, "after": {"level": after}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([change("above_average", "medium"), change("medium", "low")], 2),
        ([change("medium", "medium"), change("low", "high")], 0),
        ([change(None, "low"), change("low", None)], 0),
    ],
)
def test_only_levels_that_fell_are_counted(changes: list[dict[str, Any]], expected: int):
    assert falls({"changes": changes}) == expected


def test_the_way_through_the_browser_names_the_municipality_and_its_page():
    lines = where_to_click(Settings.from_env({}), {"id": "74-a", "name": "А ГО"})
    assert "А ГО" in "\n".join(lines)
    assert any("/municipalities/74-a" in line for line in lines)
