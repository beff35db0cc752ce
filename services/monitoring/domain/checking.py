"""The acceptance rules that need the directory: names are known, the source may report, values are within bounds."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.monitoring.domain.directory import Directory
from services.monitoring.domain.period import EARLIEST, days_of, is_known
from services.monitoring.domain.procedure import Procedure
from services.monitoring.domain.reading import escaped
from services.monitoring.domain.submission import Submission, Values, refused_result
from services.monitoring.domain.values import within
from services.monitoring.events import Indicator, NotApplicable
from shared.calendar import ZONE, day_of
from shared.kernel import FieldError

NAMED = 120
WANTED = {"municipality": ("о муниципалитете", "муниципалитет"), "organization": ("об организации", "организацию")}
AHEAD = timedelta(minutes=10)
FIRST = datetime(EARLIEST, 1, 1, tzinfo=ZONE)
_RESULTS = uuid.UUID("6f1d3c1e-6d0a-5c1b-9a52-7b7f3a0c2e74")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A submission that may be accepted as far as the directory knows; names are the platform's ids.

    `lacking` are described indicators that it does not name: only what repeats or corrects a result that never had
    them may leave them out.
    """

    result: str
    procedure: str
    municipality: str | None
    organization: str | None
    period: str
    values: Values | None
    not_applicable: NotApplicable | None
    source: str
    occurred_at: datetime | None
    comment: str | None
    quiet: bool
    lacking: tuple[str, ...] = ()


def result_id(procedure: str, *, municipality: str | None, organization: str | None, period: str) -> str:
    """The id that follows from procedure, subject and period: a second result of the same cannot exist."""
    subject = f"o:{organization}" if organization else f"m:{municipality}"
    return str(uuid.uuid5(_RESULTS, f"{procedure}\n{subject}\n{period}"))


def check(submission: Submission, directory: Directory, *, now: datetime, key: str | None = None) -> Candidate:
    """The candidate; Refused with every wrong place. `key` is a record's key, to be the subject's municipality."""
    errors = list(check_time(submission.occurred_at, now))
    procedure = directory.procedures.get(submission.procedure)
    lacking = lacked(submission.values, procedure) if procedure else ()
    errors += _check_source(submission, directory)
    if procedure is None:
        errors.append(_error("/procedure", "unknown-procedure", "Такой процедуры нет.", "Список: GET /v1/procedures."))
    else:
        errors += _check_subject_kind(submission, procedure)
        errors += _check_named(submission.values or {}, procedure, {})
    known = is_known(submission.period, today=day_of(now))
    if not known:
        message = "Такого периода нет."
        remedy = "Год (2022) или учебный год (2021-2022), с 2000 года по следующий год."
        errors.append(_error("/period", "unknown-period", message, remedy))
    spans = _spans(submission, now, known=known)
    municipality, wrong = _resolve(submission, directory, spans)
    errors += wrong
    if not wrong:
        errors += _check_subject_of_source(submission, municipality, directory)
        errors += _check_key(key, municipality, directory, spans)
        errors += _check_life(submission, municipality, directory) if known else ()
    if errors or submission.wrong:
        refuse_all(submission.wrong, [*errors, *required(lacking)])
    return _candidate(submission, municipality, lacking)


def refuse_all(unread: Sequence[FieldError], checked: Iterable[FieldError]) -> None:
    """Refused for what could not be read and what does not hold, both at once; what was not read is not checked."""
    places = [one.pointer for one in unread]
    errors = [*unread, *(one for one in checked if not any(_same(one.pointer, place) for place in places))]
    if errors:
        raise refused_result(errors)


