"""Results given by people and systems over HTTP: one, many, and revisions of what is there."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from services.monitoring import domain
from services.monitoring.domain import Candidate, Decision, Result, Revision, Row
from services.monitoring.usecases.counting import count, count_all
from services.monitoring.usecases.directing import Directing
from services.monitoring.usecases.permitting import account, may_read, own_id, owned, permit, permit_revision
from services.monitoring.usecases.ports import Answer, Results
from services.monitoring.usecases.showing import show_report, show_result
from shared.kernel import Cause, FieldError, NotFound, Refused, Repeat, check_expected
from shared.policy import Actor
from shared.ports import Clock

BATCH = 1000


class Submitting:
    """The HTTP doors' use cases; `repeat` is an idempotency key with the digest of its request."""

    def __init__(self, results: Results, directing: Directing, *, clock: Clock) -> None:
        self._results = results
        self._directing = directing
        self._clock = clock

    async def submit(self, raw: object, *, actor: Actor, cause: Cause, repeat: Repeat | None = None) -> Answer:
        """Accept a first revision: `item` and `revision`; Conflict names the result that is there already."""
        if (kept := await self._results.recall(repeat)) is not None:
            return kept
        source = raw.get("source") if isinstance(raw, dict) else None
        try:
            answer = await self._submit(raw, actor, cause, repeat)
        except Refused as refused:
            self._count(source, "refused", refused)
            raise
        self._count(source, "accepted")
        return answer

    async def submit_many(
        self,
        raws: Sequence[object],
        *,
        actor: Actor,
        cause: Cause,
        atomic: bool = False,
        repeat: Repeat | None = None,
    ) -> Answer:
        """Accept up to 1,000 results; a report line for each, `atomic` keeps all or none."""
        _refuse_too_many(len(raws))
        if (kept := await self._results.recall(repeat)) is not None:
            return kept
        rows = await self._rows(raws, actor, cause)
        decide = domain.decide_atomically if atomic else domain.decide
        decisions: list[Decision] = []

        def answer(decision: Decision) -> Answer:
            decisions.append(decision)
            return show_report(rows, decision)

        report = await self._results.settle_once(
            rows,
            lambda stored, seen, now: decide(rows, stored, seen, now=now),
            repeat=repeat,
            answer=answer,
        )
        if decisions:
            count_all(rows, decisions[-1], known=self._directing.directory.sources)
        return report

    async def revise(
        self,
        result: str,
        raw: object,
        *,
        expected: int,
        actor: Actor,
        cause: Cause,
        repeat: Repeat | None = None,
    ) -> Answer:
        """The next revision of a result: `item`, `revision`, `made` (false where nothing would change)."""
        if (kept := await self._results.recall(repeat)) is not None:
            return kept
        try:
            answer = await self._revise(result, raw, expected=expected, actor=actor, cause=cause, repeat=repeat)
        except Refused as refused:
            stored = None if isinstance(refused, NotFound) else await self._results.one(result, {})
            self._count(stored.source if stored else None, "refused", refused)
            raise
        self._count(answer["item"]["source"], answer["item"]["status"])
        return answer

    async def _submit(self, raw: object, actor: Actor, cause: Cause, repeat: Repeat | None) -> Answer:
        submission = domain.read_submission(raw)
        [candidate] = await self._directing.check_all([(submission, None)], now=self._clock())
        if isinstance(candidate, Refused):
            raise candidate
        permit(actor, candidate, self._directing.directory, action="result.submit")
        if candidate.lacking:
            raise domain.refused_result(list(domain.required(candidate.lacking)))
        make = partial(_accepted, candidate, actor)
        found = await self._results.add(
            candidate.result, make, cause=cause, repeat=repeat, answer=partial(self._answer, made=True, reader=actor)
        )
        if isinstance(found, Result):
            raise domain.result_exists(found)
        return found

    async def _revise(
        self, result: str, raw: object, *, expected: int, actor: Actor, cause: Cause, repeat: Repeat | None
    ) -> Answer:
        revision = domain.read_revision(raw)
        decide = partial(self._revised, revision=revision, expected=expected, actor=actor)
        answer = partial(self._answer, reader=actor)
        return await self._results.change(result, decide, cause=cause, repeat=repeat, answer=answer)

    async def _rows(self, raws: Sequence[object], actor: Actor, cause: Cause) -> list[Row]:
        read = [_read(raw) for raw in raws]
        good = [(one, None) for one in read if not isinstance(one, Refused)]
        checked = iter(await self._directing.check_all(good, now=self._clock()))
        rows = []
        for one in read:
            outcome = one if isinstance(one, Refused) else self._permitted(next(checked), actor)
            candidate = outcome if isinstance(outcome, Candidate) else None
            refused = outcome if isinstance(outcome, Refused) else None
            source = None if isinstance(one, Refused) else one.source or None
            rows.append(Row(candidate, refused, cause, account(actor), source, own=own_id(actor)))
        return rows

    def _permitted(self, checked: Candidate | Refused, actor: Actor) -> Candidate | Refused:
        if isinstance(checked, Refused):
            return checked
        try:
            permit(actor, checked, self._directing.directory, action="result.submit")
        except Refused as refused:
            return refused
        return checked

    def _revised(
        self, before: Result | None, now: datetime, *, revision: Revision, expected: int, actor: Actor
    ) -> Result:
        directory = self._directing.directory
        if before is None:
            raise unknown_result()
        try:
            permit_revision(actor, owned(before, directory), directory, quiet=not revision.notify)
        except Refused as refused:
            # Whoever may not see a result is not told that it is there.
            raise (refused if may_read(actor, before, directory) else unknown_result()) from None
        procedure = directory.procedures.get(before.procedure)
        wrong = list(domain.check_time(revision.occurred_at, now))
        wrong += domain.check_values(revision.values, procedure, before.values) if procedure else ()
        domain.refuse_all(revision.wrong, wrong)
        check_expected(expected, before.revision, read=f"/v1/results/{before.id}")
        return domain.revise(before, revision, now=now, by=account(actor), own=own_id(actor))

    def _answer(self, result: Result, made: bool, *, reader: Actor) -> Answer:  # noqa: FBT001 - the store calls it so
        item: dict[str, Any] = show_result(result, self._directing.directory, reader=reader)
        if not made:
            item["status"] = "unchanged"
        return {"item": item, "revision": result.revision, "made": made}

    def _count(self, source: object, outcome: str, refused: Refused | None = None) -> None:
        known = self._directing.directory.sources
        count(source if isinstance(source, str) else None, outcome, known=known, refused=refused)


def unknown_result() -> NotFound:
    """The refusal of an id that is not there, or not for this reader."""
    return NotFound("result-not-found", "Такого результата нет", "Результата с этим id нет среди доступных вам.")


def _accepted(candidate: Candidate, actor: Actor, now: datetime) -> Result:
    return domain.accept(candidate, now=now, by=account(actor), own=own_id(actor))


def _read(raw: object) -> domain.Submission | Refused:
    try:
        return domain.read_submission(raw)
    except Refused as refused:
        return refused


def _refuse_too_many(given: int) -> None:
    if given > BATCH:
        detail = f"Результатов в пакете: {given}, можно не больше {BATCH}."
        wrong = FieldError("/items", "too-many-items", detail, "Разделите пакет.")
        raise Refused("too-many-items", "В пакете слишком много результатов", detail, errors=[wrong])
