"""What scoring hears: results, municipalities, procedures; one group, one transaction per batch."""

from datetime import datetime
from typing import Any, NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from services.monitoring.events import ProcedureDescribed, ResultAccepted, ResultCorrected, ResultWithdrawn
from services.registry.events import MunicipalityChanged, MunicipalityRegistered, MunicipalityState
from services.scoring.domain import Exempt, Fact, Submitter, instant_text
from services.scoring.domain.names import Link, Municipality, Named
from services.scoring.domain.news import News
from services.scoring.domain.period import period_year
from services.scoring.usecases import Scoring
from shared.batch import Batch
from shared.broker import Listener, listen_to
from shared.broker.listener import Reader
from shared.envelope import Opened
from shared.kernel import Event

GROUP = "scoring"
RESULTS: tuple[type[Event], ...] = (ResultAccepted, ResultCorrected, ResultWithdrawn)
HEARS: tuple[type[Event], ...] = (*RESULTS, MunicipalityRegistered, MunicipalityChanged, ProcedureDescribed)


class _Subject(TypedDict):
    municipality: NotRequired[str | None]
    organization: NotRequired[str | None]


class _NotApplicable(TypedDict):
    reason: str
    act: str


class _Submitter(TypedDict):
    role: str
    id: NotRequired[str | None]


class _Result(TypedDict):
    """A result event as far as scoring reads it (services.monitoring.events.ResultRevised says the whole)."""

    result: str
    revision: int
    procedure: str
    subject: _Subject
    period: str
    values: NotRequired[dict[str, str | None] | None]
    not_applicable: NotRequired[_NotApplicable | None]
    reason: NotRequired[str | None]
    source: str
    occurred_at: datetime
    recorded_at: datetime
    quiet: NotRequired[bool]
    submitted_by: NotRequired[_Submitter | None]


_RESULT = TypeAdapter(_Result)


def read_fact(opened: Opened) -> Fact:
    """A result event as a fact; Refused or ValidationError where it can be none."""
    told = _RESULT.validate_json(opened.data)
    period_year(told["period"])
    exempt = told.get("not_applicable")
    subject, submitter = told["subject"], told.get("submitted_by")
    return Fact(
        result=told["result"],
        revision=told["revision"],
        procedure=told["procedure"],
        period=told["period"],
        source=told["source"],
        occurred_at=told["occurred_at"],
        recorded_at=told["recorded_at"],
        cause=opened.cause,
        municipality=subject.get("municipality"),
        organization=subject.get("organization"),
        values=told.get("values"),
        not_applicable=None if exempt is None else Exempt(exempt["reason"], exempt["act"]),
        reason=told.get("reason"),
        quiet=told.get("quiet", False),
        submitted_by=None if submitter is None else Submitter(submitter["role"], submitter.get("id")),
    )


def municipality_of(state: MunicipalityState) -> Municipality:
    """A municipality as scoring keeps it."""
    history = sorted(state.history, key=lambda one: one.valid_from)
    return Municipality(
        id=state.id,
        revision=state.revision,
        region=state.region,
        history=tuple(
            Named(one.name, one.oktmo, str(one.valid_from), str(one.valid_to) if one.valid_to else None, one.kind)
            for one in history
        ),
        succession=tuple(Link(one.kind, one.municipality, one.role, str(one.on)) for one in state.succession),
        tile=None if state.tile_col is None or state.tile_row is None else (state.tile_col, state.tile_row),
        population=state.population,
    )


def read_procedure(opened: Opened) -> dict[str, Any]:
    """A procedure as scoring keeps it: its name, what it may be used for, what is reported, which schools compare."""
    event = ProcedureDescribed.model_validate_json(opened.data)
    return {
        "_id": event.procedure,
        "revision": event.revision,
        "name": event.name,
        "group": event.group,
        "permitted_uses": list(event.permitted_uses),
        "act": event.act,
        "indicators": [one.model_dump(exclude_none=True) for one in event.indicators],
        "school": event.school and event.school.model_dump(),
        "described_at": opened.time and instant_text(datetime.fromisoformat(opened.time)),
    }


def news_of(batch: Batch[Any]) -> News:
    """A batch by what it is about."""
    facts: list[Fact] = []
    municipalities: list[Municipality] = []
    procedures: list[dict[str, Any]] = []
    for heard in batch.heard:
        event = heard.event
        if isinstance(event, Fact):
            facts.append(event)
        elif isinstance(event, MunicipalityState):
            municipalities.append(municipality_of(event))
        else:
            procedures.append(event)
    return News(facts, municipalities, procedures)


def listeners(scoring: Scoring) -> tuple[Listener, ...]:
    """The one group that scoring listens with."""

    async def take(batch: Batch[Any]) -> None:
        await scoring.batches.take(batch, news_of(batch))

    own: dict[type[Event], Reader] = {**dict.fromkeys(RESULTS, read_fact), ProcedureDescribed: read_procedure}
    return (listen_to(GROUP, HEARS, take, own=own),)
