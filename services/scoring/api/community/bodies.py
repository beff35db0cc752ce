"""Bodies of reports about the expert community: by kind, with no field for a person's name or contacts."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from services.scoring.domain.community import Told
from shared.kernel import exact, number_text
from shared.web import READABLE, IsoDay

Kind = Literal[
    "normative_document", "procedure", "assessed_specialist", "register_entry", "material", "publication_link"
]
FIRST_YEAR, LAST_YEAR = 2000, 2199
WHOLE = 100
_BETWEEN = r"[\s().\-\u2010-\u2015]{0,3}"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
# Their digits look like a telephone's; a link that opens a messenger is a contact.
_NO_TELEPHONE = re.compile(r"https?://(?!(?:wa|t)\.me/)\S+|ОКТМО[\s:=№\-\u2013\u2014]{0,4}\d{11}(?!\d)", re.IGNORECASE)
# After the code of an area or of mobiles (they begin with 3, 4, 8, 9): how people divide the rest, or not at all.
_GROUPS = ((3, 3, 2, 2), (3, 2, 2, 3), (4, 2, 2, 2), (5, 1, 2, 2))
_DIVIDED = "|".join(_BETWEEN.join(rf"\d{{{size}}}" for size in sizes) for sizes in _GROUPS)
_TELEPHONE = re.compile(
    rf"(?:\+{_BETWEEN}7|(?<!\d)[78]){_BETWEEN}(?=[3489])(?:{_DIVIDED})(?!\d)"
    rf"|\bтел(?:ефон\w{{0,3}}|\b)[.:\s]{{0,3}}[+(]?\d(?:{_BETWEEN}\d){{4,10}}",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)


def _no_contact(text: str) -> str:
    if _MAIL.search(text) or _TELEPHONE.search(_NO_TELEPHONE.sub(" ", text)):
        raise ValueError("Похоже на адрес почты или телефон: сведения о людях здесь не принимаются.")
    return text


def _percent(value: Any) -> str:
    """The normal text of a percent: a number or a decimal string of at most four decimals, 0 to 100."""
    text = str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _PERCENT.fullmatch(text):
        raise ValueError("Нужно число или строка с числом, до 4 знаков после точки.")
    found = exact(text)
    if found > WHOLE:
        raise ValueError("Процент — от 0 до 100.")
    return number_text(found)


def _opaque(value: Any) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else UUID("")
    except ValueError:
        raise ValueError("Нужен обезличенный идентификатор вида UUID, не имя.") from None


Text = Annotated[
    str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True), READABLE, AfterValidator(_no_contact)
]
Short = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), READABLE, AfterValidator(_no_contact)
]
Day = Annotated[IsoDay, Field(examples=["2022-11-30"])]
Percent = Annotated[
    str, BeforeValidator(_percent), WithJsonSchema({"type": ["number", "string"], "examples": ["60.5"]})
]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=100)]
Expert = Annotated[
    UUID,
    BeforeValidator(_opaque, json_schema_input_type=UUID),
    Field(description="обезличенный идентификатор (UUID), не имя"),
]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s@]+$", max_length=2000), READABLE]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Item(_Body):
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR, strict=True)]
    on: Annotated[Day, Field(description="дата документа, процедуры, записи")]
    source: Annotated[Text, Field(description="откуда сведения: приказ, протокол, система")]
    reason: Annotated[Text | None, Field(description="почему исправляется; при исправлении обязательно")] = None


class NormativeDocument(_Item):
    """A document that the community works by; `current`: it belongs to the set in force."""

    kind: Literal["normative_document"]
    title: Text
    number: Short | None = None
    current: bool


class ProcedureHeld(_Item):
    """How a procedure was held; `title` for one that the platform has no results of."""

    kind: Literal["procedure"]
    procedure: Key
    title: Text | None = None
    with_registered_experts: bool
    uses_content: bool


class AssessedSpecialist(_Item):
    """A specialist who took the assessment: percent done, and whether the register has the person."""

    kind: Literal["assessed_specialist"]
    expert: Expert
    percent: Percent
    in_register: bool


class RegisterEntry(_Item):
    """A specialist in the register in this year: trained, involved in procedures."""

    kind: Literal["register_entry"]
    expert: Expert
    trained: bool
    involved: bool


class Material(_Item):
    """A tool, methodical material or draft document, and how it came to be approved."""

    kind: Literal["material"]
    title: Text
    form: Literal["tool", "methodical_material", "draft_document"]
    approved: bool
    approved_after_discussion: bool
    about_expertise: bool
    by_registered: bool


class PublicationLink(_Item):
    """A link on the platform or an article about the community's experience."""

    kind: Literal["publication_link"]
    title: Text
    form: Literal["platform_link", "article"]
    level: Literal["regional", "federal", "international"] | None = None
    url: Url | None = None


class NothingHeld(_Item):
    """That there was nothing of a kind in the year: zero, not "no data"."""

    kind: Literal["none"]
    of: Kind


ItemBody = Annotated[
    NormativeDocument | ProcedureHeld | AssessedSpecialist | RegisterEntry | Material | PublicationLink | NothingHeld,
    Field(discriminator="kind"),
]


class WithdrawalBody(_Body):
    """Why an item is withdrawn."""

    reason: Text


def told_of(body: _Item) -> Told:
    """A body in the domain's words."""
    fields = body.model_dump(mode="json", exclude={"year", "on", "source", "reason", "kind"})
    kind: str = getattr(body, "kind", "")
    return Told(body.year, kind, fields, body.on, body.source)