def _same(one: str, other: str) -> bool:
    """Whether two pointers are about one thing: a subject is either of its fields."""
    both = {one, other}
    about_subject = all(each == "/subject" or each.startswith("/subject/") for each in both)
    return about_subject or one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def check_time(occurred_at: datetime | None, now: datetime) -> Iterator[FieldError]:
    """A result is from 2000 on and at most 10 minutes ahead of our clock."""
    if occurred_at is None:
        return
    if occurred_at > now + AHEAD:
        message = "Время результата больше чем на 10 минут в будущем."
        yield _error("/occurred_at", "occurred-in-future", message, "Проверьте часы и часовой пояс.")
    if occurred_at < FIRST:
        yield _error("/occurred_at", "occurred-too-early", "Время результата раньше 2000 года.", "Проверьте дату.")


def check_values(values: Values | None, procedure: Procedure, held: Values | None = None) -> Iterator[FieldError]:
    """Every indicator is named, none is unknown, each value lies between 0 and its maximum, counts are whole.

    `held` is what the result says that these values correct. What it says already is not judged again, and what it
    never had may be left out: the catalogue may have changed since, and is no reason to refuse or to lose anything.
    """
    yield from _check_named(values or {}, procedure, held or {})
    yield from required(lacked(values, procedure, held))


def _check_named(values: Values, procedure: Procedure, held: Values) -> Iterator[FieldError]:
    indicators = procedure.named
    for name, text in values.items():
        pointer, indicator = f"/values/{escaped(name)}", indicators.get(name)
        if name in held and text in {held[name], None}:
            continue
        if indicator is not None:
            yield from _check_value(text, indicator, pointer) if text is not None else ()
        elif name in held:
            remedy = f"Оставьте {held[name] or 'null'}; чтобы исправить его, верните показатель в описание процедуры."
            yield _error(pointer, "unknown-indicator", "Показатель больше не описан.", remedy)
        else:
            yield _error(pointer, "unknown-indicator", "Такого показателя у процедуры нет.", _known(procedure))


def lacked(values: Values | None, procedure: Procedure, held: Values | None = None) -> tuple[str, ...]:
    """The indicators that are to be named and are not: all described, or those that the corrected result has."""
    if values is None:
        return ()
    described = procedure.named
    wanted = described if held is None else [key for key in held if key in described or held[key] is not None]
    return tuple(key for key in wanted if key not in values)


def required(lacking: Iterable[str]) -> Iterator[FieldError]:
    """What is wrong where these indicators are not named."""
    for name in lacking:
        yield _error(f"/values/{name}", "required", "Показатель не назван.", "Добавьте его; нет данных — null.")


def _known(procedure: Procedure) -> str:
    """The indicators where they are few; else where to read them, for this stands beside every unknown name."""
    named = ", ".join(procedure.named)
    return f"Показатели процедуры: {named if len(named) <= NAMED else f'GET /v1/procedures/{procedure.key}'}."


def _check_value(text: str, indicator: Indicator, pointer: str) -> Iterator[FieldError]:
    if not within(text, indicator.highest):
        remedy = f"Нужно от 0 до {indicator.highest}; нет данных — null."
        yield _error(pointer, "out-of-range", f"Значение {text} вне пределов показателя.", remedy)
    elif indicator.values is not None and indicator.values.unit == "count" and "." in text:
        remedy = "Здесь нужно целое число; нет данных — null."
        yield _error(pointer, "not-whole", f"Значение {text} — не целое.", remedy)


def _error(pointer: str, code: str, message: str, remedy: str) -> FieldError:
    return FieldError(pointer, code, message, remedy)


def _check_source(submission: Submission, directory: Directory) -> Iterator[FieldError]:
    source = directory.sources.get(submission.source)
    if source is None:
        remedy = "Источник регистрирует региональный оператор: PUT /v1/sources/{key}."
        yield _error("/source", "unknown-source", "Такой источник не зарегистрирован.", remedy)
    elif submission.procedure in directory.procedures and not source.may_report(submission.procedure):
        message = "Источнику не разрешено передавать эту процедуру."
        yield _error("/procedure", "procedure-not-allowed", message, "Обратитесь к региональному оператору.")


