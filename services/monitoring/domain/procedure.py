"""Assessment procedures as data: indicators with maxima, whom they are about, what they may be used for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from services.monitoring.domain.standing import in_use, misread
from services.monitoring.events import Indicator, ProcedureDescribed, Reported, School
from shared.kernel import Change, FieldError, Refused, check_expected

GROUPS = ("conditions", "results", "processes")
USES = ("analysis", "support", "municipality_scoring", "school_scoring")
HIGHEST = Decimal(2)
HIGHEST_REPORTED = Decimal(10) ** 9
PERCENT = Decimal(100)
DECIMALS = 4
_SCORE = re.compile(r"p([0-9]{1,4})")
About = Literal["municipality", "organization", "either"]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure's description; maxima are decimal strings."""

    key: str
    code: int
    group: str
    name: str
    maximum: str
    indicators: tuple[Indicator, ...]
    subject: About
    permitted_uses: tuple[str, ...]
    assumed: bool = False
    act: str | None = None
    school: School | None = None
    revision: int = 1

    @property
    def named(self) -> dict[str, Indicator]:
        """The indicators by key."""
        return {indicator.key: indicator for indicator in self.indicators}

    def described(self) -> ProcedureDescribed:
        """The event that tells this state."""
        return ProcedureDescribed(
            procedure=self.key,
            revision=self.revision,
            code=self.code,
            group=self.group,
            name=self.name,
            maximum=self.maximum,
            assumed=self.assumed,
            indicators=self.indicators,
            subject=self.subject,
            permitted_uses=self.permitted_uses,
            act=self.act,
            school=self.school,
        )


def describe(
    current: Procedure | None, wanted: Procedure, *, expected: int | None = None, held: Mapping[str, str] | None = None
) -> Change[Procedure]:
    """Set a procedure's description; the same again tells nothing; Refused names every wrong field.

    What is described may be changed only over the `expected` revision: Stale, PreconditionRequired. `held` names a
    result for each indicator at `stake` of which one has a value: those stay what they are.
    """
    _refuse(list(_wrong(wanted)))
    plain = _plain(wanted)
    same = current is not None and replace(plain, revision=current.revision) == current
    stored = current.revision if current else None
    check_expected(expected, stored, read=f"/v1/procedures/{wanted.key}", changes=not same)
    if current is not None and same:
        return Change(current)
    if current is not None:
        _refuse(in_use(misread(current.indicators, plain.indicators), held or {}))
    after = replace(plain, revision=1 if current is None else current.revision + 1)
    return Change(after, (after.described(),))


def stake(current: Procedure | None, wanted: Procedure) -> tuple[str, ...]:
    """The indicators that this description would lose or misread where results hold values of them."""
    return tuple(misread(current.indicators, wanted.indicators)) if current else ()


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise Refused(
            "invalid-procedure",
            "Описание процедуры не принято",
            f"Неверных мест: {len(errors)}. Исправьте перечисленное в errors и повторите.",
            errors=errors,
        )


def _text(number: str) -> str:
    return f"{Decimal(number).normalize():f}"


def _plain(wanted: Procedure) -> Procedure:
    indicators = tuple(_plain_indicator(one) for one in wanted.indicators)
    uses = tuple(use for use in USES if use in wanted.permitted_uses)
    return replace(wanted, maximum=_text(wanted.maximum), indicators=indicators, permitted_uses=uses)


def _plain_indicator(one: Indicator) -> Indicator:
    told = one.values
    values = told and told.model_copy(update={"maximum": _text(told.maximum)})
    return one.model_copy(update={"maximum": _text(one.maximum), "values": values})


def _wrong(wanted: Procedure) -> Iterator[FieldError]:
    if wanted.group not in GROUPS:
        yield FieldError("/group", "not-allowed", "Такой группы нет.", f"Можно: {', '.join(GROUPS)}.")
    for number, use in enumerate(wanted.permitted_uses):
        if use not in USES:
            pointer = f"/permitted_uses/{number}"
            yield FieldError(pointer, "not-allowed", "Такого использования нет.", f"Можно: {', '.join(USES)}.")
    if not set(USES) <= set(wanted.permitted_uses) and not wanted.act and not wanted.assumed:
        yield FieldError("/act", "required", "Ограничение использования не подтверждено актом.", "Назовите акт.")
    yield from _wrong_indicators(wanted)
    yield from _wrong_scores(wanted)


def _wrong_indicators(wanted: Procedure) -> Iterator[FieldError]:
    if not wanted.indicators:
        yield FieldError("/indicators", "too-few", "У процедуры нет показателей.", "Назовите хотя бы один показатель.")
    seen: set[str] = set()
    for number, indicator in enumerate(wanted.indicators):
        pointer = f"/indicators/{number}"
        if indicator.key in seen:
            yield FieldError(f"{pointer}/key", "duplicate-key", "Показатель назван дважды.", "Дайте каждому свой ключ.")
        seen.add(indicator.key)
        yield from _wrong_maximum(indicator, f"{pointer}/maximum")
        if indicator.values is not None:
            yield from _wrong_reported(indicator.values, f"{pointer}/values/maximum")
    total = sum((Decimal(indicator.maximum) for indicator in wanted.indicators), Decimal(0))
    if Decimal(wanted.maximum) != total:
        message = f"Максимум процедуры не равен сумме максимумов показателей ({total:f})."
        yield FieldError("/maximum", "not-the-sum", message, f"Укажите {total:f} или исправьте показатели.")


def _wrong_scores(wanted: Procedure) -> Iterator[FieldError]:
    """Primary scores of schools are p0…pN without a gap: a score is found by its place among the others."""
    keys = {indicator.key for indicator in wanted.indicators}
    scores = [int(found[1]) for key in keys if (found := _SCORE.fullmatch(key))]
    lacking = next((f"p{score}" for score in range(max(scores, default=-1) + 1) if f"p{score}" not in keys), None)
    if wanted.school is not None and lacking is not None:
        message = f"Первичные баллы описаны не подряд: среди показателей нет {lacking}."
        remedy = f"Опишите p0…p{max(scores)} без пропусков и без ведущих нулей."
        yield FieldError("/indicators", "gap-in-scores", message, remedy)


def _wrong_maximum(indicator: Indicator, pointer: str) -> Iterator[FieldError]:
    """Points are above 0, at most 2; 0 is for what is only reported and worth nothing."""
    maximum = Decimal(indicator.maximum)
    worthless = indicator.values is not None and maximum == 0
    if not worthless and not _fits(maximum, HIGHEST):
        message = "Максимум показателя — больше 0 и не больше 2 баллов, до 4 знаков после запятой."
        remedy = "Обычно 1 или 2; 0 — только у показателя с values, который баллов не даёт."
        yield FieldError(pointer, "out-of-range", message, remedy)


def _wrong_reported(reported: Reported, pointer: str) -> Iterator[FieldError]:
    highest = PERCENT if reported.unit == "percent" else HIGHEST_REPORTED
    if not _fits(Decimal(reported.maximum), highest):
        message = f"Наибольшее значение — больше 0 и не больше {highest:f}, до 4 знаков после запятой."
        yield FieldError(pointer, "out-of-range", message, "Назовите наибольшее значение, которое может прийти.")


def _fits(maximum: Decimal, highest: Decimal) -> bool:
    exponent = maximum.normalize().as_tuple().exponent
    return 0 < maximum <= highest and isinstance(exponent, int) and exponent >= -DECIMALS
