"""A result with its revisions: accepted, corrected, withdrawn; nothing is overwritten, the last revision counts."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.monitoring.domain.checking import Candidate
from services.monitoring.domain.revision import Revision
from services.monitoring.domain.submission import Values
from services.monitoring.events import (
    NotApplicable,
    ResultAccepted,
    ResultCorrected,
    ResultRevised,
    ResultWithdrawn,
    Subject,
    Submitter,
)

Status = Literal["accepted", "corrected", "withdrawn"]
_TOLD: dict[Status, type[ResultRevised]] = {
    "accepted": ResultAccepted,
    "corrected": ResultCorrected,
    "withdrawn": ResultWithdrawn,
}


@dataclass(frozen=True, slots=True)
class Result:
    """One revision of a result.

    `mark` is the latest `occurred_at` that was heard of it, also from an event that changed nothing: what is older
    is superseded. `by` is who submitted it: the role and the account; `own` is the id of whom that account works for
    (a municipality, an organisation, a system), which may be told to others.
    """

    id: str
    revision: int
    status: Status
    procedure: str
    municipality: str | None
    organization: str | None
    period: str
    values: Values | None
    not_applicable: NotApplicable | None
    reason: str | None
    comment: str | None
    source: str
    occurred_at: datetime
    mark: datetime
    recorded_at: datetime
    quiet: bool
    by: str
    own: str | None = None

    def says(self, values: Values | None, not_applicable: NotApplicable | None) -> bool:
        """Whether this content is what holds already: of a withdrawn result no content does.

        No data is no data, whether said or, of an indicator that was described later, not.
        """
        return _known(self.values) == _known(values) and self.not_applicable == not_applicable

    def names(self, indicator: str) -> bool:
        """Whether it must go on naming an indicator: what has no values names all, once it has some."""
        return self.values is None or indicator in self.values

    def told(self) -> ResultRevised:
        """The event that tells this revision; its fields were checked when they came in."""
        return _TOLD[self.status](
            result=self.id,
            revision=self.revision,
            procedure=self.procedure,
            subject=Subject(municipality=self.municipality, organization=self.organization),
            period=self.period,
            values=dict(self.values) if self.values is not None else None,
            not_applicable=self.not_applicable,
            reason=self.reason,
            source=self.source,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            quiet=self.quiet,
            submitted_by=Submitter(role=self.by.partition(":")[0], id=self.own),
        )


def accept(candidate: Candidate, *, now: datetime, by: str, own: str | None = None) -> Result:
    """The first revision."""
    occurred_at = candidate.occurred_at or now
    return Result(
        id=candidate.result,
        revision=1,
        status="accepted",
        procedure=candidate.procedure,
        municipality=candidate.municipality,
        organization=candidate.organization,
        period=candidate.period,
        values=candidate.values,
        not_applicable=candidate.not_applicable,
        reason=None,
        comment=candidate.comment,
        source=candidate.source,
        occurred_at=occurred_at,
        mark=occurred_at,
        recorded_at=now,
        quiet=candidate.quiet,
        by=by,
        own=own,
    )


def correct_by_event(stored: Result, candidate: Candidate, *, now: datetime, by: str, own: str | None = None) -> Result:
    """The next revision, told by a source that reports the same result anew.

    It names the municipality that the first one named, though its organisation may have changed hands: what is past
    stays whose it was, and revisions are told in their order under one key.
    """
    fresh = accept(candidate, now=max(now, stored.recorded_at), by=by, own=own)
    return replace(
        fresh,
        revision=stored.revision + 1,
        status="corrected",
        municipality=stored.municipality,
        mark=max(stored.mark, fresh.occurred_at),
        reason="Исправлено событием источника.",
    )


def revise(stored: Result, revision: Revision, *, now: datetime, by: str, own: str | None = None) -> Result:
    """The next revision, given by hand with its reason; the stored result itself where nothing would change.

    Without a time of its own it is about the same occurrence, corrected.
    """
    if stored.says(revision.values, revision.not_applicable):
        return stored
    occurred_at = revision.occurred_at or stored.occurred_at
    return replace(
        stored,
        revision=stored.revision + 1,
        status="withdrawn" if revision.withdrawn else "corrected",
        values=revision.values,
        not_applicable=revision.not_applicable,
        reason=revision.reason,
        comment=revision.comment,
        occurred_at=occurred_at,
        mark=max(stored.mark, occurred_at),
        recorded_at=max(now, stored.recorded_at),
        quiet=not revision.notify,
        by=by,
        own=own,
    )


def _known(values: Values | None) -> Values | None:
    return None if values is None else {name: text for name, text in values.items() if text is not None}
