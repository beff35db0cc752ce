"""What the registry can be asked to do: import and show municipalities and organisations."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from services.registry import domain
from services.registry.domain import Municipality, MunicipalityRow, Organization, OrganizationRow, Outcome
from services.registry.domain.organization import Neighbours
from shared.calendar import day_of
from shared.kernel import Cause, Change, FieldError, NotFound, Refused, Repeat
from shared.ports import Clock

Report = Mapping[str, Any]
MunicipalitiesDecided = tuple[Sequence[Change[Municipality]], Sequence[Outcome]]
OrganizationsDecided = tuple[Sequence[Change[Organization]], Sequence[Outcome]]


class Municipalities(Protocol):
    """Where municipalities are kept."""

    async def import_rows(
        self,
        needed: tuple[set[str], set[str]],
        decide: Callable[[Mapping[str, Municipality]], MunicipalitiesDecided],
        *,
        cause: Cause,
        repeat: Repeat | None,
    ) -> Report: ...
    async def one(self, municipality: str) -> Municipality | None: ...
    async def named(self, ids: Sequence[str]) -> dict[str, Municipality]: ...
    async def with_code(self, code: str) -> list[Municipality]: ...
    async def page(
        self, *, on: date | None, oktmo: str | None, region: str | None, after: str | None, limit: int
    ) -> list[Municipality]: ...


class Organizations(Protocol):
    """Where organisations are kept."""

    async def import_rows(
        self,
        rows: Sequence[OrganizationRow],
        decide: Callable[[Neighbours], OrganizationsDecided],
        *,
        today: date,
        cause: Cause,
        repeat: Repeat | None,
    ) -> Report: ...
    async def one(self, organization: str) -> Organization | None: ...
    async def page(
        self, *, municipality: str | None, kind: str | None, after: str | None, limit: int
    ) -> list[Organization]: ...


class Stores(Protocol):
    """Both of them."""

    @property
    def municipalities(self) -> Municipalities: ...
    @property
    def organizations(self) -> Organizations: ...


class Registry:
    """The use cases of the registry. `repeat` is an idempotency key with the digest of its request."""

    def __init__(self, store: Stores, *, clock: Clock) -> None:
        self._municipalities = store.municipalities
        self._organizations = store.organizations
        self._clock = clock

    def today(self) -> date:
        """The day it is in the region."""
        return day_of(self._clock())

    async def import_municipalities(
        self,
        rows: Sequence[MunicipalityRow],
        *,
        cause: Cause,
        repeat: Repeat | None = None,
        correction: bool = False,
    ) -> Report:
        """All rows or none; what is as stored changes nothing. Refused with every wrong place.

        A stored name, end or succession that a row leaves out is dropped only by a `correction`, and days between two
        names are left out only by one.
        """

        def decide(known: Mapping[str, Municipality]) -> MunicipalitiesDecided:
            return domain.import_municipalities(rows, known, correction=correction)

        return await self._municipalities.import_rows(domain.needed_by(rows), decide, cause=cause, repeat=repeat)

    async def import_organizations(
        self,
        rows: Sequence[OrganizationRow],
        *,
        cause: Cause,
        repeat: Repeat | None = None,
        correction: bool = False,
    ) -> Report:
        """All rows or none; what is as stored changes nothing. Refused with every wrong place.

        A stored end that a row does not name is dropped only by a `correction`.
        """

        def decide(known: Neighbours) -> OrganizationsDecided:
            return domain.import_organizations(rows, known, correction=correction)

        return await self._organizations.import_rows(rows, decide, today=self.today(), cause=cause, repeat=repeat)

    async def municipality(self, named: str, *, on: date | None = None) -> Municipality:
        """The municipality of this id or OKTMO code (as of `on`); NotFound where there was none."""
        if domain.code_like(named):
            found = domain.holder_of(named, await self._municipalities.with_code(named), on or self.today())
        else:
            found = await self._municipalities.one(named)
        if found is None:
            raise NotFound(
                "municipality-not-found",
                "Муниципалитет не найден",
                f"«{named[:100]}» нет в реестре. Укажите идентификатор (74-zlatoustovsky-go) или код ОКТМО, 8 цифр.",
            )
        if on is not None and found.name_on(on) is None:
            raise NotFound(
                "municipality-did-not-exist",
                "Муниципалитета в этот день не было",
                f"«{found.id}» не существовал {on}. Даты его названий — в history без параметра on.",
            )
        return found

    async def municipalities(
        self, *, on: date | None, oktmo: str | None, region: str | None, after: str | None, limit: int
    ) -> list[Municipality]:
        """A page in order of id; with `on` only those that existed on this day."""
        return await self._municipalities.page(on=on, oktmo=oktmo, region=region, after=after, limit=limit)

    async def linked(self, municipalities: Sequence[Municipality]) -> dict[str, Municipality]:
        """Those that these became, or came of, in reforms."""
        return await self._municipalities.named(
            sorted({link.municipality for one in municipalities for link in one.succession})
        )

    async def organization(self, organization: str) -> Organization:
        """The organisation of this id; NotFound where there is none."""
        found = await self._organizations.one(organization)
        if found is None:
            raise NotFound(
                "organization-not-found",
                "Организация не найдена",
                f"«{organization[:100]}» нет в реестре. Возьмите идентификатор из списка организаций.",
            )
        return found

    async def organizations(
        self, *, municipality: str | None, kind: str | None, after: str | None, limit: int
    ) -> list[Organization]:
        """A page in order of id; Refused for a municipality (id or code) that is not there."""
        owner = await self._owner(municipality) if municipality is not None else None
        return await self._organizations.page(municipality=owner, kind=kind, after=after, limit=limit)

    async def _owner(self, named: str) -> str:
        """The id of the municipality of a filter."""
        try:
            return (await self.municipality(named)).id
        except NotFound as unknown:
            error = FieldError("/municipality", "unknown-municipality", unknown.title, "Укажите id или код ОКТМО.")
            raise Refused("invalid-request", "Запрос не принят", unknown.detail, errors=[error]) from None

    async def owners(self, organizations: Sequence[Organization]) -> dict[str, Municipality]:
        """The municipalities that these organisations belong to."""
        return await self._municipalities.named(
            sorted({one.municipality for one in organizations if one.municipality is not None})
        )
