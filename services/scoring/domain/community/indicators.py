"""The nine indicators of a municipality's year: exact, every counted item listed, "never told" is not zero."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from services.scoring.domain.community.definitions import Definition, Definitions, Part
from services.scoring.domain.community.item import NOTHING, Item

State = Literal["scored", "no_data", "not_applicable", "did_not_exist"]
PROCEDURE = "procedure"
EMPTY = "не применяется: знаменатель пуст"
UNTOLD = "сведений нет: ничего не внесено и не сказано, что такого за год не было"
UNSAID = "процедуры проведены, но ни об одной не сообщено, как она проводилась"
GONE = "муниципалитета в этом году не было"


class HeldResult(NamedTuple):
    """The result in force by which a municipality held a procedure, whatever a methodology makes of it."""

    municipality: str
    procedure: str
    period: str
    result: str
    source: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class HeldProcedure:
    """A procedure whose result for the year is in force, as the platform's own events tell it."""

    key: str
    name: str
    result: str
    on: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One counted item: what it is, its id, day and source; `reported` names the report that speaks of an event."""

    what: str
    id: str
    on: str
    source: str
    origin: Literal["reported", "event"]
    says: Mapping[str, Any]
    reported: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """The items of one part of an indicator, under its words."""

    title: str
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator's value: the items of its parts are there whatever the state says."""

    definition: Definition
    state: State
    value: Fraction | None = None
    reason: str | None = None
    numerator: Lines | None = None
    denominator: Lines | None = None
    before: Lines | None = None
    unreported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """What is known of a municipality's year: reported items in force, and procedures held by events."""

    year: int
    items: tuple[Item, ...] = ()
    held: tuple[HeldProcedure, ...] = ()
    existed: bool = True

    def lines(self, kind: str) -> tuple[Line, ...]:
        """The items of a kind; procedures held by events first, with what a report says of them."""
        told = tuple(_line(one) for one in self.items if one.told.kind == kind and not one.withdrawn)
        if kind != PROCEDURE:
            return tuple(sorted(told, key=_order))
        by_key = {line.says[PROCEDURE]: line for line in told}
        held = [_held(one, by_key.pop(one.key, None)) for one in self.held]
        return tuple(sorted((*held, *by_key.values()), key=_order))

    def none_of(self, kind: str) -> bool:
        """Whether it was said that there is nothing of a kind."""
        return any(one.told.kind == NOTHING and one.told.says["of"] == kind and not one.withdrawn for one in self.items)

    def told(self, kind: str) -> bool:
        """Whether anything was told of a kind, be it that there is nothing."""
        return bool(self.lines(kind)) or self.none_of(kind)


def indicators(definitions: Definitions, year: Year, before: Year) -> list[Found]:
    """Every indicator of a year; `before` is the year before it, for differences."""
    return [_found(one, _regional(definitions, year), before) for one in definitions.indicators]


def left_out(definitions: Definitions, year: Year) -> list[Line]:
    """Procedures that were held and are not the region's own."""
    return [line for line in year.lines(PROCEDURE) if line.says[PROCEDURE] in definitions.not_within_region]


def _regional(definitions: Definitions, year: Year) -> Year:
    others = definitions.not_within_region
    return replace(
        year,
        held=tuple(one for one in year.held if one.key not in others),
        items=tuple(one for one in year.items if one.told.says.get(PROCEDURE) not in others),
    )


def _found(one: Definition, year: Year, before: Year) -> Found:
    if not year.existed:
        return Found(one, "did_not_exist", reason=GONE)
    if one.kind == "share":
        return _share(one, year)
    return _count(one, year) if one.kind == "count" else _difference(one, year, before)


def _count(one: Definition, year: Year) -> Found:
    lines = _of(one.items, year.lines(one.of))
    if not year.told(one.of):
        return Found(one, "no_data", reason=UNTOLD, numerator=lines)
    return Found(one, "scored", Fraction(len(lines.items)), numerator=lines)


def _difference(one: Definition, year: Year, before: Year) -> Found:
    now, then = _of(one.items, year.lines(one.of)), _of(one.items, before.lines(one.of))
    if not before.existed:
        reason = f"за {before.year} год сравнить не с чем: {GONE}"
        return Found(one, "did_not_exist", reason=reason, numerator=now, before=then)
    for asked in (year, before):
        if not asked.told(one.of):
            reason = f"за {asked.year} год {UNTOLD}"
            return Found(one, "no_data", reason=reason, numerator=now, before=then)
    return Found(one, "scored", Fraction(len(now.items) - len(then.items)), numerator=now, before=then)


def _share(one: Definition, year: Year) -> Found:
    assert one.numerator is not None, "a share has a numerator"
    lines = year.lines(one.of)
    whole = _of(one.items, lines)
    counted = _of(one.numerator, whole.items)
    unsaid = tuple(line.id for line in whole.items if line.origin == "event" and line.reported is None)
    found = Found(one, "no_data", numerator=counted, denominator=whole, unreported=unsaid)
    if not year.told(one.of):
        return replace(found, reason=UNTOLD)
    if not whole.items:
        return replace(found, state="not_applicable", reason=EMPTY)
    if len(unsaid) == len(whole.items):
        return replace(found, reason=UNSAID)
    return replace(found, state="scored", value=Fraction(len(counted.items), len(whole.items)))


def _of(part: Part, lines: Iterable[Line]) -> Lines:
    return Lines(part.title, tuple(line for line in lines if part.holds(line.says)))


def _order(line: Line) -> tuple[str, str]:
    return line.on, line.id


def _held(one: HeldProcedure, said: Line | None) -> Line:
    says = {PROCEDURE: one.key} | ({} if said is None else dict(said.says))
    return Line(one.name, one.result, one.on, one.source, "event", says, None if said is None else said.id)


def _line(item: Item) -> Line:
    told = item.told
    return Line(words_of(told.kind, told.says), item.id, told.on.isoformat(), told.source, "reported", told.says)


def words_of(kind: str, says: Mapping[str, Any]) -> str:
    """What an item is, in words; of a specialist only the opaque id."""
    title = says.get("title")
    if title:
        number = says.get("number")
        return f"{title} № {number}" if number else str(title)
    if kind == "assessed_specialist":
        return f"специалист {says['expert']}: {says['percent']} % выполнения"
    if kind == "register_entry":
        return f"специалист реестра {says['expert']}"
    return f"процедура {says[PROCEDURE]}" if kind == PROCEDURE else kind
