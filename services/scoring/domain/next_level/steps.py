"""A step raises one indicator; a way takes some of them together."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from services.scoring.domain.methodology import Indicator, Procedure
from services.scoring.domain.next_level.raising import Raise
from services.scoring.domain.points import points_of
from services.scoring.domain.rules import ZERO
from shared.kernel import number_text


@dataclass(frozen=True, slots=True)
class Step:
    """One indicator raised: from a value (None: no data) to another, and its points before and after."""

    procedure: Procedure
    indicator: Indicator
    present: str | None
    to: Raise

    @property
    def before(self) -> Fraction:
        """The points of the present value; none without one."""
        return ZERO if self.present is None else points_of(self.indicator.rule, self.present)

    @property
    def gain(self) -> Fraction:
        """The points that the indicator gains; its procedure may gain less."""
        return self.to.points - self.before

    def view(self) -> dict[str, Any]:
        """The step in the shape of the API."""
        return {
            "procedure": self.procedure.key,
            "title": self.procedure.title,
            "indicator": self.indicator.key,
            "from": self.present,
            "to": self.to.value,
            "points": {"before": number_text(self.before), "after": number_text(self.to.points)},
            "maximum": number_text(self.indicator.maximum),
        }


class Way(NamedTuple):
    """Some steps taken together, and the points that they gain for the procedure."""

    steps: tuple[Step, ...]
    gain: Fraction
