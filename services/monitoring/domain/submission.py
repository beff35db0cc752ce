"""The shape of a submitted result, one for every door: what can be said of it without knowing anything else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.monitoring.domain.reading import COMMENT, NAME, Fields, escaped
from services.monitoring.domain.values import read_value
from services.monitoring.events import NotApplicable
from shared.kernel import FieldError, Refused

MOST_VALUES = 200
# A refusal names so many wrong places; a report of a thousand such rows is one stored answer, below 16 MiB.
LISTED, SHOWN = 20, 3
MORE = "more-errors"
_FIELDS = (
    "procedure",
    "subject",
    "period",
    "values",
    "not_applicable",
    "source",
    "occurred_at",
    "comment",
    "notify",
)

Values = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Submission:
    """A result as somebody gave it: values are normal decimal strings, names are not yet looked up.

    `wrong` is what could not be read of it: with anything there the rest is worth no more than to be checked, too.
    """

    procedure: str
    municipality: str | None
    organization: str | None
    period: str
    values: Values | None
    not_applicable: NotApplicable | None
    source: str
    occurred_at: datetime | None
    comment: str | None
    notify: bool
    wrong: tuple[FieldError, ...] = ()

    @property
    def digest(self) -> str:
        """Tells the same body from another one, whatever its spelling."""
        na = self.not_applicable
        meaning = (
            self.procedure,
            self.municipality,
            self.organization,
            self.period,
            sorted(self.values.items()) if self.values is not None else None,
            (na.reason, na.act) if na else None,
            self.occurred_at.isoformat() if self.occurred_at else None,
            self.comment,
            self.notify,
        )
        return hashlib.blake2b(repr(meaning).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def refused_result(errors: list[FieldError]) -> Refused:
    """The refusal of a result for these wrong places; behind the first of them stands how many more there are."""
    detail = " ".join(f"{error.pointer}: {error.message}".removeprefix(": ") for error in errors[:SHOWN])
    rest = f" И ещё мест: {len(errors) - SHOWN}." if len(errors) > SHOWN else ""
    return Refused("invalid-result", "Результат не принят", detail + rest, errors=_listed(errors))


def _listed(errors: list[FieldError]) -> list[FieldError]:
    if len(errors) <= LISTED:
        return errors
    message = f"Неверных мест: {len(errors)}; показаны первые {LISTED}."
    return [*errors[:LISTED], FieldError("", MORE, message, "Исправьте их и повторите: следующие назовёт новый ответ.")]


def read_submission(raw: object, *, source: str | None = None) -> Submission:
    """The submission in a JSON body, with what is wrong in it; `source` where the door knows it (CloudEvents).

    Refused only where the body is no object.
    """
    if not isinstance(raw, Mapping):
        raise refused_result([FieldError("", "not-an-object", "Результат — объект JSON.", "См. описание API.")])
    fields = Fields(raw)
    fields.only(_FIELDS)
    procedure, period = fields.text("procedure", NAME), fields.text("period", NAME)
    told = _read_source(fields, source)
    municipality, organization = _read_subject(fields)
    values, not_applicable = read_content(fields)
    occurred_at = fields.time("occurred_at")
    comment, notify = fields.text("comment", COMMENT, required=False), fields.flag("notify", default=True)
    if source is not None and fields.raw.get("occurred_at") is None:
        fields.wrong("occurred_at", "required", "Не сказано, когда получен результат.", "Добавьте occurred_at.")
    return Submission(
        procedure=procedure or "",
        municipality=municipality,
        organization=organization,
        period=period or "",
        values=values,
        not_applicable=not_applicable,
        source=told or "",
        occurred_at=occurred_at,
        comment=comment,
        notify=notify,
        wrong=tuple(fields.errors),
    )


def _read_source(fields: Fields, known: str | None) -> str | None:
    if known is None:
        return fields.text("source", NAME)
    told = fields.raw.get("source")
    if told is not None and told != known:
        fields.wrong(
            "source", "source-mismatch", "Источник события назван его атрибутом source.", "Уберите поле source."
        )
    return known


def _read_subject(fields: Fields) -> tuple[str | None, str | None]:
    if fields.raw.get("subject") is None:
        fields.wrong("subject", "required", "Не сказано, о ком результат.", 'Вид: {"municipality": "…"}.')
    subject = fields.part("subject")
    if subject is None:
        return None, None
    subject.only(("municipality", "organization"))
    municipality = subject.text("municipality", NAME, required=False)
    organization = subject.text("organization", NAME, required=False)
    named = [name for name in ("municipality", "organization") if subject.raw.get(name) is not None]
    if len(named) != 1:
        message = "Назовите либо муниципалитет, либо организацию."
        fields.wrong("subject", "wrong-subject", message, "Оставьте одно из полей municipality, organization.")
    return municipality, organization


def read_content(fields: Fields, *, or_else: str = "") -> tuple[Values | None, NotApplicable | None]:
    """Values or the reason why there are none: exactly one of them; `or_else` is told as what may stand instead."""
    given = [name for name in ("values", "not_applicable") if fields.raw.get(name) is not None]
    if len(given) != 1:
        message = f"Нужно либо values, либо not_applicable{or_else}."
        fields.wrong("values", "values-or-not-applicable", message, "Оставьте одно из этих полей.")
        return None, None
    return _read_values(fields), fields.not_applicable()


def _read_values(fields: Fields) -> Values | None:
    part = fields.part("values")
    if part is None:
        return None
    if len(part.raw) > MOST_VALUES:
        fields.wrong("values", "too-many-items", "Слишком много показателей.", f"Не больше {MOST_VALUES}.")
        return None
    values: dict[str, str | None] = {}
    for name, given in part.raw.items():
        found = read_value(given, f"{part.pointer}/{escaped(name)}")
        if isinstance(found, FieldError):
            part.errors.append(found)
        else:
            values[name] = found
    return values
