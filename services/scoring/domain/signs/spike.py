"""Too many works exactly at the primary scores where a better mark begins, too few just below.

A smooth curve is fitted to the region's histogram without the scores around the boundaries (a polynomial in the
logarithm, as bunching is estimated by Chetty, Friedman, Olsen and Pistaferri 2011), and tilted to the mean of each
school. Given how many works lie at a boundary or the two scores below it, those at the boundary are then binomial, each
boundary with a chance of its own. Their sum is held against one binomial at the mean chance, by which a large sum is no
less probable (Hoeffding 1956): the test errs towards silence. Manipulation at mark boundaries was found so by Dee,
Dobbie, Jacob and Rockoff (2019).
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from services.scoring.domain.schools.thresholds import BELOW
from services.scoring.domain.signs.outcome import Outcome
from services.scoring.domain.signs.table import Table

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray

    from services.scoring.domain.signs.table import Counts

    Numbers = NDArray[float64]

DEGREE = 3
LEAST = 0.5


def is_score(name: str) -> bool:
    """Whether a value is a count of works with a primary score."""
    return name[:1] == "p" and name[1:].isascii() and name[1:].isdigit()


def _highest(names: Collection[str]) -> int:
    return max((int(name[1:]) for name in names if is_score(name)), default=-1)


def lacking(names: Collection[str], boundaries: Sequence[int]) -> str | None:
    """The first score that is not described though a greater one is, or a boundary reaches it; a place is a score."""
    last = max([_highest(names), *boundaries])
    return next((f"p{score}" for score in range(last + 1) if f"p{score}" not in names), None)


def spike(procedure: str, table: Table, boundaries: Sequence[int]) -> Outcome:
    """The test of every school with a whole histogram; no score may be `lacking`."""
    import numpy as np
    from scipy.stats import binom

    counts = table.columns(*(f"p{score}" for score in range(_highest(table.names) + 1)))
    whole = (counts >= 0).all(axis=1) & (counts.sum(axis=1) > 0)
    counts = np.where(whole[:, None], counts, 0)
    looked_at = _apart(boundaries)
    chance = _chances(counts, looked_at, _clear(counts.shape[1], boundaries))
    at = counts[:, looked_at]
    places = np.asarray(looked_at)[:, None] - np.arange(BELOW + 1)
    near = counts[:, places].sum(axis=2)
    n, observed, expected = near.sum(axis=1), at.sum(axis=1), (near * chance).sum(axis=1)
    known = np.maximum(n, 1)
    share = expected / known
    deviation = np.sqrt(np.maximum(expected * (1 - share), LEAST))
    return Outcome(
        kind="boundary_spike",
        procedure=procedure,
        origins=table.origins,
        statistic=(observed - expected) / deviation,
        p=binom.sf(observed - 1, n, share),
        effect=(observed - expected) / known,
        n=n.astype(float),
        observed=observed.astype(float),
        expected=expected,
    )


def _apart(boundaries: Sequence[int]) -> list[int]:
    """The boundaries but for those so near to one below that works would count twice: no such set is put any more."""
    apart: list[int] = []
    for boundary in sorted(boundaries):
        if not apart or boundary - apart[-1] > BELOW:
            apart.append(boundary)
    return apart


def _chances(counts: "Counts", boundaries: Sequence[int], clear: "NDArray[bool_]") -> "Numbers":
    """For each school and boundary: of the works at it or just below, the share that a smooth curve puts at it."""
    import numpy as np

    scores = np.arange(counts.shape[1])
    region = counts.sum(axis=0)
    curve = _smooth(region, clear)
    total = max(int(region.sum()), 1)
    mean = (region * scores).sum() / total
    variance = max((region * (scores - mean) ** 2).sum() / total, LEAST)
    means = (counts * scores).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    tilt = np.where(counts.sum(axis=1) > 0, (means - mean) / variance, 0.0)
    steps = np.arange(BELOW + 1)
    places = np.asarray(boundaries)[:, None] - steps
    heights = np.exp(curve[places] - curve[np.asarray(boundaries)][:, None])
    weights = heights[None, :, :] * np.exp(-tilt[:, None, None] * steps)
    return np.asarray(1 / weights.sum(axis=2))


def _clear(length: int, boundaries: Sequence[int]) -> "NDArray[bool_]":
    """The scores that no boundary can have moved."""
    import numpy as np

    clear = np.ones(length, dtype=bool)
    for boundary in boundaries:
        clear[max(boundary - BELOW, 0) : boundary + 1] = False
    return clear


def _smooth(region: "Counts", clear: "NDArray[bool_]") -> "Numbers":
    """The logarithm of the region's histogram as a polynomial, by the clear scores, each counting by its works."""
    import numpy as np

    scores = np.arange(len(region))
    used = clear & (region > 0)
    degree = min(DEGREE, int(used.sum()) - 1)
    if degree < 1:
        return np.zeros(len(region))
    middle, scale = scores.mean(), max(scores.std(), 1.0)
    around = (scores - middle) / scale
    fitted = np.polynomial.polynomial.polyfit(
        around[used], np.log(region[used]), degree, w=np.sqrt(region[used].astype(float))
    )
    return np.asarray(np.polynomial.polynomial.polyval(around, fitted))
