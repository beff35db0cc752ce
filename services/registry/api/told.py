"""The shapes of the registry's answers, for the API's description."""

from datetime import date
from typing import Literal

from services.registry.events import MunicipalityKind, OrganizationKind
from shared.web import PageShape, Shape


class NameAnswer(Shape):
    """A dated name; `valid_to` is the first day on which it holds no more."""

    name: str
    kind: MunicipalityKind
    oktmo: str
    valid_from: date
    valid_to: date | None


class NamedMunicipality(Shape):
    """A municipality inside another answer."""

    id: str
    name: str
    oktmo: str


class SuccessionAnswer(Shape):
    """What came of what in a reform."""

    kind: Literal["rename", "change_of_kind", "join", "split"]
    municipality: NamedMunicipality
    role: Literal["predecessor", "successor"]
    on: date


class MunicipalityAnswer(NameAnswer):
    """A municipality with its name, kind and code of the day asked about."""

    id: str
    region: str
    history: list[NameAnswer]
    succession: list[SuccessionAnswer]
    centre: str | None
    population: int | None
    children: int | None
    latitude: str | None
    longitude: str | None
    tile_col: int | None
    tile_row: int | None
    revision: int


class OrganizationAnswer(Shape):
    """An organisation; its municipality is null where it belongs to the ministry."""

    id: str
    name: str
    kind: OrganizationKind
    municipality: NamedMunicipality | None
    owner: Literal["municipality", "ministry"]
    source_id: str | None
    region: str
    valid_from: date
    valid_to: date | None
    revision: int


class MunicipalityPage(PageShape[MunicipalityAnswer]):
    """A page of municipalities."""


class OrganizationPage(PageShape[OrganizationAnswer]):
    """A page of organisations."""


class ImportedRow(Shape):
    """What became of one row, by its place in what was sent."""

    index: int
    id: str
    status: Literal["registered", "changed", "unchanged"]
    revision: int


class ImportCounts(Shape):
    """How many rows of each kind."""

    registered: int
    changed: int
    unchanged: int


class ImportReport(Shape):
    """What became of an import."""

    items: list[ImportedRow]
    counts: ImportCounts
