"""Editions of the methodology over HTTP: put as YAML or JSON, listed, shown, checked."""

import pathlib
from typing import Annotated, Any

from fastapi import Depends, Path, Request, Response

from services.scoring.api.documents import BODY, document_of
from services.scoring.api.parts import Uses
from services.scoring.api.told.methodologies import (
    ContradictionPage,
    MethodologyDocument,
    MethodologyPage,
    MethodologyPut,
    MethodologySchema,
)
from services.scoring.domain import Methodology, methodology_from_yaml
from shared.exactjson import write
from shared.web import JsonAnswer, answers, cached, created, may, page
from shared.web import router as make_router

FORMATS = pathlib.Path(__file__).resolve().parents[3] / "data" / "methodologies"
SCHEMA = (FORMATS / "methodology.schema.json").read_bytes()
router = make_router("/v1/methodologies", tag="methodologies")
READ = [Depends(may("methodology.read"))]
PUT = [Depends(may("methodology.put"))]
Named = Annotated[str, Path(max_length=100, description="идентификатор редакции", examples=["complex-analytics-2022"])]


def _summary(one: Methodology) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "in_force": {"from": one.first, "to": one.last},
        "groups": [{"key": group.key, "title": group.title} for group in one.groups],
    }


@router.get(
    "",
    dependencies=READ,
    operation_id="list_methodologies",
    responses=answers(MethodologyPage),
    summary="Редакции методики",
)
async def list_methodologies(request: Request, uses: Uses) -> Response:
    """All editions, the newest first."""
    return page(request, [_summary(one) for one in uses.methodologies.listed()], following=None)


@router.get(
    "/schema.json",
    dependencies=READ,
    operation_id="read_methodology_schema",
    responses=answers(MethodologySchema, tagged=True),
    summary="JSON Schema формата редакции",
)
async def read_schema(request: Request) -> Response:
    """What a schema can say of the format; what compares one place with another is checked when an edition is put."""
    return cached(request, SCHEMA)


@router.get(
    "/{methodology}",
    dependencies=READ,
    operation_id="read_methodology",
    responses=answers(MethodologyDocument, tagged=True),
    summary="Редакция методики целиком",
)
async def read_one(request: Request, uses: Uses, methodology: Named) -> Response:
    """The edition's document as it was put."""
    return cached(request, write(uses.methodologies.get(methodology)[1]))


@router.get(
    "/{methodology}/check",
    dependencies=READ,
    operation_id="check_methodology",
    responses=answers(ContradictionPage),
    summary="Противоречия внутри редакции",
)
async def check_one(request: Request, uses: Uses, methodology: Named) -> Response:
    """What does not agree, each with a remedy; an edition with contradictions can be used."""
    found = await uses.methodologies.check(methodology)
    return page(request, [one.document() for one in found], following=None)


@router.put(
    "/{methodology}",
    dependencies=PUT,
    operation_id="put_methodology",
    openapi_extra=BODY,
    responses=answers(MethodologyPut, 200, 201, words="Редакция загружена впервые"),
    summary="Загрузить редакцию (YAML или JSON); загруженную править нельзя",
)
async def put_one(request: Request, uses: Uses, methodology: Named) -> Response:
    """Created or unchanged (an edition is never edited); stored facts are scored at once."""
    document = await document_of(request, methodology_from_yaml)
    outcome = await uses.methodologies.put(methodology, document)
    found = await uses.methodologies.check(methodology)
    content = {"id": methodology, "status": outcome, "contradictions": [one.document() for one in found]}
    return (
        created(content, location=f"/v1/methodologies/{methodology}") if outcome == "created" else JsonAnswer(content)
    )
