"""The region as the crash tests know it: read from the published tables themselves, not through the product."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"
PERIODS = tuple(str(year) for year in range(2020, 2027))
GROUPS = ("conditions", "results", "processes")
OVERALL_MAXIMUM = 95


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure and the highest points of each of its indicators."""

    key: str
    code: int
    group: str
    indicators: dict[str, int]

    @property
    def maximum(self) -> int:
        """The highest points of the procedure."""
        return sum(self.indicators.values())


@cache
def municipalities() -> dict[str, str]:
    """The OKTMO code of each municipality by its id."""
    return {row["id"]: row["oktmo"] for row in _rows("municipalities_chelyabinsk.csv")}


@cache
def procedures() -> dict[str, Procedure]:
    """All procedures by key: an indicator has 2 points, the last of an odd maximum 1."""
    found = {}
    for row in _rows("procedures.csv"):
        maximum = int(row["assumed_maximum"])
        numbers = range(1, (maximum + 1) // 2 + 1)
        indicators = {f"i{number}": min(2, maximum - 2 * (number - 1)) for number in numbers}
        found[row["key"]] = Procedure(row["key"], int(row["code"]), row["group"], indicators)
    return found


@cache
def exempt() -> frozenset[tuple[str, str, str]]:
    """Where a procedure did not apply although nobody reported so: municipality, period, procedure."""
    by_code = {code: key for key, code in municipalities().items()}
    rows = _rows("group_points_2022.csv")
    return frozenset((by_code[row["oktmo"]], "2022", "project_500_plus") for row in rows if row["results_max"] == "38")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
