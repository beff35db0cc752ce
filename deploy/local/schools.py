"""Generated schools and their results for trials: obviously invented, the same for the same count and seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from deploy.local.region import DATA, Body, rows

if TYPE_CHECKING:
    from numpy.random import Generator

SOURCE = "generated-schools"
YEARS = (2020, 2021, 2022)
COMMENT = "Порождено для испытаний: такой школы нет."
MARKS = ("m2", "m3", "m4", "m5")
MOST = "10000"
# What is planted: every tenth school is weak, every tenth strong, every twentieth has one of the four signs.
WEAK, STRONG, SIGN = 10, 10, 20
KINDS = ("spike", "marks", "jump", "medals")
WEAK_SHIFT, STRONG_SHIFT, JUMP = -1.6, 1.3, 1.3
RAISED, MARKED_UP, UNDER_70, UNDER_70_PLANTED = 0.8, 0.7, 0.12, 0.75
_BELOW = 2


@dataclass(frozen=True, slots=True)
class School:
    """A generated school: its ability in standard deviations, its size, what is planted."""

    id: str
    name: str
    municipality: str
    ability: float
    size: int
    planted: str | None


@dataclass(frozen=True, slots=True)
class Generated:
    """Bodies for the API, in a fixed order, and what was planted where; `results` makes its bodies on the way."""

    schools: tuple[School, ...]
    procedures: tuple[Body, ...]
    thresholds: str
    seed: int
    boundaries: Mapping[str, Sequence[int]]

    @property
    def organizations(self) -> list[Body]:
        """Bodies for `POST /v1/organizations/import` (items)."""
        return [
            {"id": one.id, "name": one.name, "kind": "school", "owner": "municipality",
             "municipality": one.municipality, "valid_from": "2014-09-01"}
            for one in self.schools
        ]  # fmt: skip

    def planted(self) -> dict[str, list[str]]:
        """The schools by what is planted in them."""
        found: dict[str, list[str]] = {}
        for one in self.schools:
            if one.planted:
                found.setdefault(one.planted, []).append(one.id)
        return found

    def results(self) -> Iterator[Body]:
        """Bodies for `POST /v1/results/batch`: every school, procedure and year."""
        for number, school in enumerate(self.schools):
            for year in YEARS:
                yield from _results(self, school, year, number)


def generate(count: int, seed: int, *, folder: Path = DATA) -> Generated:
    """So many schools over the municipalities of the region, in proportion to their children."""
    from numpy.random import default_rng

    described = yaml.safe_load((folder / "school_procedures.yaml").read_text(encoding="utf-8"))
    thresholds = (folder / "thresholds" / "schools-2020.yaml").read_text(encoding="utf-8")
    municipalities = rows(folder / "municipalities_chelyabinsk.csv")
    rng = default_rng(seed)
    children = [int(row["children"]) for row in municipalities]
    owners = rng.choice(len(municipalities), size=count, p=[one / sum(children) for one in children])
    return Generated(
        schools=tuple(_school(n, municipalities[owner], rng) for n, owner in enumerate(owners)),
        procedures=tuple(_procedure(one, described) for one in described["procedures"]),
        thresholds=thresholds,
        seed=seed,
        boundaries=yaml.safe_load(thresholds)["signs"]["spike"]["boundaries"],
    )


def _school(number: int, owner: Mapping[str, str], rng: Generator) -> School:
    kind = None
    ability = float(rng.normal(0, 0.35))
    if number % SIGN == SIGN - 1:
        kind = KINDS[number // SIGN % len(KINDS)]
    elif number % WEAK == 0:
        kind, ability = "weak", ability + WEAK_SHIFT
    elif number % STRONG == 1:
        kind, ability = "strong", ability + STRONG_SHIFT
    return School(
        id=f"{owner['id'].partition('-')[0]}-uslovnaya-shkola-{number + 1:05}",
        name=f"Условная школа № {number + 1} ({owner['name']})",
        municipality=owner["id"],
        ability=ability,
        size=int(min(max(rng.lognormal(4.2, 0.35), 25), 200)),
        planted=kind,
    )


def _procedure(told: Mapping[str, Any], described: Mapping[str, Any]) -> Body:
    """The body of `PUT /v1/procedures/{key}`, with the key."""
    reported = {"participants": ("Участников", "count", MOST)}
    if told.get("marks"):
        reported |= {mark: (f"Отметок «{mark[1]}»", "count", MOST) for mark in MARKS}
    if told.get("mean"):
        reported["percent"] = ("Средняя доля максимального балла", "percent", "100")
    if told.get("share_below"):
        reported["below_minimum"] = ("Доля не достигших минимума", "percent", "100")
    if told.get("medals"):
        reported = {
            "medallists": ("Получивших медаль", "count", MOST),
            "medallists_under_70": ("Из них набравших менее 70 баллов", "count", MOST),
        }
    for score in range(told.get("highest_score", -1) + 1):
        reported[f"p{score}"] = (f"Работ с первичным баллом {score}", "count", MOST)
    return {
        "key": told["key"],
        "code": told["code"],
        "group": "results",
        "name": told["name"],
        "maximum": "0",
        "assumed": True,
        "indicators": [
            {"key": key, "name": name, "maximum": "0", "values": {"unit": unit, "maximum": most}}
            for key, (name, unit, most) in reported.items()
        ],
        "subject": "organization",
        "permitted_uses": described["uses"],
        "act": described["act"],
        "school": told["school"],
    }


def _results(generated: Generated, school: School, year: int, number: int) -> Iterator[Body]:
    """A school's year; each has a stream of random numbers of its own, so that a part is what the whole has."""
    from numpy.random import default_rng

    rng = default_rng([generated.seed, number, year])
    ability = school.ability + float(rng.normal(0, 0.1))
    if school.planted == "jump" and year == YEARS[-1]:
        ability += JUMP
    for procedure in generated.procedures:
        yield {
            "procedure": procedure["key"],
            "subject": {"organization": school.id},
            "period": str(year),
            "values": _values(procedure, school, ability, rng=rng, boundaries=generated.boundaries),
            "source": SOURCE,
            "occurred_at": f"{year}-06-30T12:00:00+05:00",
            "comment": COMMENT,
            "notify": False,
        }


