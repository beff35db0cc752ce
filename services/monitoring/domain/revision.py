"""The shape of a revision given by hand: new values, not applicable, or withdrawn, always with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.monitoring.domain.reading import COMMENT, REASON, Fields
from services.monitoring.domain.submission import Values, read_content, refused_result
from services.monitoring.events import NotApplicable
from shared.kernel import FieldError

_FIELDS = ("values", "not_applicable", "withdrawn", "reason", "occurred_at", "comment", "notify")


@dataclass(frozen=True, slots=True)
class Revision:
    """What shall hold from now on: values, not applicable, or neither (withdrawn); `wrong` could not be read."""

    values: Values | None
    not_applicable: NotApplicable | None
    reason: str
    occurred_at: datetime | None
    comment: str | None
    notify: bool
    wrong: tuple[FieldError, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether the result is taken back."""
        return self.values is None and self.not_applicable is None


def read_revision(raw: object) -> Revision:
    """The revision in a JSON body with what is wrong in it; Refused only if it is no object."""
    if not isinstance(raw, Mapping):
        raise refused_result([FieldError("", "not-an-object", "Версия — объект JSON.", "См. описание API.")])
    fields = Fields(raw)
    fields.only(_FIELDS)
    withdrawn = _read_withdrawn(fields)
    values, not_applicable = (None, None) if withdrawn else read_content(fields, or_else=", либо withdrawn: true")
    reason = fields.text("reason", REASON)
    occurred_at = fields.time("occurred_at")
    comment, notify = fields.text("comment", COMMENT, required=False), fields.flag("notify", default=True)
    return Revision(
        values=values,
        not_applicable=not_applicable,
        reason=reason or "",
        occurred_at=occurred_at,
        comment=comment,
        notify=notify,
        wrong=tuple(fields.errors),
    )


def _read_withdrawn(fields: Fields) -> bool:
    if not fields.flag("withdrawn", default=False):
        return False
    for name in ("values", "not_applicable"):
        if fields.raw.get(name) is not None:
            message = "Отозванный результат не несёт значений."
            fields.wrong(name, "withdrawn-with-values", message, "Уберите это поле или withdrawn.")
    return True
