"""Applicability acts: that a procedure does not apply to municipalities in a period, why, and by which act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from services.scoring.domain.methodology import Methodology, Statement
from shared.kernel import Conflict, FieldError, Refused

TITLE = "Акт о неприменимости не принят"
Stated = dict[tuple[str, str], Statement]


class Act(NamedTuple):
    """The number and date of an act."""

    number: str
    on: date

    def words(self) -> str:
        """The act as explanations name it."""
        return f"{self.number} от {self.on:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Applicability:
    """One act from its recording to its withdrawal; nothing of it is ever edited."""

    id: str
    procedure: str
    period: str
    municipalities: tuple[str, ...]
    reason: str
    act: Act
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None

    @property
    def revision(self) -> int:
        """1 while it holds, 2 once withdrawn."""
        return 1 if self.withdrawn_at is None else 2

    def held_at(self, instant: datetime) -> bool:
        """Whether it was in force at an instant."""
        return self.recorded_at <= instant and (self.withdrawn_at is None or instant < self.withdrawn_at)

    def withdraw(self, reason: str, *, now: datetime) -> "Applicability":
        """The act withdrawn for a reason; Conflict (`applicability-withdrawn`) when it was before."""
        if self.withdrawn_at is not None:
            raise Conflict("applicability-withdrawn", "Акт уже отозван", f"Отозван: {self.withdrawn_because}.")
        return replace(self, withdrawn_at=now, withdrawn_because=reason)


def check(act: Applicability, methodology: Methodology | None, strangers: Mapping[int, str], *, today: date) -> None:
    """Refused (`invalid-applicability`) with every wrong place: no edition, unknown names, an act of tomorrow.

    `strangers` are the municipalities that nobody knows, by their place in the request.
    """
    errors = []
    if methodology is None:
        message = f"За «{act.period}» не действует ни одна редакция методики."
        errors.append(
            FieldError("/period", "period-without-edition", message, "Загрузите редакцию или исправьте период.")
        )
    elif act.procedure not in methodology.procedures:
        message = f"Процедуру «{act.procedure}» редакция «{methodology.id}» не оценивает."
        remedy = f"Есть: {', '.join(methodology.procedures)}."
        errors.append(FieldError("/procedure", "unknown-procedure", message, remedy))
    for place, municipality in strangers.items():
        message = f"Муниципалитет «{municipality}» неизвестен."
        remedy = f"Назовите id из реестра муниципалитетов или код ОКТМО, действовавший за {act.period}."
        errors.append(FieldError(f"/municipalities/{place}", "unknown-municipality", message, remedy))
    if act.act.on > today:
        message = f"Акт датирован {act.act.on:%d.%m.%Y}, этот день ещё не настал."
        errors.append(FieldError("/act/date", "in-the-future", message, "Исправьте дату акта."))
    if errors:
        raise Refused("invalid-applicability", TITLE, f"Ошибок: {len(errors)}. {errors[0].message}", errors=errors)


def stated_in(acts: Iterable[Applicability], period: str) -> Stated:
    """What acts that hold say of one period; of two that say the same the one recorded last is named."""
    ordered = sorted((one for one in acts if one.period == period), key=lambda one: (one.recorded_at, one.id))
    return {
        (one.procedure, municipality): Statement(one.id, one.reason, one.act.words())
        for one in ordered
        for municipality in one.municipalities
    }
