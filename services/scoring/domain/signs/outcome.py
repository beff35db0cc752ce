"""What a test gives for every school, and which of it are signs: corrected for many schools, and large enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from services.scoring.domain.signs.table import Origin

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

    from services.scoring.domain.signs.table import Counts

    Numbers = NDArray[float64]

Kind = Literal["boundary_spike", "school_marks", "jump", "medallists"]
KINDS: tuple[Kind, ...] = ("boundary_spike", "school_marks", "jump", "medallists")
PLACES, PROBABILITY_PLACES = 4, 10
# Grows with every change of what is a sign in the same data: what was found by another method is looked for again.
METHOD = 2
# With fewer schools than this what is usual cannot be learnt from them, and nothing else says what it is.
ENOUGH_SCHOOLS = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test over the schools of a procedure and year, an entry per school in every array.

    `n` decides whether there are enough data; `observed` and `expected` are the numbers that the words name.
    """

    kind: Kind
    procedure: str
    origins: Sequence[Origin]
    statistic: "Numbers"
    p: "Numbers"
    effect: "Numbers"
    n: "Numbers"
    observed: "Numbers"
    expected: "Numbers"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A test that was asked for and cannot be made, and why, in words for users; how many had too few data anyway."""

    kind: Kind
    procedure: str
    why: str
    too_few: int = 0

    def summary(self) -> dict[str, Any]:
        """Nobody was tested."""
        told = {"procedure": self.procedure, "kind": self.kind, "tested": 0, "too_few": self.too_few, "signs": 0}
        return told | {"skipped": self.why}


def incomparable(kind: Kind, procedure: str, n: "Numbers | Counts", minimum: int) -> Skipped:
    """A test for which too few schools have at least `minimum` cases."""
    why = f"Сравнить не с чем: школ, у которых данных достаточно, меньше {ENOUGH_SCHOOLS}."
    return Skipped(kind, procedure, why, too_few=int((n < minimum).sum()))


def found(outcome: Outcome, *, fdr: float, minimum: int, least_effect: float) -> dict[str, Any]:
    """The signs of a test and how many schools were tested, too small, found.

    A sign is: enough data, the probability corrected by Benjamini and Hochberg (1995) at most `fdr`, and an effect of
    at least `least_effect`: with many pupils a trifle is "significant", and is none of anybody's business.
    """
    import numpy as np
    from scipy.stats import false_discovery_control

    enough = outcome.n >= minimum
    adjusted = np.ones(len(outcome.p))
    if enough.any():
        adjusted[enough] = false_discovery_control(outcome.p[enough], method="bh")
    signs = np.flatnonzero(enough & (adjusted <= fdr) & (np.abs(outcome.effect) >= least_effect))
    summary = {
        "procedure": outcome.procedure,
        "kind": outcome.kind,
        "tested": int(enough.sum()),
        "too_few": int((~enough).sum()),
        "signs": len(signs),
        "skipped": None,
    }
    return {"summary": summary, "signs": [_sign(outcome, int(place), float(adjusted[place])) for place in signs]}


def _sign(outcome: Outcome, place: int, adjusted: float) -> dict[str, Any]:
    origin = outcome.origins[place]
    return {
        "organization": origin.school,
        "municipality": origin.municipality,
        "result": origin.result,
        "revision": origin.revision,
        "procedure": outcome.procedure,
        "kind": outcome.kind,
        "statistic": _text(outcome.statistic[place]),
        "p": f"{outcome.p[place]:.{PROBABILITY_PLACES}f}",
        "adjusted_p": f"{adjusted:.{PROBABILITY_PLACES}f}",
        "effect": _text(outcome.effect[place]),
        "n": int(outcome.n[place]),
        "observed": _text(outcome.observed[place]),
        "expected": _text(outcome.expected[place]),
    }


def _text(number: float) -> str:
    return f"{number:.{PLACES}f}"
