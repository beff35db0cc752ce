"""Bodies of analytics documents: whose draft, why anew; a text of plain paragraphs and lists."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from services.scoring.domain.analytics import Block
from shared.web import READABLE

Line = Annotated[str, StringConstraints(min_length=1, max_length=5_000, strip_whitespace=True, pattern=r"\S"), READABLE]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True), READABLE]
Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{4})?$"), Field(examples=["2022"])]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DocumentBody(_Body):
    """Which procedure and period; `before`: with which earlier period to compare; `reason`: why another version."""

    procedure: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    period: Period
    before: Annotated[Period | None, Field(description="по умолчанию — предыдущий год или учебный год")] = None
    reason: Annotated[Reason | None, Field(description="для новой версии обязательно")] = None


class ParagraphBody(_Body):
    """A paragraph."""

    paragraph: Line


class ListBody(_Body):
    """A list."""

    list: Annotated[list[Line], Field(min_length=1, max_length=100)]


def _kind(told: Any) -> str:
    return "list" if isinstance(told, ListBody) or (isinstance(told, dict) and "list" in told) else "paragraph"


BlockBody = Annotated[
    Annotated[ParagraphBody, Tag("paragraph")] | Annotated[ListBody, Tag("list")], Discriminator(_kind)
]


class TextBody(_Body):
    """A section's text; none takes it away."""

    text: Annotated[list[BlockBody], Field(max_length=200)]


def blocks_of(body: TextBody) -> tuple[Block, ...]:
    """A text in the domain's words."""
    return tuple(
        ("paragraph", (one.paragraph,)) if isinstance(one, ParagraphBody) else ("list", tuple(one.list))
        for one in body.text
    )
