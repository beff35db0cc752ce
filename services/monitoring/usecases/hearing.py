"""Results told by other systems as events: over HTTP and from the intake topic, by the same acceptance."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.monitoring import domain
from services.monitoring.domain import Candidate, Decision, EventMark, Row, Submission
from services.monitoring.usecases.counting import count, count_all, reason_of
from services.monitoring.usecases.directing import Checked, Directing
from services.monitoring.usecases.permitting import account, own_id, permit, permit_source
from services.monitoring.usecases.ports import Results
from services.monitoring.usecases.showing import Shown, show_errors, show_report
from shared.batch import Batch, Buried
from shared.envelope import Opened
from shared.exactjson import read
from shared.kernel import Cause, FieldError, Refused
from shared.policy import Actor, actor_may
from shared.ports import Clock, Ids
from shared.texts import sign_at, unreadable

REPORTED = "ru.rsoko.intake.result.reported.v1"
LONGEST_ID = 255
# What is said of a refused event at most; of what was sent only size and hash are kept.
LONGEST_LINE, LONGEST_ERROR = 1_000, 300


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of the HTTP door: what was understood of it, or why not; of `raw` a refusal keeps size and hash.

    `foreign`: its sender does not speak for the source that it names.
    """

    source: str | None
    id: str | None
    submission: Submission | None
    refused: Refused | None
    cause: Cause
    key: str | None
    raw: bytes
    foreign: bool = False


def read_event(opened: Opened) -> Submission:
    """The submission an event carries; Refused where its data or its identity cannot be taken."""
    if len(opened.id) > LONGEST_ID or len(opened.source) > LONGEST_ID:
        detail = f"Атрибуты id и source — не длиннее {LONGEST_ID} знаков."
        raise Refused("identity-too-long", "Событие не принято", detail)
    for name, text in (("id", opened.id), ("source", opened.source)):
        if (at := unreadable(text)) is not None:
            detail = f"В атрибуте {name} есть непечатаемый знак. Уберите знак {sign_at(text, at)[0]}."
            raise Refused("unreadable-text", "Событие не принято", detail)
    try:
        found = domain.read_submission(read(opened.data), source=opened.source)
        domain.refuse_all(found.wrong, ())
    except Refused as refused:
        raise Refused(reason_of(refused), refused.title, refused.detail, errors=refused.errors) from None
    return found


