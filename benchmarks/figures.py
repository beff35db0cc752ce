"""A figure beside its floor: medians of alternating rounds, the ratio, the goal, and what bounds it."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COLUMNS = ("что", "у нас", "ориентир", "отношение", "цель", "достигнута", "чем ограничено")


@dataclass(frozen=True, slots=True)
class Sample:
    """The values of all rounds; shown as their median and, in brackets, the least and the greatest."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a sample has at least one value")

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def text(self) -> str:
        """For the table: median (least…greatest), or the one value there is."""
        if len(self.values) == 1:
            return number(self.median)
        return f"{number(self.median)} ({number(min(self.values))}…{number(max(self.values))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the report.

    The goal is on the ratio of medians (ours / floor); where there is no floor, on the greatest value of ours.
    `better` says on which side of the goal it is met. `goal` None: told beside the others, judged by nobody.
    """

    name: str
    what: str
    unit: str
    ours: Sample
    floor: Sample | None = None
    goal: float | None = None
    better: Literal["more", "less"] = "less"
    bound: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours against the floor, by medians."""
        if self.floor is None:
            return None
        return self.ours.median / self.floor.median if self.floor.median else float("inf")

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        if self.goal is None:
            return None
        judged = self.ratio if self.ratio is not None else max(self.ours.values)
        return judged >= self.goal if self.better == "more" else judged <= self.goal

    def row(self) -> tuple[str, ...]:
        """The cells of the table, in the order of `COLUMNS`."""
        return (
            f"{self.what}, {self.unit}",
            self.ours.text(),
            self.floor.text() if self.floor else "—",
            f"{self.ratio:.2f}" if self.ratio is not None else "—",
            "—" if self.goal is None else f"{'≥' if self.better == 'more' else '≤'} {number(self.goal)}",
            {None: "—", True: "да", False: "НЕТ"}[self.met],
            self.bound,
        )

    def document(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "name": self.name,
            "what": self.what,
            "unit": self.unit,
            "ours": _values(self.ours),
            "floor": _values(self.floor) if self.floor else None,
            "ratio": self.ratio,
            "goal": self.goal,
            "better": self.better,
            "met": self.met,
            "bound": self.bound,
        }


def _values(sample: Sample) -> dict[str, Any]:
    return {"median": sample.median, "min": min(sample.values), "max": max(sample.values), "rounds": sample.values}


def number(value: float) -> str:
    """Three significant digits, thousands divided by a thin space: 12 300, 4.56, 0.071."""
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}".replace(",", "\u202f")
    return f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies (nearest rank); `share` in 0..1."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Growth of y per unit of x by least squares; 0 for fewer than two points."""
    if len(points) < 2:
        return 0.0
    return statistics.linear_regression([x for x, _ in points], [y for _, y in points]).slope


def table(figures: Iterable[Figure]) -> str:
    """All figures as lines of aligned cells; the last column runs free."""
    rows = [COLUMNS, *(figure.row() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(COLUMNS) - 1)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
    return "\n".join(lines)
