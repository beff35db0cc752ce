"""Generated schools for tests of the signs: bells of scores and marks, clean or with bias planted in some."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from services.scoring.domain.signs import Table
from services.scoring.domain.signs.table import Origin

BOUNDARIES = (14, 24, 33)
HIGHEST = 38
SCHOOLS = 200
PLANTED = 10  # the first of them, one in twenty
MARKS = ("m2", "m3", "m4", "m5")
MEDALS = ("medallists", "medallists_under_70")
Counts = NDArray[Any]


def histograms(rng: Generator, schools: int = SCHOOLS, *, size: int = 75) -> Counts:
    """Primary scores of schools that differ in ability and size; nothing is planted."""
    middles = HIGHEST * (0.6 + 0.05 * rng.normal(0, 1, schools))
    sizes = rng.integers(size // 2, size * 3 // 2, schools)
    scores = np.arange(HIGHEST + 1)
    heights = np.exp(-0.5 * ((scores[None, :] - middles[:, None]) / (HIGHEST * 0.18)) ** 2)
    chances = heights / heights.sum(axis=1, keepdims=True)
    return np.array([rng.multinomial(n, chance) for n, chance in zip(sizes, chances, strict=True)])


def lift(rng: Generator, counts: Counts, share: float, schools: int = PLANTED) -> None:
    """So much of the works at the two scores below each boundary is lifted to it, in the first schools."""
    for boundary in BOUNDARIES:
        for below in (boundary - 2, boundary - 1):
            lifted = rng.binomial(counts[:schools, below], share)
            counts[:schools, below] -= lifted
            counts[:schools, boundary] += lifted


def marks(rng: Generator, latent: NDArray[Any], size: int = 75) -> Counts:
    """Counts of the marks of schools by their latent middle."""
    drawn = rng.normal(latent[:, None], 1, (len(latent), size))
    places = np.digitize(drawn, [-1.6, -0.2, 0.9])
    return np.stack([(places == mark).sum(axis=1) for mark in range(4)], axis=1)


def honest_medals(rng: Generator, schools: int, mean: float, deviation: float) -> NDArray[Any]:
    """Each school's chance that a medallist got less than 70 points: schools differ for reasons of their own."""
    if not deviation:
        return np.full(schools, mean)
    size = mean * (1 - mean) / deviation**2 - 1
    return rng.beta(mean * size, (1 - mean) * size, schools)


def medals(rng: Generator, chances: NDArray[Any]) -> Table:
    """Medallists, 4 to 19 a school, and those of them under 70."""
    n = rng.integers(4, 20, len(chances))
    return table(np.stack([n, rng.binomial(n, np.minimum(chances, 1))], axis=1), MEDALS)


def table(counts: Counts, names: Sequence[str]) -> Table:
    """Rows as the table of a procedure."""
    made = Table(names)
    for number, row in enumerate(counts):
        origin = Origin(f"s{number:04}", "m1", f"r{number}", 1)
        made.add(origin, dict(zip(names, map(str, row), strict=True)))
    return made


def scores_table(counts: Counts) -> Table:
    return table(counts, [f"p{score}" for score in range(counts.shape[1])])
