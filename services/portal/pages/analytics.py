"""Analytics documents: the list, a document with its ten sections, texts as forms, finishing, files to take along."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import Depends, Path, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.forms import LONGEST_FORM, Form
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.pages.away import not_shown
from services.portal.pages.repeating import fresh_key, key_again, key_of, repeated
from services.portal.show import analytics as show
from services.portal.show.editions import CONFIRM, unsure
from services.portal.show.sections import FINISH, PREFIX, SURE, Unsent, changed, filled
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="analytics")
READ = [Depends(may("analytics.read"))]
WRITE = [Depends(may("analytics.write"))]
DOCUMENTS = "/v1/analytics-documents"
PAPER_PATIENCE = 60.0
UNPROCESSABLE = 422
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}
Named = Annotated[str, Path(max_length=200)]
Section = Annotated[str, Path(max_length=60)]
Text = Annotated[str, Query(max_length=1024)]


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
             max_body_size=LONGEST_FORM, response_class=Response)  # fmt: skip
async def write_text(visitor: Visit, document: Named, section: Section, form: Form) -> Response:
    """Put a section's text and those of others that were changed; refused, the page comes back with what was typed."""
    texts = {section: _told(form, f"{PREFIX}{section}")} | changed(form)
    told = await _written(visitor, document, form, texts)
    if isinstance(told, Unsent):
        return await _shown(visitor, document, told)
    return RedirectResponse(f"{path_of('analytics', document)}#section-{quote(section, safe='')}", status_code=303)


@router.post("/analytics/{document}/finish", dependencies=WRITE, operation_id="finish_analytics_document",
             max_body_size=LONGEST_FORM, response_class=Response)  # fmt: skip
async def finish_document(visitor: Visit, document: Named, form: Form) -> Response:
    """Freeze the document with what was typed, once that is confirmed; refused, missing sections are linked."""
    texts = changed(form)
    if not form.get(CONFIRM):
        refused = Answer("scoring", "", UNPROCESSABLE, unsure(FINISH, form))
        return await _shown(visitor, document, Unsent(refused, form, FINISH, _told(form, "revision"), texts))
    told = await _written(visitor, document, form, texts)
    if isinstance(told, Unsent):
        return await _shown(visitor, document, told)
    answer = await visitor.send(
        "POST",
        "scoring",
        path_of("v1", "analytics-documents", document, "finish"),
        headers=_over(told),
        patience=PAPER_PATIENCE,
    )
    if answer.ok:
        return RedirectResponse(path_of("analytics", document), status_code=303)
    return await _shown(visitor, document, Unsent(answer, form, FINISH, told, {}))


async def _written(visitor: Visitor, document: str, form: FormData, texts: Mapping[str, str]) -> str | Unsent:
    """The revision once all texts are written, one after the other; or the first refusal, with what it left unsent."""
    revision, left = _told(form, "revision"), dict(texts)
    for section, text in texts.items():
        answer = await visitor.send(
            "PUT",
            "scoring",
            path_of("v1", "analytics-documents", document, "sections", section),
            json={"text": show.blocks_of(text)},
            headers=_over(revision),
        )
        if not answer.ok:
            return Unsent(answer, form, section, revision, left)
        revision = str(answer.body["revision"])
        del left[section]
    return revision


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


def _over(revision: str) -> dict[str, str]:
    return {"If-Match": f'"{revision}"'}


def _told(form: FormData, name: str) -> str:
    return str(form.get(name) or "")


def _status(refused: Answer | None) -> int:
    return 200 if refused is None else refused.page_status


async def _shown(visitor: Visitor, named: str, unsent: Unsent | None = None) -> Response:
    found = await visitor.get("scoring", path_of("v1", "analytics-documents", named))
    if not found.ok:
        return not_shown(visitor, found, title="Аналитический документ", typed=unsent.form if unsent else None)
    return page(
        visitor,
        "analytics/one.html",
        status=_status(unsent.refused if unsent else None),
        one=found.body,
        writes=visitor.may("analytics.write"),
        filled=filled(found.body, unsent),
        sure=SURE,
        key=fresh_key(),
        show=show,
    )
