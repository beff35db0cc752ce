"""Comparing two explained scores: the exact terms that make the difference of their shares, and sum to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.scoring.domain.coverage import coverage_of
from services.scoring.domain.rules import ZERO
from shared.kernel import number_text

Told = Mapping[str, Any]
_BELOW = {"group": "procedure", "procedure": "indicator"}
_HEAD = ("municipality", "period", "methodology", "flags", "edition", "as_of", "data_at")
_SCORE = ("state", "points", "maximum", "share", "percent", "level", "level_conflict", "rank")
OVER = "Баллы показателей сверх максимума процедуры"


@dataclass(frozen=True, slots=True)
class Scales:
    """What one point is worth on either side: one over the maximum that the share is taken of."""

    a: Fraction
    b: Fraction

    def parts(self, a: Fraction, b: Fraction) -> dict[str, str]:
        """The term of these points: `a`/maximum − `b`/maximum, split into what points and what maxima make.

        Points count at the mean of both scales, maxima at the mean of both points; exchanging the sides turns
        every sign, and the two parts sum to the term exactly.
        """
        of_points = (a - b) * (self.a + self.b) / 2
        of_maximum = (a + b) * (self.a - self.b) / 2
        return {
            "difference": number_text(of_points + of_maximum),
            "of_points": number_text(of_points),
            "of_maximum": number_text(of_maximum),
        }


def compare(a: Told, b: Told, *, detailed: bool) -> dict[str, Any]:
    """Two explanations (in the shape of the API) compared: `a` less `b`, overall and by group.

    Terms of procedures and indicators only where `detailed`. Where one side has no score there is no difference.
    """
    return {
        "a": {name: a[name] for name in _HEAD},
        "b": {name: b[name] for name in _HEAD},
        "same_edition": a["methodology"] == b["methodology"],
        "detailed": detailed,
        "overall": _compared(a["overall"], b["overall"], "group", detailed=detailed),
        "groups": [
            {"group": key, "title": title} | _compared(left, right, "procedure", detailed=detailed)
            for key, title, left, right in _paired(a["overall"], b["overall"], "group")
        ],
    }


def _compared(a: Told, b: Told, part: str, *, detailed: bool) -> dict[str, Any]:
    """Two scores of one table with the terms of their difference; `part` is what the terms are about."""
    told: dict[str, Any] = {"a": _score(a), "b": _score(b), "difference": None}
    told["coverage"] = {"a": _coverage(a, part), "b": _coverage(b, part)}
    shown = detailed or part == "group"
    if a["state"] != "scored" or b["state"] != "scored":
        return told | ({"terms": []} if shown else {})
    told["difference"] = number_text(Fraction(a["share"]) - Fraction(b["share"]))
    if shown:
        scales = Scales(1 / Fraction(a["maximum"]), 1 / Fraction(b["maximum"]))
        told["terms"] = list(_terms(a, b, part, scales=scales, detailed=detailed))
    return told


def _terms(a: Told, b: Told, part: str, *, scales: Scales, detailed: bool) -> Iterator[dict[str, Any]]:
    for key, title, left, right in _paired(a, b, part):
        term: dict[str, Any] = {"part": part, "key": key, "title": title, "a": _side(left), "b": _side(right)}
        term |= scales.parts(_points(left), _points(right))
        if detailed and part in _BELOW:
            term["terms"] = [
                *_terms(left, right, _BELOW[part], scales=scales, detailed=True),
                *_over(left, right, key, scales=scales, part=part),
            ]
        yield term


def _over(a: Told, b: Told, key: str, *, scales: Scales, part: str) -> Iterator[dict[str, Any]]:
    """What a procedure's maximum took off the sum of its indicators, where it did."""
    if part != "procedure":
        return
    left, right = (_points(one) - sum((_points(x) for x in one.get("indicators", ())), ZERO) for one in (a, b))
    if left or right:
        sides = {
            name: {"state": "scored", "points": number_text(points), "maximum": None}
            for name, points in (("a", left), ("b", right))
        }
        yield {"part": "over_maximum", "key": key, "title": OVER} | sides | scales.parts(left, right)


def _paired(a: Told, b: Told, part: str) -> list[tuple[str, str, Told, Told]]:
    """The parts of both sides by key, in the order of the first.

    What an edition does not have `did_not_exist`; what is below something that did not apply did not apply.
    """
    left, right = ({one[part]: one for one in side.get(f"{part}s", ())} for side in (a, b))
    return [
        (key, (left.get(key) or right[key])["title"], left.get(key) or _absent(a), right.get(key) or _absent(b))
        for key in dict.fromkeys((*left, *right))
    ]


def _absent(above: Told) -> Told:
    return {"state": "not_applicable" if above["state"] == "not_applicable" else "did_not_exist"}


def _points(one: Told) -> Fraction:
    return Fraction(one.get("points") or 0)


def _side(one: Told) -> dict[str, Any]:
    return {"state": one["state"], "points": one.get("points"), "maximum": one.get("maximum")}


def _coverage(one: Told, part: str) -> dict[str, int]:
    """How many procedures a side has data of: a year that has hardly begun is no collapse."""
    groups = one.get("groups", ()) if part == "group" else (one,)
    return coverage_of(below["state"] for group in groups for below in group.get("procedures", ()))._asdict()


def _score(one: Told) -> dict[str, Any]:
    return {name: one[name] for name in _SCORE if name in one}
