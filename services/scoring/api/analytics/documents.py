"""Analytics documents over HTTP: listed, drafted, written section by section, finished."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request, Response

from services.scoring.api.analytics.asking import DocumentId, Reader, ThisOne, Writer
from services.scoring.api.analytics.bodies import DocumentBody, TextBody, blocks_of
from services.scoring.api.parts import ByPeriod, Uses
from services.scoring.api.told.analytics import AnalyticsAnswer, AnalyticsPage
from services.scoring.domain.analytics import Draft
from shared.exactjson import write
from shared.web import (
    Cursor,
    Idempotency,
    JsonAnswer,
    Limit,
    answers,
    cached,
    created,
    page,
    read_cursor,
    revision_tag,
    write_cursor,
)
from shared.web import router as make_router

SMALL, TEXT = 16 * 1024, 256 * 1024
LISTING = "analytics-versions"
router = make_router("/v1/analytics-documents", tag="analytics")
ANSWER = answers(AnalyticsAnswer, tagged=True)
Text = Annotated[str | None, Query(min_length=1, max_length=100)]


@router.get("", operation_id="list_analytics", responses=answers(AnalyticsPage), summary="Аналитические документы")
async def list_documents(
    request: Request,
    uses: Uses,
    actor: Reader,
    *,
    procedure: Text = None,
    period: ByPeriod = None,
    state: Annotated[Literal["draft", "finished"] | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """The latest periods first, of a procedure the newest version; drafts only for those who write them."""
    asked = {"procedure": procedure, "period": period, "state": state}
    items, following = await uses.analytics.page(
        actor=actor,
        condition={name: value for name, value in asked.items() if value is not None},
        place=read_cursor(LISTING, cursor, str, str, int),
        limit=limit,
    )
    return page(request, items, following=write_cursor(LISTING, following) if following else None)


@router.post(
    "",
    operation_id="draft_analytics",
    status_code=201,
    max_body_size=SMALL,
    responses=answers(AnalyticsAnswer, 201, tagged=True),
    summary="Начать документ процедуры за период или новую версию завершённого",
)
async def draft_document(uses: Uses, actor: Writer, body: DocumentBody, *, key: Idempotency) -> Response:
    """The platform fills in what it knows; a new version begins with the texts of the last one."""
    wanted = Draft(
        procedure=body.procedure,
        period=body.period,
        by=f"{actor.role}:{actor.subject}",
        now=uses.clock(),
        reason=body.reason,
        before=body.before,
    )
    made = await uses.analytics.create(wanted, repeat=key)
    return created(made, location=f"/v1/analytics-documents/{made['id']}", revision=made["revision"])


@router.get("/{document}", operation_id="read_analytics", responses=ANSWER, summary="Документ: десять разделов")
async def read_document(request: Request, uses: Uses, actor: Reader, document: DocumentId) -> Response:
    """A finished one as it was frozen; a draft with figures as of now and the sections that are missing."""
    found = await uses.analytics.one(document, actor=actor)
    # A draft's figures move without its revision: it is told anew each time, and its ETag is for If-Match.
    if found["state"] == "draft":
        return _told(found)
    return cached(request, write(found), etag=revision_tag(found["revision"]))


@router.put(
    "/{document}/sections/{section}",
    operation_id="write_analytics_section",
    max_body_size=TEXT,
    responses=ANSWER,
    summary="Написать текст раздела: абзацы и списки",
)
async def write_section(
    uses: Uses,
    meant: ThisOne,
    section: Annotated[str, Path(max_length=60, examples=["conclusions"])],
    body: TextBody,
) -> Response:
    """Any section may have a text beside its figures; an empty one takes the text away."""
    return _told(await uses.analytics.write(meant.named, section, blocks_of(body)))


@router.post(
    "/{document}/finish", operation_id="finish_analytics", responses=ANSWER, summary="Завершить: заморозить целиком"
)
async def finish_document(uses: Uses, meant: ThisOne) -> Response:
    """Refused (422 analytics-incomplete) with every section that is missing; afterwards nothing changes it."""
    return _told(await uses.analytics.finish(meant.named))


def _told(found: dict[str, Any]) -> Response:
    return JsonAnswer(found, headers={"ETag": revision_tag(found["revision"])})
