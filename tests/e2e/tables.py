"""The four tables of 2022 by plain fractions from the published points of the groups; no product code."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data"
GROUPS = ("conditions", "results", "processes")
OVERALL_MAXIMUM, WITHOUT_500_PLUS = 95, 4


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one municipality by group, and the maximum of its results."""

    name: str
    by_group: Mapping[str, Fraction]
    maxima: Mapping[str, int]

    def share(self, group: str) -> tuple[Fraction, int]:
        """Points and maximum of a group or overall."""
        if group != "overall":
            return self.by_group[group], self.maxima[group]
        missing = 42 - self.maxima["results"]
        return sum(self.by_group.values(), Fraction(0)), OVERALL_MAXIMUM - missing

    def less(self, group: str, points: Fraction) -> "Points":
        """The same with fewer points in a group."""
        return replace(self, by_group={**self.by_group, group: self.by_group[group] - points})


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of the data."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def published_points() -> dict[str, Points]:
    """Everybody's points by OKTMO code."""
    return {
        row["oktmo"]: Points(
            row["municipality"],
            {group: Fraction(row[f"{group}_points"]) for group in GROUPS},
            {group: int(row[f"{group}_max"]) for group in GROUPS},
        )
        for row in rows("group_points_2022.csv")
    }


def table(points: Mapping[str, Points], group: str) -> dict[str, tuple[int, int, str]]:
    """Rank, percent and level of everybody by OKTMO code: dense ranks on exact shares, percent half up."""
    shares = {code: Fraction(*map(Fraction, one.share(group))) for code, one in points.items()}
    ranks = {share: place for place, share in enumerate(sorted(set(shares.values()), reverse=True), start=1)}
    return {code: (ranks[share], percent(share), level(percent(share))) for code, share in shares.items()}


def percent(share: Fraction) -> int:
    """Half up, and never above 100."""
    return min(100, (share * 200 + 1).__floor__() // 2)


def level(percent_: int) -> str:
    """By the rounded percent."""
    return "low" if percent_ < 30 else "medium" if percent_ < 60 else "above_average" if percent_ < 90 else "high"


def shown(rating: Mapping[str, Any]) -> dict[str, tuple[int, int, str]]:
    """The same of an answer of the API."""
    return {one["municipality"]["oktmo"]: (one["rank"], one["percent"], one["level"]) for one in rating["rows"]}
