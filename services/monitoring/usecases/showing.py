"""How results and reports look in answers: plain JSON values, municipalities as the registry names them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from services.monitoring.domain import Decision, Directory, Procedure, Result, Row, Source
from services.monitoring.domain.acceptance import RowStatus
from services.monitoring.usecases.remedies import OTHERWISE, REMEDIES
from shared.calendar import day_of
from shared.kernel import Refused
from shared.policy import Actor, account_for

Shown = dict[str, Any]


def show_result(result: Result, directory: Directory, *, reader: Actor) -> Shown:
    """One revision of a result; which account wrote it only for those whom the policy shows accounts."""
    na = result.not_applicable
    return {
        "id": result.id,
        "revision": result.revision,
        "status": result.status,
        "recorded_at": result.recorded_at,
        "procedure": result.procedure,
        "subject": _subject(result, directory),
        "period": result.period,
        "values": dict(result.values) if result.values is not None else None,
        "not_applicable": None if na is None else {"reason": na.reason, "act": na.act},
        "source": result.source,
        "occurred_at": result.occurred_at,
        "comment": result.comment,
        "reason": result.reason,
        "notify": not result.quiet,
        "submitted_by": result.by.partition(":")[0],
        **account_for(reader, result.by),
    }


def _subject(result: Result, directory: Directory) -> Shown:
    shown: Shown = {}
    if result.municipality is not None:
        day = day_of(result.occurred_at)
        shown["municipality"] = _named(result.municipality, directory, day)
    if result.organization is not None:
        shown["organization"] = result.organization
    return shown


def _named(municipality: str, directory: Directory, day: date) -> Shown:
    known = directory.municipalities.get(municipality)
    return dict(known.shown(day)) if known else {"id": municipality, "name": municipality, "oktmo": ""}


def show_errors(refused: Refused) -> list[Shown]:
    """The wrong places of a refusal; its own words where it names no place."""
    if not refused.errors:
        return [_whole(refused.code, refused.detail)]
    return [
        {"pointer": one.pointer, "code": one.code, "message": one.message, "remedy": one.remedy}
        for one in refused.errors
    ]


def _whole(code: str, message: str) -> Shown:
    """What is wrong with the whole, where no place of it is."""
    return {"pointer": "", "code": code, "message": message, "remedy": REMEDIES.get(code, OTHERWISE)}


def show_report(rows: Sequence[Row], decision: Decision) -> Shown:
    """The report of a batch, a line for each row."""
    items = [
        {
            "index": number,
            "event": row.event.id if row.event else None,
            "status": outcome.status,
            "id": outcome.result,
            "revision": outcome.revision,
            "errors": show_errors(outcome.refused) if outcome.refused else [],
        }
        for number, (row, outcome) in enumerate(zip(rows, decision.outcomes, strict=True))
    ]
    found = Counter(outcome.status for outcome in decision.outcomes)
    return {"items": items, "counts": {status: found[status] for status in get_args(RowStatus)}}


def show_procedure(procedure: Procedure) -> Shown:
    """One procedure of the catalogue."""
    return {
        "key": procedure.key,
        "code": procedure.code,
        "group": procedure.group,
        "name": procedure.name,
        "maximum": procedure.maximum,
        "assumed": procedure.assumed,
        "indicators": [one.model_dump(exclude_none=True) for one in procedure.indicators],
        "subject": procedure.subject,
        "permitted_uses": list(procedure.permitted_uses),
        "act": procedure.act,
        "school": procedure.school and procedure.school.model_dump(),
        "revision": procedure.revision,
    }


def show_source(source: Source, directory: Directory, today: date) -> Shown:
    """One registered system, its municipalities as they are called today."""
    limits = None if source.municipalities is None else [_named(one, directory, today) for one in source.municipalities]
    return {
        "key": source.key,
        "name": source.name,
        "procedures": "all" if source.procedures is None else list(source.procedures),
        "clients": list(source.clients),
        "municipalities": "all" if limits is None else limits,
        "subject": source.subject,
        "people": source.people,
        "revision": source.revision,
    }


def show_refusal(row: Mapping[str, Any]) -> Shown:
    """One refused message; `origin` is null where it came over HTTP, which nobody handles again: it stays `new`."""
    origin = {name: row[name] for name in ("topic", "partition", "offset")} if "topic" in row else None
    return {
        "id": row["_id"],
        "source": row["source"],
        "event": row["event"],
        "code": row["code"],
        "message": row["message"],
        "errors": row["errors"] or [_whole(row["code"], row["message"])],
        "state": row.get("state", "new"),
        "received_at": row["at"],
        "origin": origin,
    }
