"""An organisation of a municipality or of the ministry; the decision what imported rows change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.registry.domain.municipality import Municipality, holder_of
from services.registry.domain.register import Register
from services.registry.domain.rows import (
    Outcome,
    check_days,
    check_id,
    check_name,
    check_repeats,
    check_revision,
    code_like,
    refuse,
)
from services.registry.events import OrganizationChanged, OrganizationKind, OrganizationRegistered
from shared.kernel import Change, FieldError

REGISTER = Register(
    OrganizationRegistered, OrganizationChanged, listed="/v1/organizations", what="Сведения об организациях"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The state of one organisation; `revision` 0 is not stored yet."""

    id: str
    region: str
    name: str
    kind: OrganizationKind
    owner: Literal["municipality", "ministry"]
    valid_from: date
    municipality: str | None = None
    source_id: str | None = None
    valid_to: date | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One imported row; its municipality is named by id or by an OKTMO code.

    `expected` is the revision that its writer has read, 0 where there was none.
    """

    wanted: Organization
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What must be known to judge rows: stored organisations by id, holders of source ids, municipalities."""

    stored: Mapping[str, Organization]
    by_source: Mapping[tuple[str, str], str]
    municipalities: Mapping[str, Municipality]
    today: date

    def resolve(self, named: str | None) -> str | None:
        """The id of a municipality named by id or code; None where nobody is."""
        if named is None or named in self.municipalities:
            return named
        found = holder_of(named, list(self.municipalities.values()), self.today) if code_like(named) else None
        return found.id if found else None


def import_organizations(
    rows: Sequence[OrganizationRow], known: Neighbours, *, correction: bool = False
) -> tuple[list[Change[Organization]], list[Outcome]]:
    """What the rows change; a row that says what is stored tells nothing. Refused as a whole where one is wrong.

    `correction`: a stored end that a row does not name was a mistake; otherwise the row is older than what is stored.
    """
    refuse(_errors(rows, known, correction=correction), what=REGISTER.what)
    wanted = [(replace(one.wanted, municipality=known.resolve(one.wanted.municipality)), one.expected) for one in rows]
    return REGISTER.take(wanted, known.stored)


def _errors(rows: Sequence[OrganizationRow], known: Neighbours, *, correction: bool) -> list[FieldError]:
    found: list[FieldError] = []
    for number, row in enumerate(rows):
        pointer, wanted = f"/items/{number}", row.wanted
        before = known.stored.get(wanted.id)
        found += check_revision(pointer, row.expected, before.revision if before else None)
        if before and not correction:
            found += _check_kept(pointer, wanted, before)
        found += check_id(pointer, wanted.id, wanted.region)
        found += check_name(f"{pointer}/name", wanted.name)
        found += check_days(f"{pointer}/valid_to", wanted.valid_from, wanted.valid_to)
        found += _check_owner(pointer, wanted, known)
    return [*found, *check_repeats([row.wanted.id for row in rows]), *_check_sources(rows, known)]


def _check_kept(pointer: str, wanted: Organization, before: Organization) -> Iterator[FieldError]:
    """A closed organisation stays closed from the day that is stored."""
    if before.valid_to is not None and wanted.valid_to != before.valid_to:
        yield FieldError(
            f"{pointer}/valid_to",
            "history-dropped",
            f"В реестре «{before.id}» действует до {before.valid_to}, здесь этой даты нет.",
            "Передайте сведения, как они прочитаны; если дата в реестре ошибочна, добавьте correction=true.",
        )


def _check_owner(pointer: str, wanted: Organization, known: Neighbours) -> Iterator[FieldError]:
    if wanted.owner == "ministry":
        if wanted.municipality is not None:
            yield FieldError(
                f"{pointer}/municipality",
                "ministry-has-no-municipality",
                "Организация министерства не относится к муниципалитету.",
                'Уберите municipality (null) или укажите "owner": "municipality".',
            )
    elif wanted.municipality is None:
        yield FieldError(
            f"{pointer}/municipality",
            "municipality-required",
            "У муниципальной организации не указан муниципалитет.",
            'Укажите municipality (идентификатор или код ОКТМО) либо "owner": "ministry".',
        )
    elif (owner := known.resolve(wanted.municipality)) is None:
        yield FieldError(
            f"{pointer}/municipality",
            "unknown-municipality",
            f"Муниципалитета «{wanted.municipality[:100]}» нет в реестре.",
            "Проверьте идентификатор или код ОКТМО; сначала загрузите муниципалитет.",
        )
    elif known.municipalities[owner].ended_by(wanted.valid_from) and not _stands(wanted, owner, known):
        heirs = ", ".join(known.municipalities[owner].successors())
        yield FieldError(
            f"{pointer}/municipality",
            "owner-gone",
            f"Муниципалитета «{owner}» к {wanted.valid_from}, когда открыта организация, уже не было.",
            f"Укажите преемника: {heirs}." if heirs else "Исправьте муниципалитет или даты организации.",
        )


def _stands(wanted: Organization, owner: str, known: Neighbours) -> bool:
    """Whether it is stored with this owner and beginning: a row that says so again is no new mistake."""
    before = known.stored.get(wanted.id)
    return before is not None and (before.municipality, before.valid_from) == (owner, wanted.valid_from)


def _check_sources(rows: Sequence[OrganizationRow], known: Neighbours) -> Iterator[FieldError]:
    """An organisation of the source system is one organisation here: a second row for it would be a double."""
    mine = {row.wanted.id for row in rows}
    holders = {place: holder for place, holder in known.by_source.items() if holder not in mine}
    for number, row in enumerate(rows):
        if row.wanted.source_id is None:
            continue
        place = (row.wanted.region, row.wanted.source_id)
        holder = holders.setdefault(place, row.wanted.id)
        if holder != row.wanted.id:
            yield FieldError(
                f"/items/{number}/source_id",
                "source-id-taken",
                f"source_id «{row.wanted.source_id[:100]}» уже у организации «{holder[:100]}».",
                "Проверьте source_id; если это та же организация, используйте её идентификатор.",
            )
