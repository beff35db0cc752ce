"""The door of the catalogue: procedures and sources as data."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.monitoring.api.asking import (
    ProcedureDescriber,
    ProcedureReader,
    SourceReader,
    SourceRegistrar,
    Uses,
)
from services.monitoring.api.shapes import Key, ProcedureBody, SourceBody
from services.monitoring.api.told import ProcedureAnswer, ProcedurePage, SourceAnswer, SourcePage
from services.monitoring.domain import Procedure, Source
from services.monitoring.events import Indicator, School
from services.monitoring.usecases.showing import show_procedure, show_source
from shared.exactjson import write
from shared.telemetry import current_cause
from shared.web import Condition, JsonAnswer, answers, cached, composed, created, revision_tag, router, shown

procedures = router("/v1/procedures", tag="catalogue")
sources = router("/v1/sources", tag="catalogue")
NEW = "Заведено впервые"
# The portal of 0.2.0 sends it, and may run beside this version.
Ignored = Annotated[
    str | None, Query(alias="limit", deprecated=True, description="ничего не меняет: каталог всегда целиком")
]
# RFC 9745: since when, as seconds of Unix time: 2026-12-01T00:00:00Z.
DEPRECATED = {"Deprecation": "@1796083200"}
StoredKey = Annotated[str, Path(max_length=100)]


@procedures.put(
    "/{key}", operation_id="describe_procedure", responses=answers(ProcedureAnswer, 200, 201, words=NEW, tagged=True)
)
async def describe_procedure(
    key: Key, body: ProcedureBody, _: ProcedureDescriber, uses: Uses, *, expected: Condition
) -> Response:
    """Set a procedure's description; the same again changes and tells nothing.

    A change takes the ETag that was read in `If-Match`; `If-None-Match: *` only makes a new one. An indicator of which
    results hold values keeps its key, unit and bound (`indicator-in-use`).
    """
    wanted = Procedure(
        key=key,
        code=body.code,
        group=body.group,
        name=body.name,
        maximum=body.maximum,
        assumed=body.assumed,
        indicators=tuple(Indicator.model_validate(one.model_dump()) for one in body.indicators),
        subject=body.subject,
        permitted_uses=tuple(body.permitted_uses),
        act=body.act,
        school=None if body.school is None else School.model_validate(body.school.model_dump()),
    )
    procedure, new = await uses.directing.describe(wanted, cause=current_cause(), expected=expected)
    item = show_procedure(procedure)
    if new:
        return created(item, location=f"/v1/procedures/{key}", revision=procedure.revision)
    return JsonAnswer(item, headers={"ETag": revision_tag(procedure.revision)})


@procedures.get("", operation_id="list_procedures", responses=answers(ProcedurePage, tagged=True))
async def list_procedures(request: Request, _: ProcedureReader, uses: Uses, limit: Ignored = None) -> Response:
    """The whole catalogue by code."""
    found = sorted(uses.directing.directory.procedures.values(), key=lambda one: (one.code, one.key))
    body = write({"items": [show_procedure(one) for one in found], "next": None})
    return cached(request, body, headers=None if limit is None else DEPRECATED)


@procedures.get("/{key}", operation_id="read_procedure", responses=answers(ProcedureAnswer, tagged=True))
async def read_procedure(request: Request, key: StoredKey, _: ProcedureReader, uses: Uses) -> Response:
    """One procedure with its indicators, maxima and permitted uses."""
    procedure = await uses.directing.procedure(key)
    return shown(request, show_procedure(procedure), revision=procedure.revision)


@sources.put(
    "/{key}", operation_id="register_source", responses=answers(SourceAnswer, 200, 201, words=NEW, tagged=True)
)
async def register_source(
    key: Key, body: SourceBody, _: SourceRegistrar, uses: Uses, *, expected: Condition
) -> Response:
    """Register a system: which procedures it may report and about whom, which clients speak for it.

    A change takes the ETag that was read in `If-Match`; `If-None-Match: *` only makes a new one.
    """
    wanted = Source(
        key=key,
        name=body.name,
        procedures=None if body.procedures == "all" else tuple(body.procedures),
        clients=tuple(body.clients),
        municipalities=None if body.municipalities == "all" else tuple(body.municipalities),
        subject=body.subject,
        people=not body.clients if body.people is None else body.people,
    )
    source, new = await uses.directing.register(wanted, today=uses.today(), expected=expected)
    item = show_source(source, uses.directing.directory, uses.today())
    if new:
        return created(item, location=f"/v1/sources/{key}", revision=source.revision)
    return JsonAnswer(item, headers={"ETag": revision_tag(source.revision)})


@sources.get("", operation_id="list_sources", responses=answers(SourcePage, tagged=True))
async def list_sources(request: Request, _: SourceReader, uses: Uses) -> Response:
    """Every registered system by its key."""
    found = sorted(uses.directing.directory.sources.values(), key=lambda one: one.key)
    shown_ones = [show_source(one, uses.directing.directory, uses.today()) for one in found]
    return cached(request, write({"items": shown_ones, "next": None}))


@sources.get("/{key}", operation_id="read_source", responses=answers(SourceAnswer, tagged=True))
async def read_source(key: StoredKey, _: SourceReader, uses: Uses) -> Response:
    """One registered system."""
    source = await uses.directing.source(key)
    item = show_source(source, uses.directing.directory, uses.today())
    return composed(item, revision=source.revision)
