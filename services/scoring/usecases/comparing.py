"""Two scores beside each other: of two municipalities, of two periods, of two instants."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from services.scoring.domain.compare import compare
from services.scoring.usecases.scores import Scores
from shared.kernel import FieldError, Refused

WAYS = "Назовите одно из трёх: with (другой муниципалитет), with_period (другой период), as_of (другой момент)."


class Side(NamedTuple):
    """Whose score of which period, as it stood at an instant (None: as it stands)."""

    municipality: str
    period: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Beside:
    """With what a score is compared: exactly one of these; `to` is the instant of both, or of the later one."""

    municipality: str | None = None
    period: str | None = None
    as_of: datetime | None = None
    to: datetime | None = None

    def side(self, own: Side) -> Side:
        """The other side; Refused (`invalid-comparison`) where it is not named, named twice, or the same."""
        told = {"with": self.municipality, "with_period": self.period, "as_of": self.as_of}
        named = [name for name, value in told.items() if value is not None]
        if len(named) != 1:
            message = "Не сказано, с чем сравнить." if not named else f"Названы сразу {', '.join(named)}."
            raise _refused(named[-1] if named else "with", "required" if not named else "too-many", message, WAYS)
        other = Side(self.municipality or own.municipality, self.period or own.period, self.as_of or self.to)
        if other == own:
            raise _refused(named[0], "same", "Это сравнение с самим собой.", "Назовите другое.")
        if self.as_of and self.to and self.as_of > self.to:
            raise _refused("as_of", "out-of-order", "as_of позже, чем to.", "Поменяйте их местами.")
        return other


def _refused(name: str, code: str, message: str, remedy: str) -> Refused:
    error = FieldError(f"/{name}", code, message, remedy)
    return Refused("invalid-comparison", "Так сравнить нельзя", f"{message} {remedy}", errors=[error])


class Comparing:
    """Answers comparisons in the shape of the API."""

    def __init__(self, scores: Scores) -> None:
        self._scores = scores

    async def compare(self, own: Side, other: Side, *, detailed: bool) -> dict[str, Any]:
        """The difference of two scores, `own` less `other`, in exact terms."""
        a = await self._scores.explain(own.municipality, own.period, as_of=own.at)
        b = await self._scores.explain(other.municipality, other.period, as_of=other.at)
        return compare(a, b, detailed=detailed)
