"""How the marks and primary scores of one result are spread, where the result tells all of them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Told = Mapping[str, Any]
MARKS = {"m2": 2, "m3": 3, "m4": 4, "m5": 5}
PUPIL = ("учащийся", "учащихся", "учащихся")
WORK = ("работа", "работы", "работ")
SPIKE = "boundary_spike"
MOST = 12
_SCORE = re.compile(r"p(\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spread:
    """Pupils by mark and works by primary score; `borders`: before which score a mark begins, `marked`: suspicious."""

    result: str
    title: str
    marks: Mapping[int, int]
    scores: Mapping[int, int]
    borders: Mapping[int, str] = field(default_factory=dict)
    marked: Collection[int] = ()

    @property
    def pupils(self) -> int:
        """How many have a mark."""
        return sum(self.marks.values())


@dataclass(frozen=True, slots=True)
class Named:
    """A result that a profile speaks of: what it is of, and whether a spike at the borders was found in it."""

    procedure: str
    title: str
    spiked: bool = False


def results_of(profile: Told) -> dict[str, Named]:
    """The results of the profile's year, by id: those of its signs first, then those behind the criteria."""
    year = profile["period"]
    signs = [one for one in profile["signs"] if one["period"] == year]
    spiked = {one["result"] for one in signs if one["kind"] == SPIKE}
    behind = [one for verdict in profile["years"][0]["criteria"] for one in verdict["reasons"] if one["period"] == year]
    found = {one["result"]: Named(one["procedure"], one["title"], one["result"] in spiked) for one in [*signs, *behind]}
    return dict(list(found.items())[:MOST])


def borders_of(thresholds: Told, procedure: str) -> dict[int, str]:
    """Where marks begin by primary score, as a threshold set says; nothing where it does not."""
    told: Sequence[int] = thresholds.get("signs", {}).get("spike", {}).get("boundaries", {}).get(procedure, ())
    words = [f"«{mark}»" for mark in range(3, 6)] if len(told) == len(MARKS) - 1 else [""] * len(told)
    return dict(zip(told, words, strict=True))


def spread_of(result: Told, named: Named, thresholds: Told) -> Spread | None:
    """The spread of a result in force; None where it tells neither all marks nor all scores."""
    values = result.get("values") or {}
    if result["status"] == "withdrawn":
        return None
    marks = _whole({number: values.get(key) for key, number in MARKS.items()})
    scores = _whole({int(found[1]): told for key, told in values.items() if (found := _SCORE.fullmatch(key))})
    if not marks and not scores:
        return None
    borders = borders_of(thresholds, named.procedure) if scores else {}
    return Spread(result["id"], named.title, marks, scores, borders, tuple(borders) if named.spiked else ())


def _whole(told: Mapping[int, str | None]) -> dict[int, int]:
    """The counts, where every one is told and somebody is counted; a missing one would draw as nobody."""
    known = {number: int(text) for number, text in told.items() if text is not None and text.isdigit()}
    return dict(sorted(known.items())) if len(known) == len(told) and any(known.values()) else {}
