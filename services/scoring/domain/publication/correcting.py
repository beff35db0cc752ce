"""What may be named as the correction of an accepted objection: what the draft was made without, about the same."""

from datetime import datetime

from services.scoring.domain.applicability import Applicability
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.publication.objection import Objection, concerns
from shared.kernel import FieldError, Refused


def check_correction(one: Objection, fact: Fact | None, *, drafted: int | None, methodology: Methodology) -> None:
    """Refused (`invalid-correction`) unless the fact is a later revision of what was objected to, not of a school's.

    `drafted` is the revision of the same result that the draft was made of, if of any: not its time, for what was
    recorded before the draft may have been heard only after it.
    """
    if fact is None:
        message = "Такой версии результата в расчёте нет."
        remedy = "Внесите исправление в результат и повторите, когда баллы пересчитаются (обычно секунды)."
        raise _uncorrected("unknown-result", message, remedy)
    if (fact.municipality, fact.period) != (one.municipality, one.period):
        message = "Это результат другого муниципалитета или периода."
        raise _uncorrected(
            "foreign-result", message, "Назовите результат того же муниципалитета и периода, что и возражение."
        )
    if fact.organization is not None:
        message = "Это результат организации: на баллы муниципалитета он не влияет."
        raise _uncorrected("of-a-school", message, "Назовите результат самого муниципалитета.")
    if not concerns(one.complaint.about, fact.procedure, methodology):
        message = "Возражение — о другой процедуре."
        raise _uncorrected("other-procedure", message, "Назовите исправление того, с чем не согласились.")
    if drafted is not None and fact.revision <= drafted:
        message = "Эта версия уже учтена в проекте: возражают именно против неё."
        remedy = f"Назовите версию новее: в проекте — версия {drafted} этого результата."
        raise _uncorrected("older-than-draft", message, remedy)


def check_applied(one: Objection, act: Applicability | None, *, drafted_at: datetime, methodology: Methodology) -> None:
    """Refused (`invalid-correction`) unless the act says since the draft otherwise whether what is objected to applies.

    That is: it was recorded after the draft and holds, or held at the draft and was withdrawn.
    """
    if act is None:
        raise _uncorrected("unknown-act", "Такого акта о неприменимости нет.", "Возьмите id из /v1/applicability.")
    if one.municipality not in act.municipalities or act.period != one.period:
        message = "Это акт о других муниципалитетах или за другой период."
        raise _uncorrected("foreign-act", message, "Назовите акт о том же муниципалитете и периоде, что и возражение.")
    if not concerns(one.complaint.about, act.procedure, methodology):
        message = "Возражение — о другой процедуре."
        raise _uncorrected("other-procedure", message, "Назовите исправление того, с чем не согласились.")
    if act.held_at(drafted_at) == (act.withdrawn_at is None):
        message = "С отправки проекта этот акт ничего не изменил."
        raise _uncorrected("older-than-draft", message, "Назовите акт, записанный или отозванный после проекта.")


def _uncorrected(code: str, message: str, remedy: str) -> Refused:
    error = FieldError("/correction", code, message, remedy)
    return Refused("invalid-correction", "Исправление не подходит", message, errors=[error])
