"""Medallists who got less than 70 points in an exam (indicator 29): a school against the other schools of the region.

Schools differ honestly: a number of such medallists is beta-binomial around the share of all other schools together, so
that a school does not hide itself. How much they differ is estimated by moments (Kleinman 1973) without the twentieth
with the most such medallists, so that a few do not hide one another, and never below the binomial. The tail is that of
Student's t with as many degrees of freedom as the spread was learnt by; no probability is smaller than Fisher's exact
one, which holds however few medallists the others have. Where honest schools differ by more than their mean share there
are more false signs than that (docs/signs.md tells how many).
"""

from typing import TYPE_CHECKING

from services.scoring.domain.signs.outcome import ENOUGH_SCHOOLS, Outcome, Skipped, incomparable
from services.scoring.domain.signs.table import Table

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray

    from services.scoring.domain.signs.table import Counts

    Numbers = NDArray[float64]
    Flags = NDArray[bool_]

LEAST, MOST = 1e-6, 1 - 1e-6
# The upper twentieth is left out of a sum of squares. The variance of a normal distribution is 1.24 times what is left
# of it then, that of an exponential one 1.99 times; this is halfway.
LEFT_OUT, WHOLE = 0.05, 1.6


def medallists(procedure: str, table: Table, *, minimum: int) -> Outcome | Skipped:
    """The test of every school that has medallists; skipped where few schools have at least `minimum` of them."""
    import numpy as np

    counts = table.columns("medallists", "medallists_under_70")
    whole = (counts >= 0).all(axis=1) & (counts[:, 1] <= counts[:, 0])
    n, k = np.where(whole, counts[:, 0], 0), np.where(whole, counts[:, 1], 0)
    enough = n >= minimum
    if enough.sum() < ENOUGH_SCHOOLS:
        return incomparable("medallists", procedure, n, minimum)
    # Half a case on either side (Jeffreys): where no other school has any, one case is rare, not impossible.
    share = (k.sum() - k + 0.5) / (n.sum() - n + 1)
    taken = enough & ~_most(n, k, enough)
    alike = likeness(n, k, taken)
    expected = n * share
    variance = expected * (1 - share) * (1 + np.maximum(n - 1, 0) * alike)
    return Outcome(
        kind="medallists",
        procedure=procedure,
        origins=table.origins,
        statistic=(k - expected) / np.sqrt(np.maximum(variance, LEAST)),
        p=_tail(n, k, share, alike, learnt_by=taken.sum() - taken - 1),
        effect=k / np.maximum(n, 1) - share,
        n=n.astype(float),
        observed=k.astype(float),
        expected=expected,
    )


def _most(n: "Counts", k: "Counts", enough: "Flags") -> "Flags":
    """The twentieth of the schools, at least one, that has the most beyond the region's share."""
    import numpy as np

    share = (k.sum() + 0.5) / (n.sum() + 1)
    beyond = np.where(enough, (k - n * share) / np.sqrt(np.maximum(n, 1)), -np.inf)
    most = np.zeros(len(n), dtype=bool)
    most[np.argsort(-beyond, kind="stable")[: int(np.ceil(LEFT_OUT * enough.sum()))]] = True
    return most


def likeness(n: "Counts", k: "Counts", taken: "Flags") -> "Numbers":
    """How alike two medallists of one school are, from 0 (not at all) to 1, by the taken schools other than each.

    The sum of squares weighted by n, whose expectation for a beta-binomial is exact (Kleinman 1973).
    """
    import numpy as np

    def others(of: "Numbers | Counts") -> "Numbers":
        some = np.where(taken, of, 0).astype(float)
        return np.asarray(some.sum() - some)

    all_n = np.maximum(others(n), 1)
    squares = others(k**2 / np.maximum(n, 1)) - others(k) ** 2 / all_n
    share, by_chance = (others(k) + 0.5) / (all_n + 1), others(taken.astype(int)) - 1
    more = others(n - 1) - others(n * (n - 1)) / all_n
    beyond = WHOLE * squares / (share * (1 - share)) - by_chance
    return np.asarray(np.clip(beyond / np.maximum(more, LEAST), 0, MOST))


def _tail(n: "Counts", k: "Counts", share: "Numbers", alike: "Numbers", *, learnt_by: "Counts") -> "Numbers":
    """The probability of so many or more."""
    import numpy as np
    from scipy.stats import betabinom, binom, hypergeom, norm, t

    size = 1 / np.maximum(alike, LEAST) - 1
    wide = betabinom.sf(k - 1, n, share * size, (1 - share) * size)
    plain = np.where(alike > LEAST, wide, binom.sf(k - 1, n, share))
    fat = t.sf(norm.isf(np.clip(plain, 0, 1)), learnt_by)
    return np.asarray(np.maximum(fat, hypergeom.sf(k - 1, n.sum(), k.sum(), n)))