def _check_subject_of_source(
    submission: Submission, municipality: str | None, directory: Directory
) -> Iterator[FieldError]:
    source = directory.sources.get(submission.source)
    about_one = submission.organization is not None
    if source is not None and not source.may_report_about(municipality, organization=about_one):
        message = "Источнику не разрешено передавать результаты об этом субъекте."
        yield _error("/subject", "subject-not-allowed", message, "Обратитесь к региональному оператору.")


def _check_subject_kind(submission: Submission, procedure: Procedure) -> Iterator[FieldError]:
    named = "organization" if submission.organization else "municipality"
    if procedure.subject not in {named, "either"}:
        wanted, whom = WANTED[procedure.subject]
        remedy = f"Назовите в subject {whom} ({procedure.subject})."
        yield _error("/subject", "wrong-subject", f"Результат этой процедуры — {wanted}.", remedy)


def _spans(submission: Submission, now: datetime, *, known: bool) -> list[tuple[date, date]]:
    """When a code may have stood: in the period, as it is read everywhere, or else on the day of the result."""
    day = day_of(submission.occurred_at or now)
    return [days_of(submission.period), (day, day)] if known else [(day, day)]


def _resolve(
    submission: Submission, directory: Directory, spans: Sequence[tuple[date, date]]
) -> tuple[str | None, list[FieldError]]:
    """The municipality of the subject, or what is wrong with the subject."""
    if submission.organization is not None:
        organization = directory.organizations.get(submission.organization)
        if organization is not None:
            return organization.municipality, []
        remedy = "Список: GET /v1/organizations реестра."
        place = "/subject/organization"
        return None, [_error(place, "unknown-organization", "Такой организации в реестре нет.", remedy)]
    text = submission.municipality or ""
    found = directory.municipality(text, spans)
    if found is not None:
        return found.id, []
    if directory.owners_of_code(text):
        message, code = f"Код ОКТМО {text} не действовал на дату результата и в его период.", "code-not-valid"
    else:
        message, code = "Такого муниципалитета в реестре нет.", "unknown-municipality"
    remedy = "Укажите id или действовавший код ОКТМО: GET /v1/municipalities реестра."
    return None, [_error("/subject/municipality", code, message, remedy)]


def _check_key(
    key: str | None, municipality: str | None, directory: Directory, spans: Sequence[tuple[date, date]]
) -> list[FieldError]:
    if not key or (municipality is not None and key == municipality):
        return []
    if municipality in directory.meant(key, spans):
        return []
    message = "Ключ записи — не муниципалитет, о котором результат."
    return [_error("", "foreign-key", message, "Ключ — id или код ОКТМО муниципалитета; можно оставить его пустым.")]


def _check_life(submission: Submission, municipality: str | None, directory: Directory) -> Iterator[FieldError]:
    """Who was not there in the period has no result of it: that is neither zero nor a value."""
    days = days_of(submission.period)
    if submission.organization is not None:
        if not directory.organizations[submission.organization].existed(*days):
            message = "Организации в этом периоде не было: она открыта позже или закрыта раньше."
            yield _error("/period", "did-not-exist", message, "Исправьте период; ошибку в датах исправляют в реестре.")
    elif municipality is not None and not directory.municipalities[municipality].existed(*days):
        message = f"По реестру муниципалитета {municipality} в этом периоде не было."
        remedy = "Назовите того, кто был тогда, или исправьте период; ошибку в датах исправляют в реестре."
        yield _error("/period", "did-not-exist", message, remedy)


def _candidate(submission: Submission, municipality: str | None, lacking: tuple[str, ...]) -> Candidate:
    return Candidate(
        result=result_id(
            submission.procedure,
            municipality=municipality,
            organization=submission.organization,
            period=submission.period,
        ),
        procedure=submission.procedure,
        municipality=municipality,
        organization=submission.organization,
        period=submission.period,
        values=submission.values,
        not_applicable=submission.not_applicable,
        source=submission.source,
        occurred_at=submission.occurred_at,
        comment=submission.comment,
        quiet=not submission.notify,
        lacking=lacking,
    )
