"""What monitoring tells: procedures as they are described, results with their revisions."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.kernel import Event


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Reported(_Part):
    """What is reported for an indicator where that is not its points: in which unit, from 0 to which maximum."""

    unit: Literal["points", "percent", "count", "mark", "number"]
    maximum: str


class Indicator(_Part):
    """One indicator of a procedure: `maximum` points (a decimal string); `values` where something else is reported."""

    key: str
    name: str
    maximum: str
    values: Reported | None = None

    @property
    def highest(self) -> str:
        """The greatest value that may be reported."""
        return self.maximum if self.values is None else self.values.maximum


class School(_Part):
    """Which results of schools are comparable: those of one procedure, subject, level and grade.

    `external`: the work is marked by others than the school's own teachers.
    """

    subject: str
    level: Literal["primary", "basic", "secondary"]
    grade: int | None = None
    external: bool = False


class ProcedureDescribed(Event):
    """A procedure's description was set or changed: the full state."""

    TYPE: ClassVar[str] = "ru.rsoko.monitoring.procedure.described.v1"
    procedure: str
    revision: int
    code: int
    group: str
    name: str
    maximum: str
    assumed: bool = False
    indicators: tuple[Indicator, ...]
    subject: Literal["municipality", "organization", "either"]
    permitted_uses: tuple[str, ...]
    act: str | None = None
    school: School | None = None

    @property
    def key(self) -> str:
        return self.procedure


class Subject(_Part):
    """Whom a result is about: a municipality, or an organisation (of a municipality, or of the ministry)."""

    municipality: str | None = None
    organization: str | None = None


class NotApplicable(_Part):
    """Why a procedure did not apply, and the act that says so."""

    reason: str
    act: str


class Submitter(_Part):
    """Who submitted, without the person: the role, and the id of the authority, organisation or system."""

    role: str
    id: str | None = None


class ResultRevised(Event):
    """One revision of a result. `values` maps every indicator to a decimal string or null (no data)."""

    TYPE: ClassVar[str] = ""
    result: str
    revision: int
    procedure: str
    subject: Subject
    period: str
    values: dict[str, str | None] | None = None
    not_applicable: NotApplicable | None = None
    reason: str | None = None
    source: str
    occurred_at: datetime
    recorded_at: datetime
    quiet: bool = False
    submitted_by: Submitter | None = None

    @property
    def key(self) -> str:
        return self.subject.municipality or self.subject.organization or self.result


class ResultAccepted(ResultRevised):
    """A result was accepted for the first time (revision 1)."""

    TYPE: ClassVar[str] = "ru.rsoko.monitoring.result.accepted.v1"


class ResultCorrected(ResultRevised):
    """A result was corrected: a new revision with a reason."""

    TYPE: ClassVar[str] = "ru.rsoko.monitoring.result.corrected.v1"


class ResultWithdrawn(ResultRevised):
    """A result was withdrawn: neither values nor `not_applicable` hold any more."""

    TYPE: ClassVar[str] = "ru.rsoko.monitoring.result.withdrawn.v1"
