"""The door of CloudEvents over HTTP: binary, structured and batch mode, one report for all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.monitoring.api.asking import EventSender, RefusalReader, Uses
from services.monitoring.api.shapes import ATTRIBUTES, DATA, EVENT
from services.monitoring.api.told import RefusalPage, ReportAnswer
from services.monitoring.usecases import BATCH, REPORTED, Incoming, read_event
from shared.envelope import BATCH as BATCH_TYPE
from shared.envelope import STRUCTURED, Opened, Unreadable, open_object, open_request
from shared.exactjson import read, write
from shared.kernel import Cause, Malformed, Refused
from shared.telemetry import current_cause
from shared.web import Cursor, JsonAnswer, Limit, answers, page, read_cursor, router, write_cursor

events = router("/v1/events", tag="events")
refusals = router("/v1/refusals", tag="events")
MANY = 8 * 1024 * 1024
# A batch stands in words only: generated clients cannot tell a list from the other bodies.
_BODY = {
    "parameters": [
        {
            "in": "header",
            "name": f"ce-{name}",
            "required": False,
            "description": f"{said}; обязателен, если тело — application/json",
            "schema": {"type": "string"},
        }
        for name, said in ATTRIBUTES.items()
    ],
    "requestBody": {
        "required": True,
        "content": {STRUCTURED: {"schema": EVENT}, "application/json": {"schema": DATA}},
    },
}


@events.post(
    "",
    operation_id="submit_events",
    status_code=202,
    openapi_extra=_BODY,
    max_body_size=MANY,
    responses=answers(ReportAnswer, 202),
)
async def submit_events(request: Request, actor: EventSender, uses: Uses) -> Response:
    """Results told as CloudEvents; a refused event is in the report and in `GET /v1/refusals`.

    One event whole (`application/cloudevents+json`), or its data as the body and its attributes as `ce-` headers
    (`application/json`). Up to 1,000 at once: an array of whole events under `application/cloudevents-batch+json`.
    """
    body = await request.body()
    incoming = list(_incoming(request, body, current_cause()))
    return JsonAnswer(await uses.hearing.hear(incoming, actor=actor), status_code=202)


@refusals.get("", operation_id="list_refusals", responses=answers(RefusalPage))
async def list_refusals(
    request: Request,
    actor: RefusalReader,
    uses: Uses,
    *,
    source: str | None = None,
    code: Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """What other systems sent and was refused, newest first; a system sees its sources' and what it sent itself."""
    place = read_cursor("refusals", cursor, datetime, str)
    items, following = await uses.looking.refused(actor=actor, source=source, code=code, place=place, limit=limit)
    return page(request, items, following=write_cursor("refusals", following) if following else None)


def _incoming(request: Request, body: bytes, cause: Cause) -> Iterator[Incoming]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == BATCH_TYPE:
        found = read(body)
        if not isinstance(found, list):
            detail = "Пакет событий должен быть массивом JSON: [ {событие}, … ]."
            raise Malformed("not-a-batch", "Пакет не читается", detail)
        if len(found) > BATCH:  # here, before any is opened: a refusal for each of millions is gigabytes
            detail = f"Событий в пакете: {len(found)}, можно не больше {BATCH}. Разделите пакет."
            raise Refused("too-many-items", "В пакете слишком много событий", detail)
        yield from (_of_object(one, write(one), cause) for one in found)
    elif media == STRUCTURED:
        yield _of_object(read(body), body, cause)
    else:
        yield _opened(lambda: open_request(request.headers, body), body, cause)


def _of_object(found: Any, raw: bytes, cause: Cause) -> Incoming:
    return _opened(lambda: open_object(found), raw, cause)


def _opened(opening: Any, raw: bytes, cause: Cause) -> Incoming:
    try:
        opened: Opened = opening()
    except Unreadable as error:
        refused = Refused(error.code, "Событие не принято", error.message)
        return Incoming(error.source, error.event, None, refused, cause, None, raw)
    known = Incoming(
        source=opened.source,
        id=opened.id,
        submission=None,
        refused=None,
        cause=Cause(opened.correlation or cause.correlation, opened.id, opened.traceparent or cause.traceparent),
        key=opened.extensions.get("partitionkey"),
        raw=raw,
    )
    try:
        return replace(known, submission=read_event(_typed(opened)))
    except Refused as refused:
        return replace(known, refused=refused)


def _typed(opened: Opened) -> Opened:
    if opened.type == REPORTED:
        return opened
    same = opened.type.rpartition(".")[0] == REPORTED.rpartition(".")[0]
    code = "unsupported-version" if same else "unknown-type"
    detail = f"Тип события {opened.type[:200]} здесь не принимается; принимается: {REPORTED}."
    raise Refused(code, "Событие не принято", detail)
