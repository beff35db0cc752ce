"""A municipality with an id of its own and dated names; the decision what imported rows change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.registry.domain.register import Register
from services.registry.domain.rows import Outcome, check_revision, refuse
from services.registry.domain.territory import Placed, check_codes, check_gaps, check_kept, check_row, check_succession
from services.registry.events import (
    DatedName,
    MunicipalityChanged,
    MunicipalityRegistered,
    SuccessionLink,
)
from shared.kernel import Change, FieldError

REGISTER = Register(
    MunicipalityRegistered, MunicipalityChanged, listed="/v1/municipalities", what="Сведения о муниципалитетах"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """The state of one municipality; coordinates are decimal strings in degrees, `revision` 0 is not stored yet."""

    id: str
    region: str
    history: tuple[DatedName, ...]
    succession: tuple[SuccessionLink, ...] = ()
    centre: str | None = None
    population: int | None = None
    children: int | None = None
    latitude: str | None = None
    longitude: str | None = None
    tile_col: int | None = None
    tile_row: int | None = None
    revision: int = 0

    def name_on(self, on: date) -> DatedName | None:
        """Name, kind and code on this day; None where the municipality did not exist."""
        return next((one for one in self.history if covers(one, on)), None)

    def ended_by(self, day: date) -> bool:
        """Whether it existed on no day from this one on."""
        return all(one.valid_to is not None and one.valid_to <= day for one in self.history)

    def successors(self) -> list[str]:
        """The ids of those that it became part of."""
        return sorted({link.municipality for link in self.succession if link.role == "successor"})

    def shown_on(self, on: date) -> DatedName:
        """The same, or the last one before that day, or the first one ever: something can always be shown."""
        before = [one for one in self.history if one.valid_from <= on]
        return self.name_on(on) or (before[-1] if before else self.history[0])


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """One imported row; `flat` where its only name stands beside the id and not in `history`.

    `expected` is the revision that its writer has read, 0 where there was none.
    """

    wanted: Municipality
    flat: bool = False
    expected: int | None = None


def covers(one: DatedName, on: date) -> bool:
    """Whether a dated name holds on this day."""
    return one.valid_from <= on and (one.valid_to is None or on < one.valid_to)


def holder_of(code: str, among: Sequence[Municipality], on: date) -> Municipality | None:
    """Whose code this is on the day; else whose it was last before it, else whose it will be first.

    No two hold a code on one day: its holder is the last who got it by then.
    """
    held = [(one, spell) for one in among for spell in one.history if spell.oktmo == code]
    if not held:
        return None
    before = [pair for pair in held if pair[1].valid_from <= on]
    if before:
        return max(before, key=lambda pair: pair[1].valid_from)[0]
    return min(held, key=lambda pair: pair[1].valid_from)[0]


def needed_by(rows: Sequence[MunicipalityRow]) -> tuple[set[str], set[str]]:
    """What must be known to judge these rows: the ids they name, and the codes they claim."""
    ids = {row.wanted.id for row in rows}
    ids |= {link.municipality for row in rows for link in row.wanted.succession}
    return ids, {one.oktmo for row in rows for one in row.wanted.history}


def import_municipalities(
    rows: Sequence[MunicipalityRow], known: Mapping[str, Municipality], *, correction: bool = False
) -> tuple[list[Change[Municipality]], list[Outcome]]:
    """What the rows change; a row that says what is stored tells nothing. Refused as a whole where one is wrong.

    `known` holds at least what `needed_by` names. `correction`: a stored name, end or succession that a row leaves out
    was a mistake; otherwise the row is older than what is stored, and would undo a reform. A gap between names is meant
    by a correction only.
    """
    refuse(_errors(rows, known, correction=correction), what=REGISTER.what)
    return REGISTER.take([(_in_order(row.wanted), row.expected) for row in rows], known)


def _in_order(wanted: Municipality) -> Municipality:
    """The order of names and links in a request means nothing: an exported row in another order is no change."""
    links = set(wanted.succession)
    return replace(
        wanted,
        history=tuple(sorted(wanted.history, key=lambda one: one.valid_from)),
        succession=tuple(sorted(links, key=lambda link: (link.on, link.kind, link.role, link.municipality))),
    )


def _errors(
    rows: Sequence[MunicipalityRow], known: Mapping[str, Municipality], *, correction: bool
) -> list[FieldError]:
    placed = [
        Placed(number, row.wanted.id, row.wanted.region, row.wanted.history, row.wanted.succession, row.flat)
        for number, row in enumerate(rows)
    ]
    found = [error for row in placed for error in check_row(row)]
    for row, one in zip(rows, placed, strict=True):
        before = known.get(row.wanted.id)
        found += _figures(row.wanted, one)
        found += check_revision(one.pointer, row.expected, before.revision if before else None)
        if not correction:
            found += check_gaps(one, before.history if before else ())
            found += check_kept(one, before.history, before.succession) if before else ()
    mine = {row.id for row in placed}
    found += check_succession(placed, known=mine | known.keys())
    others = {one.id: one.history for one in known.values() if one.id not in mine}
    return [*found, *check_codes(placed, others)]


def _figures(wanted: Municipality, row: Placed) -> list[FieldError]:
    if wanted.population is None or wanted.children is None or wanted.children <= wanted.population:
        return []
    return [
        FieldError(
            f"{row.pointer}/children",
            "more-children-than-people",
            f"Детей {wanted.children}, а жителей {wanted.population}.",
            "Проверьте оба числа: детей не может быть больше, чем жителей.",
        )
    ]