class Hearing:
    """The use cases of events."""

    def __init__(self, results: Results, directing: Directing, *, clock: Clock, ids: Ids) -> None:
        self._results = results
        self._directing = directing
        self._clock = clock
        self._ids = ids

    async def hear(self, events: Sequence[Incoming], *, actor: Actor) -> Shown:
        """Events of one request; the report has a line for each, the refused ones are kept for their source.

        Who does not speak for a source learns nothing of what it has sent: the refusal is kept for the sender.
        """
        await self._directing.know_sources({one.source for one in events if one.source}, client=actor.client_id)
        events = [self._own(one, actor) for one in events]
        checked = await self._check([(one.submission, one.key) for one in events if one.submission])
        rows = [self._row(one, checked, actor) for one in events]
        keys = [self._ids() for _ in events]

        def refusals(decision: Decision, at: datetime) -> list[dict[str, Any]]:
            return [_kept(events[n], refused, keys[n], actor=actor, at=at) for n, refused in decision.refusals()]

        decision = await self._results.settle(
            rows, lambda stored, seen, now: domain.decide(rows, stored, seen, now=now), refusals=refusals
        )
        count_all(rows, decision, known=self._directing.directory.sources)
        return show_report(rows, decision)

    def read(self, opened: Opened) -> Submission:
        """The submission of a record of the intake topic; what cannot be read is counted and refused."""
        try:
            return read_event(opened)
        except Refused as refused:
            known = self._directing.directory.sources
            count(opened.source, "refused", known=known, refused=refused)
            raise

    async def intake(self, batch: Batch[Submission]) -> None:
        """Records of the intake topic, in one transaction; the refused ones become dead letters."""
        now = self._clock()
        checked = await self._directing.check_all([(one.event, one.key) for one in batch.heard], now=now)
        rows = []
        for heard, outcome in zip(batch.heard, checked, strict=True):
            mark = EventMark(heard.source, heard.id, heard.event.digest)
            loud = _loud(outcome, may_be_quiet=False)
            rows.append(_row_of(loud, heard.cause, f"system:{heard.source}", mark, own=heard.source))

        def bury(decision: Decision) -> list[Buried]:
            return [_letter(batch, n, refused) for n, refused in decision.refusals()]

        decision = await self._results.settle(
            rows,
            lambda stored, seen, now: domain.decide(rows, stored, seen, now=now),
            batch=batch,
            bury=bury,
        )
        batch.repeats = sum(outcome.status in {"duplicate", "unchanged"} for outcome in decision.outcomes)
        count_all(rows, decision, known=self._directing.directory.sources)

    async def _check(self, submissions: Sequence[tuple[Submission, str | None]]) -> dict[int, Checked]:
        checked = await self._directing.check_all(submissions, now=self._clock())
        return {id(one): outcome for (one, _), outcome in zip(submissions, checked, strict=True)}

    def _own(self, incoming: Incoming, actor: Actor) -> Incoming:
        """The event; or only its refusal, where it comes in the name of a source that its sender does not speak for."""
        directory = self._directing.directory
        if incoming.source not in directory.sources:
            return incoming
        try:
            permit_source(actor, incoming.source, directory)
        except Refused as refused:
            return replace(incoming, submission=None, refused=refused, foreign=True)
        return incoming

    def _row(self, incoming: Incoming, checked: dict[int, Checked], actor: Actor) -> Row:
        mark = None
        if incoming.source and incoming.id:
            digest = incoming.submission.digest if incoming.submission else None
            mark = EventMark(incoming.source, incoming.id, digest)
        outcome: Checked
        if incoming.submission is None:
            outcome = incoming.refused or Refused("invalid-event", "Событие не принято")
        else:
            outcome = self._permitted(checked[id(incoming.submission)], actor)
        return _row_of(outcome, incoming.cause, account(actor), mark, own=own_id(actor))

    def _permitted(self, checked: Checked, actor: Actor) -> Checked:
        resource: dict[str, str | None] = {}
        outcome = _loud(checked, may_be_quiet=actor_may(actor, "result.submit-quietly", resource))
        if isinstance(outcome, Refused):
            return outcome
        try:
            permit(actor, outcome, self._directing.directory, action="event.submit")
        except Refused as refused:
            return refused
        return outcome


def _loud(checked: Checked, *, may_be_quiet: bool) -> Checked:
    if isinstance(checked, Candidate) and checked.quiet and not may_be_quiet:
        message = "Без уведомлений загружают только оператор и министерство."
        error = FieldError("/notify", "notify-not-allowed", message, "Уберите поле notify.")
        return domain.refused_result([error])
    return checked


def _row_of(outcome: Checked, cause: Cause, by: str, mark: EventMark | None, *, own: str | None) -> Row:
    source = mark.source if mark else None
    if isinstance(outcome, Refused):
        return Row(None, outcome, cause, by, source=source, event=mark, own=own)
    return Row(outcome, None, cause, by, source=source, event=mark, own=own)


def _letter(batch: Batch[Submission], number: int, refused: Refused) -> Buried:
    return replace(batch.buried(batch.heard[number], refused), code=reason_of(refused))


def _kept(incoming: Incoming, refused: Refused, key: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """A refused event of the HTTP door in the shape of a dead letter, without a place in a topic."""
    errors = show_errors(refused) if refused.errors else []
    return {
        "_id": key,
        "source": None if incoming.foreign or incoming.source is None else incoming.source[:LONGEST_LINE],
        "client": actor.client_id,
        "event": incoming.id and incoming.id[:LONGEST_LINE],
        "code": reason_of(refused),
        "message": refused.detail[:LONGEST_LINE],
        "errors": [{name: text[:LONGEST_ERROR] for name, text in one.items()} for one in errors],
        "bytes": len(incoming.raw),
        "sha256": hashlib.sha256(incoming.raw).hexdigest(),
        "at": at,
    }
