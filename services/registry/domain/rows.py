"""What every imported row must be, whatever it describes: its id, its names, its days, and how the no is told."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.kernel import FieldError, Refused

LONGEST_ID = 100
_ID = re.compile(r"([0-9]{2,3})-[a-z0-9]+(?:-[a-z0-9]+)*")
_REGION = re.compile(r"[0-9]{2,3}")
_CODE = re.compile(r"[0-9]{8}")

Status = Literal["registered", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    id: str
    revision: int
    status: Status


def status_of(before: int | None, after: int) -> Status:
    """How a row is reported, by the revisions before (None: unknown until now) and after."""
    if before is None:
        return "registered"
    return "unchanged" if before == after else "changed"


def code_like(text: str) -> bool:
    """Whether this is written as an OKTMO code: 8 digits."""
    return _CODE.fullmatch(text) is not None


def check_id(pointer: str, found: str, region: str) -> Iterator[FieldError]:
    """The id and the region that it begins with."""
    told = _ID.fullmatch(found) if len(found) <= LONGEST_ID else None
    if told is None:
        yield FieldError(
            f"{pointer}/id",
            "invalid-id",
            f"«{found[:LONGEST_ID]}» не годится как идентификатор.",
            "Запишите номер региона, дефис и имя строчной латиницей, например 74-zlatoustovsky-go.",
        )
    elif not _REGION.fullmatch(region):
        yield FieldError(
            f"{pointer}/region",
            "invalid-region",
            f"«{region[:LONGEST_ID]}» не номер региона.",
            "Запишите номер региона цифрами, например 74.",
        )
    elif told[1] != region:
        yield FieldError(
            f"{pointer}/region",
            "foreign-region",
            f"Идентификатор начинается с {told[1]}, а регион указан {region}.",
            "Исправьте регион или идентификатор: они должны совпадать.",
        )


def check_name(pointer: str, found: str) -> Iterator[FieldError]:
    """A text for people: something visible, no control characters, no spaces at the ends."""
    if not found.strip():
        yield FieldError(pointer, "empty-name", "Название пустое.", "Запишите название.")
    elif found != found.strip() or not found.isprintable():
        yield FieldError(
            pointer,
            "invalid-name",
            "В названии есть лишние пробелы по краям или непечатаемые знаки.",
            "Уберите пробелы по краям, переводы строк и знаки табуляции.",
        )


def check_days(pointer: str, valid_from: date, valid_to: date | None) -> Iterator[FieldError]:
    """A period ends after it began; `valid_to` is the first day on which it holds no more."""
    if valid_to is not None and valid_to <= valid_from:
        yield FieldError(
            pointer,
            "ends-before-it-begins",
            f"valid_to {valid_to} не позже valid_from {valid_from}.",
            "valid_to — первый день, когда сведения уже не действуют; укажите день позже valid_from или null.",
        )


def check_revision(pointer: str, expected: int | None, stored: int | None) -> Iterator[FieldError]:
    """A row over another revision than the stored one would undo what was changed since (0: there is none yet)."""
    if expected is None or expected == (stored or 0):
        return
    there = "Записи ещё нет" if stored is None else f"Сейчас версия {stored}"
    yield FieldError(
        f"{pointer}/revision",
        "stale-revision",
        f"{there}, в строке названа {expected}.",
        "Прочитайте запись снова и измените её; у новой записи revision — 0 или его нет.",
    )


def check_read(pointer: str, outcome: Outcome, expected: int | None, *, listed: str) -> Iterator[FieldError]:
    """A row that changes what is stored says which revision it was written over."""
    if outcome.status == "changed" and expected is None:
        yield FieldError(
            f"{pointer}/revision",
            "revision-required",
            "Запись уже есть и изменится, а какая её версия прочитана, не сказано.",
            f"Прочитайте запись (GET {listed}/{outcome.id}) и передайте её revision в строке.",
        )


def check_repeats(ids: Sequence[str]) -> Iterator[FieldError]:
    """Each id stands in a request once."""
    first = {found: number for number, found in reversed(list(enumerate(ids)))}
    counted = Counter(ids)
    for number, found in enumerate(ids):
        if counted[found] > 1 and first[found] != number:
            yield FieldError(
                f"/items/{number}/id",
                "repeated-id",
                f"«{found[:LONGEST_ID]}» уже есть в строке {first[found] + 1} этого запроса.",
                "Оставьте одну строку на каждый идентификатор.",
            )


def refuse(errors: Iterable[FieldError], *, what: str) -> None:
    """Raise the refusal that names every wrong place; nothing when there is none."""
    found = list(errors)
    if not found:
        return
    rows = {error.pointer.split("/")[2] for error in found}
    detail = f"Ничего не записано: ошибок {len(found)}, строк с ошибками {len(rows)}."
    raise Refused("invalid-import", f"{what} не приняты", detail, errors=found)
