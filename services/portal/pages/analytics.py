"""Analytics documents: the list, a document with its ten sections, texts as forms, finishing, files to take along."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self

from fastapi import Depends, Path, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.pages.away import not_shown
from services.portal.pages.repeating import fresh_key, key_again, key_of, repeated
from services.portal.show import analytics as show
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="analytics")
READ = [Depends(may("analytics.read"))]
WRITE = [Depends(may("analytics.write"))]
DOCUMENTS = "/v1/analytics-documents"
PAPER_PATIENCE = 60.0
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}
Named = Annotated[str, Path(max_length=200)]
Section = Annotated[str, Path(max_length=60)]
Text = Annotated[str, Query(max_length=1024)]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form of a section: its text as it is typed, over which revision, and the mark of what it was filled from."""

    text: str
    revision: str
    was: str

    @classmethod
    def of(cls, section: Mapping[str, Any], revision: int) -> Self:
        """Filled from what is stored."""
        return cls(show.typed_of(section["text"]), str(revision), show.mark_of(section["text"]))

    def again(self, form: FormData, section: str, *, renewed: bool) -> Self:
        """With what was typed; over what is stored now only where the writer is told of it."""
        typed = replace(self, text=str(form.get(f"{show.PREFIX}{section}") or ""))
        return typed if renewed else replace(typed, revision=_told(form, "revision"), was=_told(form, "was"))


@router.get("/analytics", dependencies=READ, operation_id="analytics_page", summary="Аналитические документы",
            response_class=Response)  # fmt: skip
async def analytics_page(visitor: Visit, cursor: Text = "") -> Response:
    """Documents, the latest periods first; drafts and the form of a new one for those who write them."""
    return await _list(visitor, cursor=cursor)


@router.post("/analytics", dependencies=WRITE, operation_id="begin_analytics", response_class=Response)
async def begin_analytics(visitor: Visit, form: Form) -> Response:
    """Begin a document or its next version; refused, the list comes back with what is wrong."""
    told = _begun(form)
    answer = await visitor.send(
        "POST",
        "scoring",
        DOCUMENTS,
        json={name: text for name, text in told.items() if text or name != "reason"},
        headers=repeated(key_of(form)),
    )
    if answer.ok:
        return RedirectResponse(path_of("analytics", answer.body["id"]), status_code=303)
    return await _list(visitor, refused=answer, form=form)


def _begun(form: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(form.get(name) or "").strip() for name in ("procedure", "period", "reason")}


async def _list(
    visitor: Visitor, *, cursor: str = "", refused: Answer | None = None, form: FormData | None = None
) -> Response:
    asked = {"cursor": cursor} if cursor else {}
    found, catalogue = await asyncio.gather(
        visitor.get("scoring", DOCUMENTS, params=asked), visitor.get("monitoring", "/v1/procedures")
    )
    if not found.ok:
        return not_shown(visitor, found, title="Аналитические документы", typed=form)
    procedures = sorted(catalogue.items, key=lambda one: one["code"])
    return page(
        visitor,
        "analytics/list.html",
        status=_status(refused),
        documents=found.items,
        following=found.body["next"],
        procedures=[(one["key"], f"{one['code']}. {one['name']}") for one in procedures],
        writes=visitor.may("analytics.write"),
        refused=refused,
        typed=_begun(form or {}),
        key=key_again(key_of(form or {}), refused) if refused else fresh_key(),
    )


@router.get("/analytics/{document}", dependencies=READ, operation_id="analytics_document_page",
            summary="Аналитический документ", response_class=Response)  # fmt: skip
async def document_page(visitor: Visit, document: Named) -> Response:
    """The ten sections; of a draft also the forms of the texts and what is still missing."""
    return await _shown(visitor, document)


@router.post("/analytics/{document}/sections/{section}", dependencies=WRITE, operation_id="write_analytics_text",
             response_class=Response)  # fmt: skip
async def write_text(visitor: Visit, document: Named, section: Section, form: Form) -> Response:
    """Put a section's text; refused, the page comes back with what was typed."""
    answer = await visitor.send(
        "PUT",
        "scoring",
        path_of("v1", "analytics-documents", document, "sections", section),
        json={"text": show.blocks_of(str(form.get(f"{show.PREFIX}{section}") or ""))},
        headers=_revision(form),
    )
    if answer.ok:
        return RedirectResponse(f"{path_of('analytics', document)}#section-{section}", status_code=303)
    return await _shown(visitor, document, refused=answer, form=form, tried=section)


@router.post("/analytics/{document}/finish", dependencies=WRITE, operation_id="finish_analytics_document",
             response_class=Response)  # fmt: skip
async def finish_document(visitor: Visit, document: Named, form: Form) -> Response:
    """Freeze the document; refused, every missing section is named and linked."""
    answer = await visitor.send(
        "POST",
        "scoring",
        path_of("v1", "analytics-documents", document, "finish"),
        headers=_revision(form),
        patience=PAPER_PATIENCE,
    )
    if answer.ok:
        return RedirectResponse(path_of("analytics", document), status_code=303)
    return await _shown(visitor, document, refused=answer, form=form)


@router.get("/analytics/{document}/document.{ending}", dependencies=READ, operation_id="download_analytics",
            summary="Документ: DOCX, PDF или JSON", response_class=Response)  # fmt: skip
async def download_document(visitor: Visit, document: Named, ending: Literal["docx", "pdf", "json"]) -> Response:
    """The file as scoring makes it."""
    door = path_of("v1", "analytics-documents", document, f"document.{ending}")
    found = await visitor.get("scoring", door, patience=PAPER_PATIENCE)
    if not found.ok:
        return trouble_page(visitor, found)
    name = "".join(sign for sign in document if sign.isascii() and (sign.isalnum() or sign in "-._"))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "private, no-cache"}
    return Response(found.raw, media_type=MEDIA[ending], headers=headers)


def _revision(form: FormData) -> dict[str, str]:
    return {"If-Match": f'"{_told(form, "revision")}"'}


def _told(form: FormData, name: str) -> str:
    return str(form.get(name) or "")


def _status(refused: Answer | None) -> int:
    return 200 if refused is None else refused.page_status


async def _shown(
    visitor: Visitor, named: str, *, refused: Answer | None = None, form: FormData | None = None, tried: str = ""
) -> Response:
    found = await visitor.get("scoring", path_of("v1", "analytics-documents", named))
    if not found.ok:
        return not_shown(visitor, found, title="Аналитический документ", typed=form)
    one: dict[str, Any] = found.body
    forms = {each["key"]: Filled.of(each, one["revision"]) for each in one["sections"]}
    problem = refused.problem if refused else None
    outrun = False
    if form is not None and problem is not None and tried in forms:
        now = forms[tried]
        outrun = problem.stale and form.get("was") != now.was
        if problem.stale:
            [section] = [each for each in one["sections"] if each["key"] == tried]
            problem = show.outrun(section, same=not outrun)
        forms[tried] = now.again(form, tried, renewed=problem.stale)
    return page(
        visitor,
        "analytics/one.html",
        status=_status(refused),
        one=one,
        writes=visitor.may("analytics.write"),
        forms=forms,
        problem=problem,
        outrun=outrun,
        tried=tried,
        key=fresh_key(),
        show=show,
    )
