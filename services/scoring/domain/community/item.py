"""A reported item of the expert community: put under its reporter's own id, corrected with a reason, withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from shared.calendar import day_of
from shared.kernel import Conflict, FieldError, NotFound, Refused, check_expected

NOTHING = "none"
MOST = 5_000
MOST_REVISIONS = 100
# Whom or what an item of a kind is about: a second item about the same in a year would count it twice.
ABOUT = {"assessed_specialist": "expert", "register_entry": "expert", "procedure": "procedure", NOTHING: "of"}
# What happens within a year; documents and entries of the register may be older than the year they hold in.
YEARLY = frozenset({"procedure", "assessed_specialist", "material", "publication_link"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says: the year, the kind with its own fields, the day and the source."""

    year: int
    kind: str
    says: Mapping[str, Any]
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class Revision:
    """What an item said until it was corrected or withdrawn."""

    revision: int
    told: Told
    withdrawn: bool
    reason: str | None
    by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """The present revision of an item, and those before it (oldest first)."""

    id: str
    municipality: str
    told: Told
    revision: int
    by: str
    recorded_at: datetime
    withdrawn: bool = False
    reason: str | None = None
    past: tuple[Revision, ...] = ()

    @property
    def present(self) -> Revision:
        """What it says now."""
        return Revision(self.revision, self.told, self.withdrawn, self.reason, self.by, self.recorded_at)

    @property
    def about(self) -> str | None:
        """What may be told once a year only, where its kind has such a thing."""
        field = ABOUT.get(self.told.kind)
        return None if field is None else f"{self.told.kind}:{self.told.says[field]}"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who changes an item and when, from which revision and why."""

    by: str
    now: datetime
    expected: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Withdrawal):
    """One put: a change of an item with what it says now."""

    told: Told


def check_told(told: Told, *, today: date | None) -> None:
    """Refused (`invalid-community-item`): a day outside the year or not here yet, or more said than is approved.

    Without `today` the day may be one to come: what is stored of one is repeated without change.
    """
    errors = []
    first = date(told.year, 1, 1) if told.kind in YEARLY else date.min
    if not first <= told.on <= date(told.year, 12, 31):
        days = f"с 01.01.{told.year} по 31.12.{told.year}" if told.kind in YEARLY else f"не позже 31.12.{told.year}"
        errors.append(FieldError("/on", "outside-year", f"{told.on:%d.%m.%Y} не относится к {told.year} году", days))
    elif today is not None and told.on > today:
        message = f"{told.on:%d.%m.%Y} ещё не наступило"
        errors.append(FieldError("/on", "in-the-future", message, f"Назовите день не позже {today:%d.%m.%Y}"))
    if told.says.get("approved_after_discussion") and not told.says.get("approved"):
        message = "Утверждён по итогам обсуждения, но не утверждён"
        errors.append(FieldError("/approved", "not-approved", message, "Укажите approved: true"))
    if errors:
        raise _wrong(*errors)


def check_year(told: Told, *, existed: bool) -> None:
    """Refused (`invalid-community-item`) where the municipality was not there in the year: it would count nowhere."""
    if not existed:
        message = f"Муниципалитета в {told.year} году не было, запись нигде не учтётся"
        raise _wrong(FieldError("/year", "did-not-exist", message, "Исправьте год"))


def _wrong(*errors: FieldError) -> Refused:
    detail = " ".join(f"{one.pointer}: {one.message}." for one in errors)
    return Refused("invalid-community-item", "Сведения не приняты", detail, errors=errors)


def put(item_id: str, municipality: str, stored: Item | None, report: Report, *, others: Iterable[Item]) -> Item:
    """The item with what is reported; the stored one itself where nothing changes.

    `others` are the municipality's items of that year. A correction names the revision it corrects and its reason.
    """
    same = stored is not None and stored.told == report.told and not stored.withdrawn
    check_told(report.told, today=None if same else day_of(report.now))
    if stored is None:
        _check_revision(item_id, municipality, None, report.expected)
        fresh = Item(item_id, municipality, report.told, 1, report.by, report.now)
        _check_beside(fresh, others)
        return fresh
    if same:
        _check_revision(item_id, municipality, stored, report.expected, changes=False)
        return stored
    if (stored.told.kind, stored.told.year) != (report.told.kind, report.told.year):
        detail = f"«{item_id}» — {stored.told.kind} за {stored.told.year} год. Отзовите запись и внесите новую."
        raise Conflict("community-item-other-kind", "Вид и год записи не меняются", detail)
    _check_revision(item_id, municipality, stored, report.expected)
    after = replace(_next(stored, report), told=report.told, withdrawn=False)
    _check_beside(after, others)
    return after


def withdraw(item_id: str, stored: Item | None, given: "Withdrawal") -> Item:
    """The item withdrawn, with the reason; a withdrawn one itself."""
    if stored is None:
        raise NotFound("community-item-not-found", "Такой записи нет", f"«{item_id}» никто не вносил.")
    if stored.withdrawn:
        return stored
    _check_revision(item_id, stored.municipality, stored, given.expected)
    return replace(_next(stored, given), withdrawn=True)


def _next(stored: Item, given: Withdrawal) -> Item:
    if not given.reason:
        error = FieldError("/reason", "reason-required", "Не сказано, почему запись меняется", "Добавьте reason")
        raise Refused("reason-required", "Нужна причина", "Исправление и отзыв называют причину.", errors=[error])
    if stored.revision >= MOST_REVISIONS:
        detail = f"У записи уже {MOST_REVISIONS} версий: отзовите её и внесите новую."
        raise Conflict("too-many-revisions", "Запись исправлена слишком много раз", detail)
    before = Revision(stored.revision, stored.told, stored.withdrawn, stored.reason, stored.by, stored.recorded_at)
    return replace(
        stored,
        revision=stored.revision + 1,
        reason=given.reason,
        by=given.by,
        recorded_at=given.now,
        past=(*stored.past, before),
    )


def _check_revision(
    item_id: str, municipality: str, stored: Item | None, expected: int | None, *, changes: bool = True
) -> None:
    held, address = stored.revision if stored else None, f"/v1/expert-community/{municipality}/items/{item_id}"
    check_expected(expected, held, read=address, changes=changes)


def _check_beside(one: Item, others: Iterable[Item]) -> None:
    """Nothing is counted twice, and nothing stands beside the statement that there is nothing."""
    beside = [other for other in others if other.id != one.id and not other.withdrawn]
    if len(beside) >= MOST:
        detail = f"За {one.told.year} год у муниципалитета уже {MOST} записей."
        raise Refused("too-many-items", "Слишком много записей", detail)
    for other in beside:
        if one.about is not None and other.about == one.about:
            detail = f"О том же за {one.told.year} год уже есть запись «{other.id}»: исправьте её."
            raise Conflict("community-item-repeated", "Это уже учтено", detail, extra={"item": other.id})
        if _denies(one, other) or _denies(other, one):
            detail = f"Запись «{other.id}» говорит обратное: одна из них лишняя, отзовите её."
            raise Conflict("community-item-contradicts", "Записи противоречат друг другу", detail)


def _denies(statement: Item, other: Item) -> bool:
    return statement.told.kind == NOTHING and statement.told.says["of"] == other.told.kind
