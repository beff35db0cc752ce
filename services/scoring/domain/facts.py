"""Facts: revisions of results as scoring heard them, kept for ever; scores can be recomputed from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from services.scoring.domain.points import number
from shared.kernel import Cause, Refused

Status = Literal["values", "not_applicable", "withdrawn"]


def instant_text(moment: datetime) -> str:
    """An aware instant as UTC text that sorts as time does, exact to the microsecond."""
    if moment.utcoffset():
        moment = moment.astimezone(UTC)
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00" % parts  # noqa: UP031 - a third of isoformat's time, for each fact


@lru_cache(maxsize=4_096)
def _all_numbers(texts: tuple[str | None, ...]) -> None:
    """Refuse what is no number; the same few combinations come again and again."""
    for text in texts:
        if text is not None:
            number(text)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Why a procedure did not apply, and the act that says so."""

    reason: str
    act: str


class Submitter(NamedTuple):
    """Who submitted a revision, without the person: the role, and the id of whom that person works for."""

    role: str
    id: str | None = None

    def document(self) -> dict[str, str]:
        """The same as plain data."""
        return {"role": self.role} | ({} if self.id is None else {"id": self.id})


@dataclass(frozen=True, slots=True)
class Fact:
    """One revision of a result: values, or an exemption, or neither (withdrawn).

    Refused (`fact-contradictory`, `value-not-a-number`) when it says both, or a value is no decimal number.
    """

    result: str
    revision: int
    procedure: str
    period: str
    source: str
    occurred_at: datetime
    recorded_at: datetime
    cause: Cause
    municipality: str | None = None
    organization: str | None = None
    values: Mapping[str, str | None] | None = None
    not_applicable: Exempt | None = None
    reason: str | None = None
    quiet: bool = False
    submitted_by: Submitter | None = None
    # `recorded_at` as it is stored, sortable.
    recorded: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recorded", instant_text(self.recorded_at))
        if self.values is None:
            return
        if self.not_applicable is not None:
            detail = f"результат {self.result}, версия {self.revision}: и значения, и «не применялась»"
            raise Refused("fact-contradictory", "Сведения противоречат себе", detail)
        _all_numbers(tuple(self.values.values()))

    @property
    def status(self) -> Status:
        """What the revision says: values, not applicable, or withdrawn."""
        if self.values is not None:
            return "values"
        return "withdrawn" if self.not_applicable is None else "not_applicable"

    @property
    def id(self) -> str:
        """The identity of a revision, unique among facts."""
        return f"{self.result}:{self.revision}"


def fact_document(fact: Fact) -> dict[str, Any]:
    """A fact as plain data; times as sortable UTC texts; what is absent is left out."""
    document: dict[str, Any] = {
        "result": fact.result,
        "revision": fact.revision,
        "procedure": fact.procedure,
        "period": fact.period,
        "source": fact.source,
        "occurred_at": instant_text(fact.occurred_at),
        "recorded_at": fact.recorded,
        "correlation": fact.cause.correlation,
    }
    exempt = fact.not_applicable
    perhaps = {
        "causation": fact.cause.causation,
        "municipality": fact.municipality,
        "organization": fact.organization,
        "values": fact.values,
        "not_applicable": exempt and {"reason": exempt.reason, "act": exempt.act},
        "reason": fact.reason,
        "quiet": fact.quiet or None,
        "submitted_by": fact.submitted_by and fact.submitted_by.document(),
    }
    document.update([pair for pair in perhaps.items() if pair[1] is not None])
    return document


def fact_from(document: Mapping[str, Any]) -> Fact:
    """The fact behind `fact_document`; what else stands in the document is ignored."""
    exempt, submitter = document.get("not_applicable"), document.get("submitted_by")
    return Fact(
        result=document["result"],
        revision=document["revision"],
        procedure=document["procedure"],
        period=document["period"],
        source=document["source"],
        occurred_at=datetime.fromisoformat(document["occurred_at"]),
        recorded_at=datetime.fromisoformat(document["recorded_at"]),
        cause=Cause(document["correlation"], document.get("causation")),
        municipality=document.get("municipality"),
        organization=document.get("organization"),
        values=document.get("values"),
        not_applicable=None if exempt is None else Exempt(exempt["reason"], exempt["act"]),
        reason=document.get("reason"),
        quiet=document.get("quiet", False),
        submitted_by=None if submitter is None else Submitter(submitter["role"], submitter.get("id")),
    )
