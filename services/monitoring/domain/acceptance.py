"""The one acceptance of every door: what becomes of each row of a batch, given what is stored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from services.monitoring.domain.checking import Candidate, required
from services.monitoring.domain.result import Result, accept, correct_by_event
from services.monitoring.domain.submission import refused_result
from shared.kernel import Cause, Conflict, Refused

RowStatus = Literal["accepted", "corrected", "unchanged", "superseded", "duplicate", "refused"]


@dataclass(frozen=True, slots=True)
class EventMark:
    """The identity of an event and the digest of its body.

    None where the body could not be read, or its sender does not speak for the source: what the source told under
    this id is not asked then.
    """

    source: str
    id: str
    digest: str | None

    @property
    def key(self) -> str:
        """The natural key under which it is kept."""
        return f"{self.source}\n{self.id}"


@dataclass(frozen=True, slots=True)
class Row:
    """One submission on its way: a candidate, or the refusal it got before; `event` where it came as one."""

    candidate: Candidate | None
    refused: Refused | None
    cause: Cause
    by: str
    source: str | None = None
    event: EventMark | None = None
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of an event that was heard before."""

    mark: EventMark
    status: RowStatus
    result: str
    revision: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    status: RowStatus
    result: str | None = None
    revision: int | None = None
    refused: Refused | None = None


@dataclass(slots=True)
class Decision:
    """Outcomes by row; `fresh` and `changed` results to be stored, `past` revisions to be kept, events to be told."""

    outcomes: list[Outcome] = field(default_factory=list)
    fresh: dict[str, Result] = field(default_factory=dict)
    changed: dict[str, Result] = field(default_factory=dict)
    past: list[Result] = field(default_factory=list)
    told: list[tuple[Result, Cause]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def refusals(self) -> list[tuple[int, Refused]]:
        """The refused rows by their number."""
        return [(n, one.refused) for n, one in enumerate(self.outcomes) if one.refused is not None]


def decide(rows: Sequence[Row], stored: Mapping[str, Result], seen: Mapping[str, Seen], *, now: datetime) -> Decision:
    """Take the rows one after another; each sees what the ones before it did."""
    decision = Decision()
    known = dict(seen)
    for row in rows:
        outcome = _repeated(row, known) or _decide_row(row, stored, decision, now)
        decision.outcomes.append(outcome)
        if row.event is not None and outcome.status not in {"refused", "duplicate"}:
            assert outcome.result is not None
            assert outcome.revision is not None
            heard = Seen(row.event, outcome.status, outcome.result, outcome.revision)
            known[row.event.key] = heard
            decision.seen.append(heard)
    return decision


def decide_atomically(
    rows: Sequence[Row], stored: Mapping[str, Result], seen: Mapping[str, Seen], *, now: datetime
) -> Decision:
    """The same, but one refusal refuses all."""
    decision = decide(rows, stored, seen, now=now)
    if not decision.refusals():
        return decision
    kept = Refused("batch-refused", "Пакет не принят", "Строка верна, но пакет с atomic=true отклонён целиком.")
    return Decision(outcomes=[one if one.refused else Outcome("refused", refused=kept) for one in decision.outcomes])


def _repeated(row: Row, known: Mapping[str, Seen]) -> Outcome | None:
    """The outcome of an event that was heard before, None for a new one."""
    if row.event is None or row.event.digest is None or (before := known.get(row.event.key)) is None:
        return None
    if before.mark.digest == row.event.digest:
        return Outcome("duplicate", before.result, before.revision)
    detail = "Событие с этими id и source уже было, с другим содержанием. Дайте новому событию новый id."
    return Outcome(
        "refused",
        before.result,
        before.revision,
        Refused("event-id-reused", "Событие не принято", detail),
    )


def _decide_row(row: Row, stored: Mapping[str, Result], decision: Decision, now: datetime) -> Outcome:
    candidate = row.candidate
    if candidate is None:
        return Outcome("refused", refused=row.refused)
    before = (
        decision.changed.get(candidate.result) or decision.fresh.get(candidate.result) or stored.get(candidate.result)
    )
    lacking = [key for key in candidate.lacking if before is None or before.names(key)]
    if lacking:
        return Outcome("refused", refused=refused_result(list(required(lacking))))
    if before is None:
        result = accept(candidate, now=now, by=row.by, own=row.own)
        decision.fresh[result.id] = result
        decision.told.append((result, row.cause))
        return Outcome("accepted", result.id, 1)
    if row.event is None:
        return _again(candidate, before)
    return _heard_again(row, candidate, before, decision=decision, now=now)


def _again(candidate: Candidate, before: Result) -> Outcome:
    """A result given by hand that is there already: the same is unchanged, a correction goes to its revisions."""
    if before.says(candidate.values, candidate.not_applicable):
        return Outcome("unchanged", before.id, before.revision)
    return Outcome("refused", before.id, before.revision, result_exists(before))


def _heard_again(row: Row, candidate: Candidate, before: Result, *, decision: Decision, now: datetime) -> Outcome:
    occurred_at = candidate.occurred_at or now
    if occurred_at < before.mark:
        return Outcome("superseded", before.id, before.revision)
    if before.says(candidate.values, candidate.not_applicable):
        if occurred_at > before.mark:
            _keep(decision, replace(before, mark=occurred_at))
        return Outcome("unchanged", before.id, before.revision)
    after = correct_by_event(before, candidate, now=now, by=row.by, own=row.own)
    decision.past.append(before)
    _keep(decision, after)
    decision.told.append((after, row.cause))
    return Outcome("corrected", after.id, after.revision)


def _keep(decision: Decision, result: Result) -> None:
    """What was fresh in this batch is still to be inserted, whatever revision it has reached."""
    kept = decision.fresh if result.id in decision.fresh else decision.changed
    kept[result.id] = result


def result_exists(before: Result) -> Conflict:
    """The refusal of a second result for the same procedure, subject and period."""
    state = "отозван" if before.status == "withdrawn" else "уже есть"
    detail = (
        f"Результат этой процедуры, субъекта и периода {state}: {before.id}, версия {before.revision}. "
        f"Исправление передайте в POST /v1/results/{before.id}/revisions."
    )
    extra = {"result": before.id, "revision": before.revision}
    return Conflict("result-exists", "Результат уже есть", detail, extra=extra)
