"""Bodies of requests about editions and objections, and how they are read into the domain's words."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.scoring.domain.publication import About, Act, Complaint, Correction, Plan, Reply
from shared.web import READABLE, IsoDay

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True), READABLE]
Short = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True), READABLE]
Key = Annotated[str, StringConstraints(min_length=1, max_length=100)]
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


# Days that an act or a time of reply can mean; a slip of the pen in the year is found here.
Day = Annotated[IsoDay, Field(ge=FIRST, le=LAST, examples=["2022-12-20"])]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DraftBody(_Body):
    """Which region's and period's rating goes to its municipalities, and until which day (included) they may object."""

    period: Annotated[str, StringConstraints(min_length=4, max_length=40)] = Field(examples=["2022"])
    region: Annotated[
        str | None, Field(max_length=100, description="номер региона; без него — домашний (RSOKO_REGION)")
    ] = None
    title: Short | None = None
    reply_until: Day

    def plan(self, region: str) -> Plan:
        """The same in the domain's words."""
        return Plan(self.period, self.title, self.reply_until, region)


class ActBody(_Body):
    """The act: its number and its date; without either nothing is published."""

    number: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), READABLE],
        Field(description="номер, можно и с видом акта", examples=["01-14", "приказ № 01-14"]),
    ]
    date: Day


class PublishBody(_Body):
    """The act by which an edition is published."""

    act: ActBody

    def read(self) -> Act:
        """The same in the domain's words."""
        return Act(self.act.number, self.act.date)


class WithdrawBody(_Body):
    """Why an edition is taken back."""

    reason: Text


class ObjectionBody(_Body):
    """About which score of one's own, why, and where the evidence is."""

    group: Key | None = None
    procedure: Key | None = None
    indicator: Key | None = None
    text: Text
    evidence: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True), READABLE],
        Field(description="на что опирается возражение: ссылка, номер и дата документа"),
    ]

    def complaint(self, municipality: str) -> Complaint:
        """The same in the domain's words."""
        return Complaint(municipality, About(self.group, self.procedure, self.indicator), self.text, self.evidence)


class CorrectionBody(_Body):
    """What corrects what was objected to: a revision of a result, or an applicability act."""

    result: Key | None = None
    revision: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    applicability: Key | None = Field(default=None, description="id акта о неприменимости (/v1/applicability)")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        named = (self.result is not None, self.revision is not None, self.applicability is not None)
        if named not in {(True, True, False), (False, False, True)}:
            raise ValueError("Назовите одно из двух: result с revision или applicability.")
        return self

    def read(self) -> Correction:
        """The same in the domain's words."""
        return Correction(self.result, self.revision, self.applicability)


class AnswerBody(_Body):
    """Accepted (the correction may follow later) or declined, which needs a reason."""

    decision: Literal["accepted", "declined"]
    reason: Text | None = None
    correction: CorrectionBody | None = None

    def reply(self) -> Reply:
        """The same in the domain's words."""
        return Reply(self.decision, self.reason, self.correction.read() if self.correction else None)
