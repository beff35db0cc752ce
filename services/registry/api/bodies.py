"""How imported rows are written in JSON, and how they are read into rows of the domain."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt
from pydantic_core import PydanticKnownError

from services.registry.domain import Municipality, MunicipalityRow, Organization, OrganizationRow
from services.registry.domain.rows import refuse
from services.registry.events import DatedName, MunicipalityKind, OrganizationKind, SuccessionLink
from shared.kernel import FieldError, exact, number_text
from shared.web import BY_ID, IsoDay

MOST_ROWS = 1000
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?")


def _degrees(value: Any) -> Any:
    if value is None or isinstance(value, int | Decimal) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return value
    raise PydanticKnownError("decimal_type")


Day = Annotated[IsoDay, Field(examples=["2022-01-01"])]
Name = Annotated[str, Field(min_length=1, max_length=200)]
# The patterns are only told: the domain refuses in words that say how to mend.
_ID = {"pattern": "^[0-9]{2,3}-[a-z0-9]+(-[a-z0-9]+)*$"}
_CODE = {"pattern": "^[0-9]{8}$"}
Id = Annotated[str, Field(min_length=1, max_length=100, examples=["74-zlatoustovsky-go"], json_schema_extra=_ID)]
Code = Annotated[str, Field(max_length=50, examples=["75712000"], json_schema_extra=_CODE)]
Reference = Annotated[str, Field(min_length=1, max_length=100, description="идентификатор или код ОКТМО")]
People = Annotated[StrictInt, Field(ge=0, le=100_000_000)]
Revision = Annotated[
    StrictInt, Field(ge=0, le=1_000_000_000, description="прочитанная версия (0 — записи ещё не было)")
]
Tile = Annotated[StrictInt, Field(ge=0, le=1000)]
Latitude = Annotated[Decimal, BeforeValidator(_degrees), Field(ge=-90, le=90, decimal_places=8)]
Longitude = Annotated[Decimal, BeforeValidator(_degrees), Field(ge=-180, le=180, decimal_places=8)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NameBody(_Body):
    """A dated name; `valid_to` is the first day on which it holds no more."""

    name: Name
    kind: MunicipalityKind
    oktmo: Code
    valid_from: Day
    valid_to: Day | None = None


class LinkBody(_Body):
    """How another municipality became this one (predecessor), or this one another (successor)."""

    kind: Literal["rename", "change_of_kind", "join", "split"]
    municipality: Annotated[Id, *BY_ID]
    role: Literal["predecessor", "successor"]
    on: Day


class MunicipalityBody(_Body):
    """A municipality: `history`, or, where it has one name only, name, kind, oktmo and valid_from beside the id."""

    id: Id
    region: Annotated[str | None, Field(max_length=3, description="по умолчанию — начало идентификатора")] = None
    history: Annotated[list[NameBody] | None, Field(max_length=30)] = None
    name: Name | None = None
    kind: MunicipalityKind | None = None
    oktmo: Code | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    succession: Annotated[list[LinkBody], Field(max_length=60)] = []
    centre: Name | None = None
    population: People | None = None
    children: People | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    tile_col: Tile | None = None
    tile_row: Tile | None = None
    revision: Revision | None = None


class MunicipalitiesBody(_Body):
    """Up to 1,000 municipalities, each with its full state."""

    items: Annotated[list[MunicipalityBody], Field(min_length=1, max_length=MOST_ROWS)]


class OrganizationBody(_Body):
    """An organisation; its municipality by id or OKTMO code, null where the ministry owns it."""

    id: Id
    region: Annotated[str | None, Field(max_length=3, description="по умолчанию — начало идентификатора")] = None
    name: Annotated[str, Field(min_length=1, max_length=1000)]
    kind: OrganizationKind
    owner: Literal["municipality", "ministry"]
    municipality: Reference | None = None
    source_id: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    valid_from: Day
    valid_to: Day | None = None
    revision: Revision | None = None


class OrganizationsBody(_Body):
    """Up to 1,000 organisations, each with its full state."""

    items: Annotated[list[OrganizationBody], Field(min_length=1, max_length=MOST_ROWS)]


_FLAT = ("name", "kind", "oktmo", "valid_from")


def municipality_rows(body: MunicipalitiesBody) -> list[MunicipalityRow]:
    """The rows of the domain; refused where a row has both ways of naming, or neither."""
    errors = [error for number, one in enumerate(body.items) for error in _naming(f"/items/{number}", one)]
    refuse(errors, what="Сведения о муниципалитетах")
    return [_municipality_row(one) for one in body.items]


def _naming(pointer: str, one: MunicipalityBody) -> Sequence[FieldError]:
    missing = [name for name in _FLAT if getattr(one, name) is None]
    if one.history is None:
        remedy = "Укажите name, kind, oktmo и valid_from либо history со всеми названиями."
        return [
            FieldError(f"{pointer}/{name}", "required", "Обязательное поле не указано.", remedy) for name in missing
        ]
    double = [name for name in (*_FLAT, "valid_to") if getattr(one, name) is not None]
    remedy = "Оставьте одно из двух: history или поля рядом с идентификатором."
    return [FieldError(f"{pointer}/{name}", "named-twice", "Поле уже есть в history.", remedy) for name in double]


def _municipality_row(one: MunicipalityBody) -> MunicipalityRow:
    found = one.history if one.history is not None else [_flat(one)]
    plain = one.model_dump(include={"id", "centre", "population", "children", "tile_col", "tile_row"})
    wanted = Municipality(
        region=_region(one),
        history=tuple(DatedName(**name.model_dump()) for name in found),
        succession=tuple(SuccessionLink(**link.model_dump()) for link in one.succession),
        latitude=_degrees_text(one.latitude),
        longitude=_degrees_text(one.longitude),
        **plain,
    )
    return MunicipalityRow(wanted, flat=one.history is None, expected=one.revision)


def _flat(one: MunicipalityBody) -> NameBody:
    return NameBody.model_construct(**{name: getattr(one, name) for name in (*_FLAT, "valid_to")})


def organization_rows(body: OrganizationsBody) -> list[OrganizationRow]:
    """The rows of the domain."""
    return [_organization_row(one) for one in body.items]


def _organization_row(one: OrganizationBody) -> OrganizationRow:
    plain = one.model_dump(exclude={"revision", "region"})
    return OrganizationRow(Organization(region=_region(one), **plain), expected=one.revision)


def _region(one: MunicipalityBody | OrganizationBody) -> str:
    return one.region if one.region is not None else one.id.partition("-")[0]


def _degrees_text(value: Decimal | None) -> str | None:
    return None if value is None else number_text(exact(value))
