"""Results, procedures, sources and territory as documents and back."""

from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any

from services.monitoring.domain import Dated, Municipality, Organization, Procedure, Result, Source
from services.monitoring.events import Indicator, NotApplicable, School
from shared.mongo import Document

_RESULT = tuple(field.name for field in fields(Result) if field.name != "id")


def result_document(result: Result) -> Document:
    """The present revision, under the result's id."""
    return {"_id": result.id, **_revision(result)}


def past_document(result: Result) -> Document:
    """A revision that counts no more."""
    return {"_id": f"{result.id}|{result.revision}", "result": result.id, **_revision(result)}


def _revision(result: Result) -> Document:
    row: Document = {name: getattr(result, name) for name in _RESULT}
    na = result.not_applicable
    row["not_applicable"] = None if na is None else {"reason": na.reason, "act": na.act}
    return row


def read_result(row: Document) -> Result:
    """A result from either kind of document."""
    told: dict[str, Any] = {name: row[name] for name in _RESULT if name != "own"}
    na = row["not_applicable"]
    told["not_applicable"] = None if na is None else NotApplicable(reason=na["reason"], act=na["act"])
    return Result(id=str(row.get("result") or row["_id"]), own=row.get("own"), **told)


def procedure_document(procedure: Procedure, n: int) -> Document:
    """A procedure; `n` numbers the changes of the directory."""
    row: Document = {name: getattr(procedure, name) for name in _PROCEDURE}
    row["indicators"] = [one.model_dump(exclude_none=True) for one in procedure.indicators]
    row["school"] = procedure.school and procedure.school.model_dump()
    return {"_id": procedure.key, "n": n, **row}


_PROCEDURE = tuple(field.name for field in fields(Procedure) if field.name != "key")


def read_procedure(row: Document) -> Procedure:
    """A procedure from its document."""
    told: dict[str, Any] = {name: row[name] for name in _PROCEDURE if name != "school"}
    told["school"] = School(**row["school"]) if row.get("school") else None
    told["indicators"] = tuple(Indicator(**one) for one in row["indicators"])
    told["permitted_uses"] = tuple(row["permitted_uses"])
    return Procedure(key=row["_id"], **told)


def source_document(source: Source, n: int) -> Document:
    """A source; `procedures` and `municipalities` null where it may report all."""
    return {
        "_id": source.key,
        "n": n,
        "revision": source.revision,
        "name": source.name,
        "procedures": source.procedures,
        "clients": source.clients,
        "municipalities": source.municipalities,
        "subject": source.subject,
        "people": source.people,
    }


def read_source(row: Document) -> Source:
    """A source from its document; one of before subjects could be named is about all, and people's without a client."""
    municipalities = row.get("municipalities")
    return Source(
        key=row["_id"],
        name=row["name"],
        procedures=None if row["procedures"] is None else tuple(row["procedures"]),
        clients=tuple(row["clients"]),
        municipalities=None if municipalities is None else tuple(municipalities),
        subject=row.get("subject", "either"),
        people=row.get("people", not row["clients"]),
        revision=row["revision"],
    )


def municipality_document(municipality: Municipality, n: int) -> Document:
    """A municipality with its dated names; days stand as midnight in UTC."""
    history = [
        {"name": one.name, "oktmo": one.oktmo, "since": _midnight(one.since), "until": _midnight(one.until)}
        for one in municipality.history
    ]
    return {"_id": municipality.id, "n": n, "revision": municipality.revision, "history": history}


def read_municipality(row: Document) -> Municipality:
    """A municipality from its document."""
    history = tuple(
        Dated(
            name=one["name"],
            oktmo=one["oktmo"],
            since=one["since"].date(),
            until=one["until"].date() if one["until"] else None,
        )
        for one in row["history"]
    )
    return Municipality(id=row["_id"], revision=row["revision"], history=history)


def organization_document(organization: Organization, n: int) -> Document:
    """An organisation, its municipality and its days."""
    return {
        "_id": organization.id,
        "n": n,
        "revision": organization.revision,
        "municipality": organization.municipality,
        "since": _midnight(organization.since),
        "until": _midnight(organization.until),
    }


def read_organization(row: Document) -> Organization:
    """An organisation from its document; days came later, and one that was stored without them has none."""
    since, until = row.get("since"), row.get("until")
    return Organization(
        id=row["_id"],
        revision=row["revision"],
        municipality=row["municipality"],
        since=since.date() if since else None,
        until=until.date() if until else None,
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
