"""The operators' pages: how each service is, and its dead letters: shown, handled again, or discarded with a reason."""

import asyncio
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import TITLES, Answer, Readiness, Stored
from services.portal.clients.paths import path as path_of
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import away
from services.portal.show.journal import REGISTERS
from services.portal.show.operations import LETTERS, Health, health_of
from shared.kernel import NotFound
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="operations")
Reader = Annotated[Actor, Depends(may("operations.read"))]
Operator = Annotated[Actor, Depends(may("operations.act"))]
Name = Annotated[Stored, Path()]
LetterId = Annotated[str, Path(max_length=500)]
LetterState = Annotated[Literal["new", "redriven", "discarded", ""], Query()]
Text = Annotated[str, Query(max_length=1100)]
Done = Annotated[Literal["redriven", "still", "discarded"] | None, Query()]
DOOR = ("v1", "operations")
# The largest page of a list: of more dead letters it is enough to know that there are more.
COUNTED = 200


@router.get("/operations", operation_id="operations_page", summary="Состояние системы", response_class=Response)
async def operations_page(visitor: Visit, _: Reader) -> Response:
    """Every service asked just now, all at once."""
    found = await visitor.portal.services.readiness()
    services = await asyncio.gather(*(_health(visitor, one) for one in found))
    return page(
        visitor,
        "operations/all.html",
        services=services,
        journals=list(REGISTERS),
        titles=TITLES,
        headers={"Cache-Control": "no-store"},
    )


async def _health(visitor: Visitor, readiness: Readiness) -> Health:
    if readiness.state == "away":
        nothing = Answer(readiness.name, readiness.title, 0)
        return health_of(readiness, nothing, nothing, nothing)
    name, waiting = readiness.name, {"state": "new", "limit": str(COUNTED)}
    metrics, outbox, letters = await asyncio.gather(
        visitor.get(name, "/metrics"),
        visitor.get(name, path_of(*DOOR, "outbox")),
        visitor.get(name, path_of(*DOOR, "dead-letters"), params=waiting),
    )
    return health_of(readiness, metrics, outbox, letters)


@router.get("/operations/{service}/letters", operation_id="letters_page", response_class=Response)
async def letters_page(
    visitor: Visit, _: Reader, service: Name, *, state: LetterState = "new", cursor: Text = ""
) -> Response:
    """What a service could not handle, newest first."""
    asked = {name: told for name, told in (("state", state), ("cursor", cursor)) if told}
    answer = await visitor.get(service, path_of(*DOOR, "dead-letters"), params=asked)
    following = answer.body.get("next") if answer.ok else None
    return page(
        visitor,
        "operations/letters.html",
        status=answer.page_status,
        headers={"Cache-Control": "no-store"},
        service=service,
        title=TITLES[service],
        answer=answer,
        letters=answer.items,
        state=state,
        begun=bool(cursor),
        states=[("", "Все"), *LETTERS.items()],
        older=f"{_list(service)}?{urlencode({'state': state, 'cursor': following})}" if following else None,
    )


@router.get("/operations/{service}/letters/{letter:path}", operation_id="letter_page", response_class=Response)
async def letter_page(visitor: Visit, _: Reader, service: Name, letter: LetterId, done: Done = None) -> Response:
    """One dead letter as it was received, and what can be done with it."""
    return await _letter(visitor, service, letter, done=done)


@router.post("/operations/{service}/redrive/{letter:path}", operation_id="redrive_letter", response_class=Response)
async def redrive_letter(visitor: Visit, _: Operator, service: Name, letter: LetterId, form: Form) -> Response:
    """Handled again in its own group; says what came of it."""
    del form
    answer = await visitor.send("POST", service, path_of(*DOOR, "redrive", letter), json={})
    if not answer.ok:
        return await _letter(visitor, service, letter, refused=answer)
    return _done(service, letter, "redriven" if answer.body["handled"] else "still")


@router.post("/operations/{service}/discard/{letter:path}", operation_id="discard_letter", response_class=Response)
async def discard_letter(visitor: Visit, _: Operator, service: Name, letter: LetterId, form: Form) -> Response:
    """Given up for a reason; it stays readable."""
    reason = str(form.get("reason") or "").strip()
    answer = await visitor.send("POST", service, path_of(*DOOR, "discard", letter), json={"reason": reason})
    if not answer.ok:
        return await _letter(visitor, service, letter, refused=answer, form=form)
    return _done(service, letter, "discarded")


async def _letter(
    visitor: Visitor,
    service: str,
    letter: str,
    *,
    done: str | None = None,
    refused: Answer | None = None,
    form: FormData | None = None,
) -> Response:
    answer = await visitor.get(service, path_of(*DOOR, "dead-letters", letter))
    if answer.missing and answer.problem:
        raise NotFound(answer.problem.code, answer.problem.title, answer.problem.detail)
    if form and answer.away:
        return away(visitor, answer, title="Отвергнутое сообщение", typed=form)
    return page(
        visitor,
        "operations/letter.html",
        status=(refused or answer).page_status,
        headers={"Cache-Control": "no-store"},
        service=service,
        title=TITLES[service],
        answer=answer,
        letter=answer.body if answer.ok else None,
        place=path_of(letter),
        done=done,
        problem=refused.problem if refused else None,
        reason=str(form.get("reason") or "").strip() if form else "",
        may_act=visitor.may("operations.act"),
    )


def _list(service: str) -> str:
    return f"/operations/{service}/letters"


def _done(service: str, letter: str, what: str) -> Response:
    return RedirectResponse(f"{_list(service)}{path_of(letter)}?{urlencode({'done': what})}", status_code=303)
