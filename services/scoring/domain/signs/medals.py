"""Medallists who got less than 70 points in an exam (indicator 29): an exact binomial test against the other schools.

The share is compared with that of all other schools of the region together, so that a school does not hide itself.
"""

from services.scoring.domain.signs.outcome import Outcome, Skipped
from services.scoring.domain.signs.table import Table

LEAST = 1e-9


def medallists(procedure: str, table: Table, *, minimum: int) -> Outcome | Skipped:
    """The test of every school that has medallists; skipped where a school's others have less than `minimum` of them.

    Only the greatest school can have such others, and then each of those has too few itself: nobody is left to test.
    """
    import numpy as np
    from scipy.stats import binom

    counts = table.columns("medallists", "medallists_under_70")
    whole = (counts >= 0).all(axis=1) & (counts[:, 1] <= counts[:, 0])
    n, k = np.where(whole, counts[:, 0], 0), np.where(whole, counts[:, 1], 0)
    if n.sum() - n.max(initial=0) < minimum:
        why = f"Сравнить не с чем: медалистов остальных школ региона меньше {minimum}."
        return Skipped("medallists", procedure, why, too_few=int((n < minimum).sum()))
    # Half a case on either side (Jeffreys): where no other school has any, one case is rare, not impossible.
    share = (k.sum() - k + 0.5) / (n.sum() - n + 1)
    expected = n * share
    return Outcome(
        kind="medallists",
        procedure=procedure,
        origins=table.origins,
        statistic=(k - expected) / np.sqrt(np.maximum(expected * (1 - share), LEAST)),
        p=binom.sf(k - 1, n, share),
        effect=k / np.maximum(n, 1) - share,
        n=n.astype(float),
        observed=k.astype(float),
        expected=expected,
    )
