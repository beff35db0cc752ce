"""What can be reported for an indicator, as the catalogue of procedures says it and monitoring takes it."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from services.scoring.domain.points import number
from services.scoring.domain.rules import ZERO

# Values are reported with at most four decimals, counts as whole numbers.
FINE, WHOLE = Fraction(1, 10_000), Fraction(1)


class Reported(NamedTuple):
    """Values from 0 to `highest` (None: it is not known), in multiples of `unit`."""

    highest: Fraction | None = None
    unit: Fraction = FINE

    def up(self, value: Fraction) -> Fraction:
        """The least multiple that is not less."""
        return ceil(value / self.unit) * self.unit

    def down(self, value: Fraction) -> Fraction:
        """The greatest multiple that is not more."""
        return floor(value / self.unit) * self.unit

    def below(self, value: Fraction) -> Fraction:
        """The greatest multiple that is less."""
        return self.up(value) - self.unit

    def within(self, value: Fraction) -> Fraction:
        """The value itself, or the end that it lies beyond."""
        least = max(value, ZERO)
        return least if self.highest is None else min(least, self.down(self.highest))


ANYTHING = Reported()
# By procedure and indicator: of a procedure that is not there anything may be reported, of others only what is named.
Limits = Mapping[str, Mapping[str, Reported]]
NO_LIMITS: Limits = {}
NO_LIMIT: Mapping[str, Reported] = {}


def reported_for(indicator: str, limits: Mapping[str, Reported]) -> Reported | None:
    """What can be reported for an indicator of a procedure with these limits; None where the catalogue has it not.

    One that does not know the procedure's indicators says nothing against it.
    """
    return limits.get(indicator) if limits else ANYTHING


def reported_of(procedure: Mapping[str, Any]) -> dict[str, Reported]:
    """By indicator of a procedure as scoring keeps it; of those kept by their names alone nothing is known."""
    return {one["key"]: _reported(one.get("values") or one) for one in procedure.get("indicators", ())}


def _reported(told: Mapping[str, Any]) -> Reported:
    highest = number(told["maximum"]) if "maximum" in told else None
    return Reported(highest, WHOLE if told.get("unit") == "count" else FINE)
