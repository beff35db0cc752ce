"""The shapes of bodies for the API's description; they are read and judged by the domain, in its own words."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from services.monitoring.domain import read_value
from services.monitoring.usecases import REPORTED
from shared.kernel import FieldError
from shared.web import BY_ID, READABLE

_TEXT = {"type": "string", "minLength": 1, "maxLength": 100}
_VALUES = {
    "type": "object",
    "description": "каждый показатель процедуры: число или строка с числом (до 4 знаков), null — нет данных",
    "additionalProperties": {"type": ["number", "string", "null"]},
    "maxProperties": 200,
}
_NOT_APPLICABLE = {
    "type": "object",
    "required": ["reason", "act"],
    "additionalProperties": False,
    "properties": {
        "reason": {"type": "string", "minLength": 1, "maxLength": 2000},
        "act": {"type": "string", "minLength": 1, "maxLength": 500},
    },
}
_ASIDE = {
    "occurred_at": {"type": ["string", "null"], "format": "date-time"},
    "comment": {"type": ["string", "null"], "minLength": 1, "maxLength": 2000},
    "notify": {"type": ["boolean", "null"], "default": True},
}
# Which of two fields stands is said in words: of alternatives that only require fields generators make no models.
RESULT: dict[str, Any] = {
    "type": "object",
    "title": "Result",
    "description": "ровно одно из values и not_applicable",
    "required": ["procedure", "subject", "period", "source"],
    "additionalProperties": False,
    "properties": {
        "procedure": _TEXT,
        "subject": {
            "type": "object",
            "description": "либо муниципалитет (id или код ОКТМО), либо организация",
            "additionalProperties": False,
            "properties": {"municipality": _TEXT, "organization": _TEXT},
            "minProperties": 1,
            "maxProperties": 1,
        },
        "period": {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{4})?$"},
        "values": _VALUES,
        "not_applicable": _NOT_APPLICABLE,
        "source": _TEXT,
        **_ASIDE,
    },
}
REVISION: dict[str, Any] = {
    "type": "object",
    "title": "Revision",
    "description": "ровно одно из values, not_applicable и withdrawn: true",
    "required": ["reason"],
    "additionalProperties": False,
    "properties": {
        "values": _VALUES,
        "not_applicable": _NOT_APPLICABLE,
        "withdrawn": {"type": "boolean"},
        "reason": {"type": "string", "minLength": 1, "maxLength": 2000},
        **_ASIDE,
    },
}
DATA: dict[str, Any] = {
    **RESULT,
    "title": "ReportedResult",
    "description": "тело POST /v1/results без source: источник назван событием; ровно одно из values и not_applicable",
    "required": ["procedure", "subject", "period", "occurred_at"],
    "properties": {
        **{name: told for name, told in RESULT["properties"].items() if name != "source"},
        "occurred_at": {"type": "string", "format": "date-time"},
    },
}
EVENT: dict[str, Any] = {
    "type": "object",
    "title": "ReportedEvent",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1},
        "type": {"const": REPORTED},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"type": "string", "default": "application/json"},
        "partitionkey": {"type": "string", "description": "муниципалитет субъекта: id или код ОКТМО"},
        "correlationid": {"type": "string"},
        "traceparent": {"type": "string"},
        "data": DATA,
    },
}
ATTRIBUTES = {
    "specversion": "1.0",
    "id": "идентификатор события, единственный у источника",
    "source": "ключ источника",
    "type": REPORTED,
}
ResultBody = Annotated[Any, WithJsonSchema(RESULT)]
RevisionBody = Annotated[Any, WithJsonSchema(REVISION)]

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=100)]
IndicatorKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Place = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True), READABLE]


def _number(given: object) -> str:
    found = read_value(given, "")
    if isinstance(found, FieldError):
        raise ValueError(found.message)  # noqa: TRY004 - pydantic takes it as a wrong value
    if found is None:
        raise ValueError("Нужно число.")
    return found


Maximum = Annotated[str, BeforeValidator(_number), WithJsonSchema({"type": ["number", "string"]})]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BatchBody(_Body):
    """Up to 1,000 results, each in the shape of `POST /v1/results`."""

    items: list[ResultBody] = Field(min_length=1)


class ReportedBody(_Body):
    """What is reported for an indicator where that is not its points: from 0 to `maximum` of a unit."""

    unit: Literal["points", "percent", "count", "mark", "number"]
    maximum: Maximum


class IndicatorBody(_Body):
    """One indicator: its maximum in points is a number or a decimal string; without `values` points are reported."""

    key: IndicatorKey
    name: Name
    maximum: Maximum
    values: ReportedBody | None = None


class SchoolBody(_Body):
    """What makes results of schools comparable; `external`: marked by others than the school's teachers."""

    subject: IndicatorKey
    level: Literal["primary", "basic", "secondary"]
    grade: int | None = Field(default=None, ge=1, le=12)
    external: bool = False


class ProcedureBody(_Body):
    """A procedure's description."""

    code: int = Field(ge=1, le=9999)
    group: Literal["conditions", "results", "processes"]
    name: Name
    maximum: Maximum
    assumed: bool = False
    indicators: list[IndicatorBody] = Field(min_length=1, max_length=200)
    subject: Literal["municipality", "organization", "either"]
    permitted_uses: list[str] = Field(max_length=20)
    act: Name | None = None
    school: SchoolBody | None = None


class SourceBody(_Body):
    """A registered system: what it may report and about whom, which clients speak for it.

    `municipalities` by id or code, organisations are those of these; `people`: whether municipalities and schools may
    name it themselves, by default where it has no client.
    """

    name: Name
    procedures: Literal["all"] | list[Key]
    clients: list[Annotated[str, StringConstraints(min_length=1, max_length=200), READABLE]] = Field(
        default_factory=list, max_length=50
    )
    municipalities: Literal["all"] | Annotated[list[Annotated[Place, *BY_ID]], Field(max_length=1000)] = "all"
    subject: Literal["municipality", "organization", "either"] = "either"
    people: bool | None = None
