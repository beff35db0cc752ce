"""Correcting and withdrawing a result: over the revision that was read, with a reason, conflicts explained."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer, Problem
from services.portal.clients.paths import path as path_of
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import away
from services.portal.pages.repeating import fresh_key, key_again, key_of, repeated
from services.portal.pages.results.asked import (
    ResultId,
    Reviser,
    described,
    found,
    is_open,
    procedure_in,
    subject_of,
)
from services.portal.show.entry import LABELS, Entry, aside, content, entry_of, for_people, messages, places, read_entry
from services.portal.show.revisions import compared, held_too
from shared.web import router as make_router

STALE, UNPROCESSABLE, MADE = 412, 422, 201
router = make_router(tag="results")
Act = Literal["correction", "withdrawal"]
DONE = {"correction": "corrected", "withdrawal": "withdrawn"}
INVALID = "invalid-result"
REFUSED: Mapping[Act, str] = {"correction": "Исправление не принято", "withdrawal": "Результат не отозван"}


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands: what is typed, over which revision, the key of its repeat, what was refused."""

    entry: Entry
    revision: str
    key: str
    problem: Problem | None = None

    @property
    def stale(self) -> bool:
        """Whether somebody else was quicker."""
        return self.problem is not None and self.problem.stale


@router.get("/results/{result}/correction", operation_id="correct_result_page", response_class=Response)
async def correction_page(visitor: Visit, _: Reviser, result: ResultId) -> Response:
    """The form filled with what holds now."""
    return await _asked(visitor, result, "correction")


@router.get("/results/{result}/withdrawal", operation_id="withdraw_result_page", response_class=Response)
async def withdrawal_page(visitor: Visit, _: Reviser, result: ResultId) -> Response:
    """The question whether to withdraw, and why."""
    return await _asked(visitor, result, "withdrawal")


@router.post("/results/{result}/correction", operation_id="correct_result", response_class=Response)
async def correct(visitor: Visit, _: Reviser, result: ResultId, form: Form) -> Response:
    """Over the very revision that the form was filled from."""
    return await _sent(visitor, result, "correction", form)


@router.post("/results/{result}/withdrawal", operation_id="withdraw_result", response_class=Response)
async def withdraw(visitor: Visit, _: Reviser, result: ResultId, form: Form) -> Response:
    """The result counts no more; its revisions stay readable."""
    return await _sent(visitor, result, "withdrawal", form)


async def _asked(visitor: Visitor, result: str, act: Act) -> Response:
    answer = await visitor.get("monitoring", path_of("v1", "results", result))
    present = found(answer)
    catalogued = await described(visitor, present["procedure"]) if present else answer
    if catalogued.away:  # without the indicators the form would have no fields, and what they hold would be left out
        return away(visitor, catalogued, title="Результат")
    draft = Draft(entry_of(present), str(present["revision"]), fresh_key())
    return await _shown(visitor, present, _indicated(catalogued, present), act, draft=draft)


async def _sent(visitor: Visitor, result: str, act: Act, form: FormData) -> Response:
    answer = await visitor.get("monitoring", path_of("v1", "results", result))
    present = found(answer)
    catalogued = await described(visitor, present["procedure"]) if present else answer
    if catalogued.away:
        return away(visitor, catalogued, title="Результат", typed=form)
    procedure = _indicated(catalogued, present)
    entry, revision, key = read_entry(dict(form)), str(form.get("revision") or ""), key_of(form)
    said = {"withdrawn": True} if act == "withdrawal" else content(entry, procedure["indicators"]) | aside(entry)
    told = await visitor.send(
        "POST",
        "monitoring",
        path_of("v1", "results", result, "revisions"),
        json=said | {"reason": entry.why},
        headers={"If-Match": f'"{revision}"'} | repeated(key),
    )
    if told.ok:
        done = DONE[act] if told.status == MADE else "unchanged"
        return RedirectResponse(f"/results/{result}?{urlencode({'done': done})}", status_code=303)
    draft = Draft(entry, revision, key_again(key, told), told.problem)
    if draft.stale:  # over the revision that holds now
        draft = replace(draft, revision=str(present["revision"]), key=fresh_key())
    return await _shown(visitor, present, procedure, act, draft=draft)


def _indicated(catalogued: Answer, present: Mapping[str, Any]) -> Mapping[str, Any]:
    """The procedure with every indicator that the form is to ask for: of the catalogue, and of the result."""
    return held_too(procedure_in(catalogued, present["procedure"]), [present])


async def _shown(
    visitor: Visitor, present: Mapping[str, Any], procedure: Mapping[str, Any], act: Act, *, draft: Draft
) -> Response:
    revisions, subject, open_source = await asyncio.gather(
        _revisions(visitor, present["id"]), subject_of(visitor, present), is_open(visitor, present["source"])
    )
    indicators = procedure["indicators"]
    problem = _called(act, for_people(draft.problem, indicators)) if draft.problem else None
    fields = places(indicators)
    return page(
        visitor,
        f"results/{act}.html",
        status=_status(problem),
        headers={"Cache-Control": "no-store"},
        result=present,
        procedure=procedure,
        subject=subject.name,
        open_source=open_source,
        draft=draft,
        problem=problem,
        fields=fields,
        labels=LABELS,
        errors=messages(problem, fields, indicators),
        lines=compared([present], indicators),
        revisions=revisions.items,
    )


def _called(act: Act, problem: Problem) -> Problem:
    """The refusal called by what was to be done: the service calls all of them alike."""
    return replace(problem, title=REFUSED[act]) if problem.code == INVALID else problem


async def _revisions(visitor: Visitor, result: str) -> Answer:
    return await visitor.get("monitoring", path_of("v1", "results", result, "revisions"), params={"limit": 200})


def _status(problem: Problem | None) -> int:
    if problem is None:
        return 200
    if problem.code == "service-away":
        return 503
    return STALE if problem.stale else UNPROCESSABLE
