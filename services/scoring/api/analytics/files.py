"""An analytics document to take along: its very bytes as JSON, DOCX, PDF; made in processes of their own."""

import hashlib
from collections.abc import Awaitable, Callable

import orjson
from fastapi import Request, Response

from services.scoring.api.analytics.asking import DocumentId, Reader
from services.scoring.api.papers import analytics_paper
from services.scoring.api.parts import Uses
from services.scoring.api.told.analytics import AnalyticsContent
from services.scoring.usecases import Scoring
from shared.papers import Blocks, typeset, word
from shared.policy import Actor
from shared.web import TAG, answers, cached
from shared.web import router as make_router
from shared.web.answers import etag_of, matches
from shared.works.word import MEDIA_TYPE as DOCX

PDF = "application/pdf"
BINARY = {"schema": {"type": "string", "format": "binary"}}
router = make_router("/v1/analytics-documents/{document}", tag="analytics")
Make = Callable[[Blocks], Awaitable[bytes]]


def _file(media: str) -> dict[int | str, dict[str, object]]:
    return {200: {"description": "Файл", "content": {media: BINARY}, "headers": TAG}}


@router.get(
    "/document.json",
    operation_id="read_analytics_content",
    responses=answers(AnalyticsContent, tagged=True),
    summary="Содержание; у завершённого — те самые байты, чей SHA-256 в digest",
)
async def read_content(request: Request, uses: Uses, actor: Reader, document: DocumentId) -> Response:
    """The frozen bytes of a finished document, a draft's content as of now."""
    body, _ = await uses.analytics.bytes_of(document, actor=actor)
    return cached(request, body, etag=f'"{hashlib.sha256(body).hexdigest()}"')


@router.get(
    "/document.docx",
    operation_id="download_analytics_docx",
    responses=_file(DOCX),
    response_class=Response,
    summary="Документ в виде DOCX",
)
async def download_docx(request: Request, uses: Uses, actor: Reader, document: DocumentId) -> Response:
    """Headings, tables with header rows, the picture with its words; a draft says that it is one."""
    return await _made(request, uses, actor, document=document, make=word, kind=("docx", DOCX))


@router.get(
    "/document.pdf",
    operation_id="download_analytics_pdf",
    responses=_file(PDF),
    response_class=Response,
    summary="Документ в виде PDF (PDF/UA)",
)
async def download_pdf(request: Request, uses: Uses, actor: Reader, document: DocumentId) -> Response:
    """The same for a screen reader and for print."""
    return await _made(request, uses, actor, document=document, make=_pdf, kind=("pdf", PDF))


async def _pdf(blocks: Blocks) -> bytes:
    return await typeset(blocks.paper())


async def _made(
    request: Request, uses: Scoring, actor: Actor, *, document: str, make: Make, kind: tuple[str, str]
) -> Response:
    """The file, or 304 before it is made: the ETag follows from the content."""
    body, found = await uses.analytics.bytes_of(document, actor=actor)
    ending, media = kind
    etag = etag_of(body + found.state.encode() + ending.encode())
    headers = {"Content-Disposition": f'attachment; filename="{found.id}.{ending}"'}
    if matches(request.headers.get("if-none-match"), etag):
        return cached(request, b"", etag=etag, headers=headers)
    frozen = found.frozen
    paper = analytics_paper(orjson.loads(body), made_at=frozen.as_of if frozen else uses.clock(), frozen=frozen)
    return cached(request, await make(paper), etag=etag, media_type=media, headers=headers)