def _values(
    procedure: Body, school: School, ability: float, *, rng: Generator, boundaries: Mapping[str, Sequence[int]]
) -> dict[str, int | str]:
    named = [one["key"] for one in procedure["indicators"]]
    if "medallists" in named:
        medallists = int(rng.poisson(6))
        share = UNDER_70_PLANTED if school.planted == "medals" else UNDER_70
        return {"medallists": medallists, "medallists_under_70": int(rng.binomial(medallists, share))}
    size = school.size if procedure["school"]["level"] != "secondary" else max(school.size // 2, 12)
    highest = sum(key[0] == "p" and key[1:].isdigit() for key in named) - 1
    if highest > 0:
        scores = scored(rng, size, highest, ability)
        if school.planted == "spike":
            raise_up(scores, boundaries[procedure["key"]], RAISED)
        return {"participants": size, **_summary(scores, boundaries[procedure["key"]])}
    if "m2" in named:
        shift = MARKED_UP * 2 if school.planted == "marks" else 0.0
        return {"participants": size, **_own_marks(rng, size, ability + shift)}
    return {"participants": size, **_shares(rng, size, ability)}


def scored(rng: Generator, size: int, highest: int, ability: float) -> list[int]:
    """How many works have each primary score: a bell cut at both ends, its middle moved by the ability."""
    import numpy as np

    middle, spread = highest * (0.58 + 0.11 * ability), highest * 0.17
    heights = np.exp(-0.5 * ((np.arange(highest + 1) - middle) / spread) ** 2)
    return [int(one) for one in rng.multinomial(size, heights / heights.sum())]


def raise_up(scores: list[int], boundaries: Sequence[int], share: float) -> None:
    """Plant a spike: so much of the works just below each boundary is lifted to it."""
    for boundary in boundaries:
        for below in range(boundary - _BELOW, boundary):
            lifted = round(scores[below] * share)
            scores[below] -= lifted
            scores[boundary] += lifted


def _summary(scores: Sequence[int], boundaries: Sequence[int]) -> dict[str, int | str]:
    edges = [0, *boundaries, len(scores)]
    marks = {mark: sum(scores[first:last]) for mark, first, last in zip(MARKS, edges[:-1], edges[1:], strict=True)}
    mean = 100 * sum(score * count for score, count in enumerate(scores)) / (sum(scores) * (len(scores) - 1))
    return {**marks, "percent": f"{mean:.2f}", **{f"p{score}": count for score, count in enumerate(scores)}}


def _own_marks(rng: Generator, size: int, ability: float) -> dict[str, int]:
    import numpy as np

    latent = rng.normal(ability * 0.65, 1, size)
    places = np.digitize(latent, [-1.9, -0.25, 0.85])
    return {mark: int((places == place).sum()) for place, mark in enumerate(MARKS)}


def _shares(rng: Generator, size: int, ability: float) -> dict[str, str]:
    """The mean of the maximum and the share below the minimum, of one draw of works."""
    works = rng.normal(58 + 11 * ability, 17, size).clip(0, 100)
    return {"percent": f"{works.mean():.2f}", "below_minimum": f"{100 * (works < 36).mean():.2f}"}  # noqa: PLR2004 - the pass mark of this trial
