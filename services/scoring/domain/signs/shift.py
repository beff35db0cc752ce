"""Two distributions over ordered groups: the school's own marks against external ones, this year against the last.

Cliff's delta (1993) is the Mann-Whitney statistic (1947) as an effect from -1 to 1, with the variance that it has by
chance alone, ties counted. It is held against what is usual among the schools of the region, for marks of teachers are
everywhere kinder than those of an exam, and one year's work is everywhere easier than another's; and against how much
schools differ for reasons of their own (random effects after DerSimonian and Laird 1986, by robust moments). This is
learnt from few schools too, so that the tail is that of Student's t. The square of a median deviation is as certain as
the variance of 37 of a hundred schools: its efficiency (Rousseeuw and Croux 1993) gives the degrees of freedom.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from services.scoring.domain.signs.outcome import ENOUGH_SCHOOLS, Outcome, Skipped, incomparable
from services.scoring.domain.signs.table import NO_DATA, Origin, Table

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray

    from services.scoring.domain.signs.table import Counts

    Numbers = NDArray[float64]

MARKS = ("m2", "m3", "m4", "m5")
MAD_TO_DEVIATION, MAD_EFFICIENCY = 1.4826, 0.3674


class Shift(NamedTuple):
    """Cliff's delta of each school (above 0: the second is higher) and its standard deviation by chance alone."""

    delta: "Numbers"
    deviation: "Numbers"


def cliff(first: "Counts", second: "Counts") -> Shift:
    """Delta between counts over the same ordered groups, a row for each school."""
    import numpy as np

    n, m = first.sum(axis=1), second.sum(axis=1)
    pairs = np.maximum(n * m, 1)
    lower = first.cumsum(axis=1) - first
    higher = first.sum(axis=1, keepdims=True) - first.cumsum(axis=1)
    delta = (second * (lower - higher)).sum(axis=1) / pairs
    both = first + second
    whole = n + m
    ties = (both.astype(float) ** 3 - both).sum(axis=1) / np.maximum(whole * (whole - 1), 1)
    variance = (whole + 1 - ties) / (3 * pairs)
    # Where all marks are the same nothing differs, and nothing is certain either.
    return Shift(delta, np.sqrt(np.maximum(variance, 1 / pairs)))


def school_marks(procedure: str, external: Table, own: Table, *, minimum: int) -> Outcome | Skipped:
    """Whether a school's own marks are higher than the external ones by more than is usual in the region.

    What is usual is learnt from the schools with at least `minimum` cases; skipped where these are few.
    """
    from scipy.stats import t

    origins, first, second = joined(external, own, MARKS)
    n = _cases(first, second)
    if _few(n, minimum):
        return incomparable("school_marks", procedure, n, minimum)
    held = _against_usual(first, second, n >= minimum)
    return Outcome(
        kind="school_marks",
        procedure=procedure,
        origins=origins,
        statistic=held.statistic,
        p=t.sf(held.statistic, held.freedom),
        effect=held.effect,
        n=n,
        observed=held.delta,
        expected=held.delta - held.effect,
    )


def jump(procedure: str, before: Table, now: Table, *, minimum: int) -> Outcome | Skipped:
    """Whether a school's results jumped or fell since the last year by more than is usual in the region.

    What is usual is learnt from the schools with at least `minimum` cases; skipped where these are few.
    """
    import numpy as np
    from scipy.stats import t

    names = MARKS if set(MARKS) <= set(now.names) else ("below", "others")
    origins, first, second = joined(before, now, names)
    n = _cases(first, second)
    if _few(n, minimum):
        return incomparable("jump", procedure, n, minimum)
    held = _against_usual(first, second, n >= minimum)
    return Outcome(
        kind="jump",
        procedure=procedure,
        origins=origins,
        statistic=held.statistic,
        p=np.minimum(2 * t.sf(np.abs(held.statistic), held.freedom), 1.0),
        effect=held.effect,
        n=n,
        observed=held.delta,
        expected=held.delta - held.effect,
    )


def joined(first: Table, second: Table, names: Sequence[str]) -> tuple[list[Origin], "Counts", "Counts"]:
    """The schools that either table knows, with no counts on either side where one lacks any of them.

    The origins are those of the second, then those of schools that the first alone knows.
    """
    import numpy as np

    one, two = first.places(), second.places()
    origins = [*second.origins, *(origin for origin in first.origins if origin.school not in two)]

    def side(told: Table, places: Mapping[str, int]) -> "Counts":
        counts = told.columns(*names)
        rows = np.vstack([counts, np.full_like(counts, NO_DATA, shape=(1, len(names)))])
        return rows[[places.get(origin.school, len(counts)) for origin in origins]]

    left, right = side(first, one), side(second, two)
    whole = ((left >= 0) & (right >= 0)).all(axis=1, keepdims=True)
    return origins, np.where(whole, left, 0), np.where(whole, right, 0)


class _Usual(NamedTuple):
    delta: "Numbers"
    statistic: "Numbers"
    effect: "Numbers"
    freedom: float


def _cases(first: "Counts", second: "Counts") -> "Numbers":
    """The smaller of the two numbers of marks of each school."""
    import numpy as np

    smaller: Numbers = np.minimum(first.sum(axis=1), second.sum(axis=1)).astype(float)
    return smaller


def _few(n: "Numbers", minimum: int) -> bool:
    return int((n >= minimum).sum()) < ENOUGH_SCHOOLS


def _against_usual(first: "Counts", second: "Counts", enough: "NDArray[bool_]") -> _Usual:
    import numpy as np

    shift = cliff(first, second)
    # A school without marks has a delta of 0 that nobody measured: it tells nothing of what is usual.
    middle, between = usual(Shift(shift.delta[enough], shift.deviation[enough]))
    effect = shift.delta - middle
    freedom = MAD_EFFICIENCY * (int(enough.sum()) - 1)
    return _Usual(shift.delta, effect / np.sqrt(shift.deviation**2 + between), effect, freedom)


def usual(shift: Shift) -> tuple[float, float]:
    """The middle of the schools' deltas, and the variance among them beyond chance."""
    import numpy as np

    middle = float(np.median(shift.delta))
    spread = MAD_TO_DEVIATION * float(np.median(np.abs(shift.delta - middle)))
    return middle, max(spread**2 - float(np.median(shift.deviation**2)), 0.0)
