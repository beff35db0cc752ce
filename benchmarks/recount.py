"""The full recount of a region's three years from its facts, beside numpy on the same values as arrays."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.facts import fact_of
from benchmarks.figures import Figure, Sample
from deploy.local.region import read_region
from services.scoring.domain import Fact, Methodology, Standings, methodology_from_yaml, recount
from services.scoring.domain.league import League

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MUNICIPALITIES, YEARS, ROUNDS, REPEATS = 43, ("2020", "2021", "2022"), 9, 5
GOAL = 5.0


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Each round: all cards with levels and ranks from all facts, and the same tables by numpy, in turn first."""
    methodology = methodology_from_yaml(read_region().methodology)[0]
    facts, arrays = _made(methodology)
    _agree(methodology, facts, arrays)
    ours: list[float] = []
    floor: list[float] = []
    brought: list[float] = []
    for number in range(ROUNDS):
        for values, work in (
            (ours, lambda: Standings(recount(facts, methodology_of=lambda _: methodology).values())),
            (floor, arrays.tables),
            (brought, lambda: replace(arrays, values=_brought(methodology, facts)).tables()),
        )[:: 1 if number % 2 else -1]:
            values.append(min(_milliseconds(work) for _ in range(REPEATS)))
    tell(f"пересчёт {len(facts):,} результатов: {min(ours):.1f} мс, numpy {min(floor):.2f} мс")
    return [
        Figure(
            name="recount",
            what=f"полный пересчёт: {MUNICIPALITIES} муниципалитета × {len(methodology.procedures)} процедур × 3 года",
            unit="мс",
            ours=Sample(tuple(ours)),
            floor=Sample(tuple(floor)),
            goal=GOAL,
            bound=f"{min(ours) * 1000 / len(facts):.1f} мкс на результат: точные дроби и карточки, не массивы",
        ),
        Figure(
            name="recount_from_facts",
            what="то же; ориентир сначала собирает массивы из тех же сведений",
            unit="мс",
            ours=Sample(tuple(ours)),
            floor=Sample(tuple(brought)),
            bound="чтение текста значений по одному",
        ),
    ]


def _milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


@dataclass(frozen=True, slots=True)
class Arrays:
    """Values by year, municipality and indicator, with the maxima and the places of procedures and groups."""

    values: NDArray[np.float64]
    maxima: NDArray[np.float64]
    starts: NDArray[np.intp]
    procedure_maxima: NDArray[np.float64]
    group_starts: NDArray[np.intp]
    declared: float

    def tables(self) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
        """Shares of the groups and overall, levels by the rounded percent, dense ranks; in floats, without reasons."""
        points = np.minimum(
            np.add.reduceat(np.clip(self.values, 0, self.maxima), self.starts, axis=2), self.procedure_maxima
        )
        groups = np.add.reduceat(points, self.group_starts, axis=2)
        group_maxima = np.add.reduceat(self.procedure_maxima, self.group_starts)
        overall = groups.sum(axis=2, keepdims=True) / self.declared
        shares = np.concatenate([groups / group_maxima, overall], axis=2)
        levels = np.searchsorted([30, 60, 90], np.minimum(np.floor(shares * 100 + 0.5), 100), side="right")
        ranks = np.empty(shares.shape, dtype=np.intp)
        for year in range(shares.shape[0]):
            for table in range(shares.shape[2]):
                _, place = np.unique(-shares[year, :, table], return_inverse=True)
                ranks[year, :, table] = place + 1
        return shares, levels, ranks


def _made(methodology: Methodology) -> tuple[list[Fact], Arrays]:
    chance = random.Random(1)
    procedures = list(methodology.procedures.values())
    values = [
        [[[chance.randint(0, 2) for _ in one.indicators] for one in procedures] for _ in range(MUNICIPALITIES)]
        for _ in YEARS
    ]
    facts = [
        fact_of(f"m{number}", procedure.key, dict(zip(procedure.keys, map(str, told), strict=True)), period=period)
        for period, year in zip(YEARS, values, strict=True)
        for number, own in enumerate(year)
        for procedure, told in zip(procedures, own, strict=True)
    ]
    flat = np.array([[[one for told in own for one in told] for own in year] for year in values], dtype=np.float64)
    sizes = [len(one.indicators) for one in procedures]
    groups = [len(group.procedures) for group in methodology.groups]
    return facts, Arrays(
        values=flat,
        maxima=np.array([float(one.maximum) for procedure in procedures for one in procedure.indicators]),
        starts=np.cumsum([0, *sizes[:-1]]),
        procedure_maxima=np.array([float(one.maximum) for one in procedures]),
        group_starts=np.cumsum([0, *groups[:-1]]),
        declared=float(methodology.declared or methodology.summed),
    )


def _brought(methodology: Methodology, facts: list[Fact]) -> NDArray[np.float64]:
    """The values of facts as an array, by a plain loop."""
    starts, width = {}, 0
    for key, procedure in methodology.procedures.items():
        starts[key], width = width, width + len(procedure.keys)
    found = np.zeros((len(YEARS), MUNICIPALITIES, width))
    years = {period: place for place, period in enumerate(YEARS)}
    for fact in facts:
        row = found[years[fact.period], int((fact.municipality or "m0")[1:])]
        for place, text in enumerate((fact.values or {}).values(), start=starts[fact.procedure]):
            row[place] = float(text or 0)
    return found


def _agree(methodology: Methodology, facts: list[Fact], arrays: Arrays) -> None:
    """Both sides have the same ranks, or the comparison is of different work (defaults of applicability aside)."""
    plain = Methodology(
        id=methodology.id,
        title=methodology.title,
        first=methodology.first,
        last=methodology.last,
        groups=methodology.groups,
        percent_bands=methodology.percent_bands,
        declared=methodology.declared,
    )
    standings = Standings(recount(facts, methodology_of=lambda _: plain).values())
    ranks = arrays.tables()[2]
    for year, period in enumerate(YEARS):
        for place, group in enumerate([*(one.key for one in methodology.groups), "overall"]):
            ours = standings.table(League("", period), group).ranks()
            if [ours[f"m{number}"] for number in range(MUNICIPALITIES)] != ranks[year, :, place].tolist():
                raise AssertionError(f"{period} {group}: the floor does other work")
