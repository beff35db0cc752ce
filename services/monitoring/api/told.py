"""The shapes of monitoring's answers, for the API's description."""

from datetime import datetime
from typing import Literal

from services.monitoring.domain.acceptance import RowStatus
from shared.web import Exact, PageShape, Shape, WrongShape, left_out


class NamedMunicipality(Shape):
    """A municipality inside another answer; the code is empty while the registry has not told it."""

    id: str
    name: str
    oktmo: str


class SubjectAnswer(Shape):
    """Whom a result is of; an organisation's municipality is there where it has one."""

    municipality: NamedMunicipality = left_out()
    organization: str = left_out()


class NotApplicable(Shape):
    """Why a procedure did not apply, and the act that says so."""

    reason: str
    act: str


class _Result(Shape):
    id: str
    revision: int
    recorded_at: datetime
    procedure: str
    subject: SubjectAnswer
    period: str
    values: dict[str, Exact | None] | None
    not_applicable: NotApplicable | None
    source: str
    occurred_at: datetime
    comment: str | None
    reason: str | None
    notify: bool
    submitted_by: str
    account: str = left_out()


class ResultAnswer(_Result):
    """One revision of a result; `values` is null where it does not apply or was withdrawn.

    `account`: who wrote it, for those who read the journal of changes (ministry, operator).
    """

    status: Literal["accepted", "corrected", "withdrawn"]


class UnchangedAnswer(_Result):
    """The revision that holds, where a correction would have changed nothing."""

    status: Literal["unchanged"]


class ResultPage(PageShape[ResultAnswer]):
    """A page of revisions."""


class FollowedPage(PageShape[ResultAnswer]):
    """A page of results; `changed_after` is where to go on after the last page, and the same on all of them."""

    changed_after: datetime


class ReportLine(Shape):
    """What became of one row or event; `id` and `revision` are null where no result of it is there.

    A refusal names the result that stands in the way (`result-exists`, `event-id-reused`).
    """

    index: int
    event: str | None
    status: RowStatus
    id: str | None
    revision: int | None
    errors: list[WrongShape]


class ReportCounts(Shape):
    """How many rows or events of each kind."""

    accepted: int
    corrected: int
    unchanged: int
    superseded: int
    duplicate: int
    refused: int


class ReportAnswer(Shape):
    """What became of a batch."""

    items: list[ReportLine]
    counts: ReportCounts


class RefusalOrigin(Shape):
    """Where in Kafka a refused message lies."""

    topic: str
    partition: int
    offset: int


class RefusalAnswer(Shape):
    """A refused message; `origin` is null where it came over HTTP.

    `source` is null too where its sender does not speak for the source that it named: the sender and the staff see it.
    `state` says what became of it since: nothing (`new`), it was handled again and taken (`redriven`), or given up.
    """

    id: str
    source: str | None
    event: str | None
    code: str
    message: str
    errors: list[WrongShape]
    state: Literal["new", "redriven", "discarded"]
    received_at: datetime
    origin: RefusalOrigin | None


class RefusalPage(PageShape[RefusalAnswer]):
    """A page of refused messages."""


class ReportedAnswer(Shape):
    """What is reported for an indicator: the unit and the greatest value."""

    unit: Literal["points", "percent", "count", "mark", "number"]
    maximum: Exact


class IndicatorAnswer(Shape):
    """One indicator and its maximum in points; `values` is there where something else than points is reported."""

    key: str
    name: str
    maximum: Exact
    values: ReportedAnswer = left_out()


class SchoolAnswer(Shape):
    """Which results of schools are comparable: those of one procedure, subject, level and grade."""

    subject: str
    level: Literal["primary", "basic", "secondary"]
    grade: int | None
    external: bool


class ProcedureAnswer(Shape):
    """One procedure of the catalogue."""

    key: str
    code: int
    group: Literal["conditions", "results", "processes"]
    name: str
    maximum: Exact
    assumed: bool
    indicators: list[IndicatorAnswer]
    subject: Literal["municipality", "organization", "either"]
    permitted_uses: list[str]
    act: str | None
    school: SchoolAnswer | None
    revision: int


class ProcedurePage(PageShape[ProcedureAnswer]):
    """The catalogue."""


class SourceAnswer(Shape):
    """A registered system: what it may report and about whom, which clients speak for it.

    `people`: municipalities and schools may name it for results that they submit themselves.
    """

    key: str
    name: str
    procedures: Literal["all"] | list[str]
    clients: list[str]
    municipalities: Literal["all"] | list[NamedMunicipality]
    subject: Literal["municipality", "organization", "either"]
    people: bool
    revision: int


class SourcePage(PageShape[SourceAnswer]):
    """All registered systems."""
