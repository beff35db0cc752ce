"""What the registry tells: the full state of a municipality or an organisation (compacted topics)."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.kernel import Event

MunicipalityKind = Literal["urban_okrug", "municipal_district", "municipal_okrug"]
OrganizationKind = Literal["school", "kindergarten", "other"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DatedName(_Part):
    """A name, kind and OKTMO code (8 digits) as they stood from `valid_from` to the day before `valid_to`."""

    name: str
    kind: MunicipalityKind
    oktmo: str
    valid_from: date
    valid_to: date | None = None


class SuccessionLink(_Part):
    """How another municipality became this one, or this one another, on a day."""

    kind: Literal["rename", "change_of_kind", "join", "split"]
    municipality: str
    role: Literal["predecessor", "successor"]
    on: date


class MunicipalityState(Event):
    """The full state of one municipality; the id survives reforms, names, kinds and codes are dated."""

    TYPE: ClassVar[str] = ""
    id: str
    revision: int
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

    @property
    def key(self) -> str:
        return self.id


class MunicipalityRegistered(MunicipalityState):
    """A municipality became known."""

    TYPE: ClassVar[str] = "ru.rsoko.registry.municipality.registered.v1"


class MunicipalityChanged(MunicipalityState):
    """A municipality's names, kinds, codes or succession changed."""

    TYPE: ClassVar[str] = "ru.rsoko.registry.municipality.changed.v1"


class OrganizationState(Event):
    """The full state of one organisation; `municipality` is null where the ministry owns it."""

    TYPE: ClassVar[str] = ""
    id: str
    revision: int
    region: str
    name: str
    kind: OrganizationKind
    owner: Literal["municipality", "ministry"]
    municipality: str | None = None
    source_id: str | None = None
    valid_from: date
    valid_to: date | None = None

    @property
    def key(self) -> str:
        return self.id


class OrganizationRegistered(OrganizationState):
    """An organisation became known."""

    TYPE: ClassVar[str] = "ru.rsoko.registry.organization.registered.v1"


class OrganizationChanged(OrganizationState):
    """An organisation's name, kind or owner changed."""

    TYPE: ClassVar[str] = "ru.rsoko.registry.organization.changed.v1"
