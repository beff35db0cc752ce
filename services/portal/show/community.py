"""The expert community in words: what each indicator comes to, and the items that it is counted from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from services.portal.show.numbers import percent, signed
from services.portal.show.words import counted

Told = Mapping[str, Any]
RECORD = ("запись", "записи", "записей")
UNIT = ("единица", "единицы", "единиц")
STATES = {
    "no_data": "нет данных",
    "not_applicable": "не применяется",
    "did_not_exist": "муниципалитета не было",
    "few": "мало специалистов: не показывается",
}
# For a narrow cell; the words are beside it for those who do not see it.
SIGNS = {"no_data": "?", "not_applicable": "—", "did_not_exist": "×", "few": "<5"}


@dataclass(frozen=True, slots=True)
class Item:
    """One counted item; `counted` says whether it is in the numerator, None where there is none to be in."""

    what: str
    id: str
    date: str
    source: str
    result: bool
    reported_by: str | None
    counted: bool | None
    unsaid: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Items under the words of what they are."""

    title: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as its page shows it: `above` and `below` count numerator and denominator; unknown is never 0."""

    code: str
    title: str
    point: str
    threshold: str
    state: str
    reason: str
    value: str
    above: str
    below: str
    beside: str
    numerator: str
    parts: Sequence[Part]

    @property
    def records(self) -> int:
        """How many items it lists."""
        return sum(len(part.items) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Community:
    """A municipality's year: indicators by criterion, what was left out and why."""

    source: str
    criteria: Sequence[tuple[str, Sequence[Indicator]]]
    left_out: Sequence[Told]

    @property
    def indicators(self) -> list[Indicator]:
        """All of them, in order."""
        return [one for _, some in self.criteria for one in some]

    @property
    def untold(self) -> bool:
        """Whether there is not one value."""
        return all(one.state != "scored" for one in self.indicators)

    @property
    def records(self) -> int:
        """How many items are listed, one in several indicators counted in each."""
        return sum(one.records for one in self.indicators)

    @property
    def unborn(self) -> bool:
        """Whether there was no municipality to have any."""
        return all(one.state == "did_not_exist" for one in self.indicators)


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one municipality among others."""

    code: str
    title: str
    state: str
    value: str
    beside: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One municipality among others."""

    id: str
    name: str
    cells: Sequence[Cell]

    @property
    def scored(self) -> int:
        """How many of its indicators have a value."""
        return sum(one.state == "scored" for one in self.cells)


def told_of(body: Told) -> Community:
    """A municipality's answer as its page shows it."""
    grouped = groupby(body["indicators"], key=lambda one: one["criterion_title"])
    criteria = [(title, [_indicator(one, body["year"]) for one in some]) for title, some in grouped]
    return Community(body["source"], criteria, body["left_out"])


def compared(body: Told) -> Compared:
    """One row of the answer about all."""
    cells = [_cell(one) for one in body["indicators"]]
    return Compared(body["municipality"]["id"], body["municipality"]["name"], cells)


def _cell(told: Told) -> Cell:
    if told["state"] == "scored" and told["value"] is None:
        return Cell(told["code"], told["title"], "few", "", "")
    return Cell(told["code"], told["title"], told["state"], _short(told), _beside(told))


def _indicator(told: Told, year: int) -> Indicator:
    share = told["kind"] == "share"
    return Indicator(
        code=told["code"],
        title=told["title"],
        point=told["point"],
        threshold=told["threshold"] or "",
        state=told["state"],
        reason=told["reason"] or "",
        value=_value(told),
        above="—" if told["state"] == "no_data" else _count(told["counted"]),
        below="—" if told["state"] == "no_data" and not told["of"] else _count(told["of"]),
        beside=_years(told, year),
        numerator=told["numerator"]["title"] if share and told["numerator"] else "",
        parts=_parts(told, year),
    )


def _value(told: Told) -> str:
    """`75 %`, `5 единиц`, `+3 единицы`; empty where there is no value."""
    if told["state"] != "scored" or told["kind"] == "share":
        return _short(told)
    whole = int(told["value"])
    return f"{'+' if told['kind'] == 'difference' and whole > 0 else ''}{counted(whole, UNIT)}".replace("-", "−")


def _short(told: Told) -> str:
    """The same without the unit."""
    if told["state"] != "scored":
        return ""
    if told["kind"] == "share":
        return percent(told["percent"])
    return signed(int(told["value"])) if told["kind"] == "difference" else str(int(told["value"]))


def _years(told: Told, year: int) -> str:
    """The two numbers of a difference, each with its year."""
    if told["state"] != "scored" or told["kind"] != "difference":
        return ""
    return f"{told['counted']} за {year} год, {told['year_before']} за {year - 1} год"


def _beside(told: Told) -> str:
    """What a value was made of, short: `3 из 4`, `1 → 3`."""
    if told["state"] != "scored" or told["kind"] == "count":
        return ""
    share = told["kind"] == "share"
    return f"{told['counted']} из {told['of']}" if share else f"{told['year_before']} → {told['counted']}"


def _count(number: int | None) -> str:
    return "—" if number is None else str(number)


def _parts(told: Told, year: int) -> list[Part]:
    """The denominator with what of it is in the numerator; else what was counted, and the year before."""
    unsaid = set(told["unreported"])
    if told["denominator"] is not None:
        above = {one["id"] for one in (told["numerator"] or {}).get("items", ())}
        part = told["denominator"]
        return [Part(part["title"], [_item(one, one["id"] in above, unsaid) for one in part["items"]])]
    given = ((told["numerator"], year), (told["before"], year - 1))
    return [_dated(part, at, dated=told["kind"] == "difference") for part, at in given if part is not None]


def _dated(part: Told, year: int, *, dated: bool) -> Part:
    title = f"{part['title']}, {year} год" if dated else part["title"]
    return Part(title, [_item(one, None, ()) for one in part["items"]])


def _item(told: Told, above: bool | None, unsaid: Iterable[str]) -> Item:  # noqa: FBT001 - yes, no, or no such thing
    return Item(
        what=told["what"],
        id=told["id"],
        date=told["date"],
        source=told["source"],
        result=told["origin"] == "event",
        reported_by=told["reported_by"],
        counted=above,
        unsaid=told["id"] in unsaid,
    )
