"""How one indicator's value becomes points: `direct`, `linear`, `steps`, `relative`; exact, within 0..maximum."""

# Rules keep their hash: hashing fractions anew for every value would be the dearest part of rescoring.

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from shared.kernel import number_text

ZERO = Fraction(0)
Data = dict[str, object]
Kind = Literal["direct", "linear", "steps", "relative"]
Better = Literal["higher", "lower"]


def within(points: Fraction, maximum: Fraction) -> Fraction:
    """Points moved to the nearest end of 0..maximum."""
    return ZERO if points < 0 else min(points, maximum)


@dataclass(frozen=True, slots=True)
class Direct:
    """The value is the points (domain rule `direct`)."""

    maximum: Fraction
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((Direct, self.maximum)))

    def __hash__(self) -> int:
        return self._hash

    def points(self, value: Fraction) -> Fraction:
        """The value itself, kept within 0..maximum."""
        return within(value, self.maximum)

    def words(self) -> str:
        """The rule as a sentence for a Russian reader."""
        return f"баллы даны прямо, от 0 до {number_text(self.maximum)}"

    def data(self) -> Data:
        """The rule as data, in the words of the methodology's format."""
        return {"kind": "direct"}


@dataclass(frozen=True, slots=True)
class Linear:
    """`start` gives 0 points, `end` gives the maximum, evenly between; `start` may be the greater one."""

    maximum: Fraction
    start: Fraction
    end: Fraction
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((Linear, self.maximum, self.start, self.end)))

    def __hash__(self) -> int:
        return self._hash

    def points(self, value: Fraction) -> Fraction:
        """The exact share of the way from `start` to `end`, times the maximum."""
        return within((value - self.start) / (self.end - self.start) * self.maximum, self.maximum)

    def words(self) -> str:
        """The rule as a sentence for a Russian reader."""
        start, end, top = (number_text(number) for number in (self.start, self.end, self.maximum))
        return f"равномерно: {start} даёт 0 баллов, {end} даёт {top}"

    def data(self) -> Data:
        """The rule as data, in the words of the methodology's format."""
        return {"kind": "linear", "from": number_text(self.start), "to": number_text(self.end)}


@dataclass(frozen=True, slots=True)
class Steps:
    """The last threshold not above the value gives the points; a value under the first one gives `below`."""

    maximum: Fraction
    steps: tuple[tuple[Fraction, Fraction], ...]
    below: Fraction = ZERO
    _thresholds: tuple[Fraction, ...] = field(init=False, repr=False, compare=False, default=())
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((Steps, self.maximum, self.steps, self.below)))
        object.__setattr__(self, "_thresholds", tuple(threshold for threshold, _ in self.steps))

    def __hash__(self) -> int:
        return self._hash

    def points(self, value: Fraction) -> Fraction:
        """The points of the step that the value stands on."""
        reached = bisect_right(self._thresholds, value)
        return within(self.steps[reached - 1][1] if reached else self.below, self.maximum)

    def words(self) -> str:
        """The rule as a sentence for a Russian reader."""
        parts = [f"от {number_text(threshold)} — {number_text(points)}" for threshold, points in self.steps]
        return f"ступени: ниже первой — {number_text(self.below)}; " + "; ".join(parts)

    def data(self) -> Data:
        """The rule as data, in the words of the methodology's format."""
        steps = [[number_text(threshold), number_text(points)] for threshold, points in self.steps]
        return {"kind": "steps", "below": number_text(self.below), "steps": steps}


@dataclass(frozen=True, slots=True)
class Relative:
    """The share of the cohort's best value: the best gives the maximum (the federal municipal methodology).

    Where more is better, a value's points are value / best; where less is better, best / value. A best of zero
    divides nothing: where more is better nobody has earned anything, where less is better those at zero have it all.
    """

    maximum: Fraction
    better: Better = "higher"
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((Relative, self.maximum, self.better)))

    def __hash__(self) -> int:
        return self._hash

    def best(self, values: Iterable[Fraction]) -> Fraction | None:
        """The best of these values; None where there is none."""
        return (max if self.better == "higher" else min)(values, default=None)

    def points(self, value: Fraction, best: Fraction) -> Fraction:
        """The share of the best, times the maximum; a value better than the best has the maximum."""
        if self.better == "higher":
            return ZERO if best <= 0 else within(value / best * self.maximum, self.maximum)
        if value <= best or value <= 0:
            return self.maximum
        return ZERO if best <= 0 else best / value * self.maximum

    def words(self) -> str:
        """The rule as a sentence for a Russian reader."""
        side, share = ("больше", "значение / лучшее") if self.better == "higher" else ("меньше", "лучшее / значение")
        return f"доля от лучшего значения ({side} — лучше): {share} × {number_text(self.maximum)}"

    def data(self) -> Data:
        """The rule as data, in the words of the methodology's format."""
        return {"kind": "relative", "better": self.better}


Absolute = Direct | Linear | Steps
Rule = Absolute | Relative
