"""Entering a result: procedure, subject and period, then its indicators; sent once however often it is clicked."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from services.portal.clients import Answer, Problem
from services.portal.page import Form, Visit, Visitor, page
from services.portal.pages.results.asked import Submitter, away, by_code, catalogue, organization_name, repeated
from services.portal.show.entry import Entry, aside, content, for_people, messages, places, read_entry
from shared.web import router as make_router

SOURCE = "portal"
CONFLICT, UNPROCESSABLE = 409, 422
INCOMPLETE = Problem("incomplete-choice", "Не всё выбрано", "Выберите процедуру, муниципалитет и период.")
router = make_router(tag="results")
Text = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a result is to be about."""

    procedure: str
    municipality: str
    organization: str
    period: str

    @property
    def subject(self) -> dict[str, str]:
        """The subject as the services take it."""
        if self.organization:
            return {"organization": self.organization}
        return {"municipality": self.municipality}

    @property
    def complete(self) -> bool:
        """Whether the indicators can be asked for."""
        return bool(self.procedure and self.period and (self.organization or self.municipality))


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands: what is typed, the key of its repeat, what was refused."""

    entry: Entry
    key: str
    problem: Problem | None = None


def chosen_by(visitor: Visitor, procedure: str, municipality: str, period: str) -> Chosen:
    """The choice; whoever works for one municipality or school chooses no other."""
    own = visitor.actor.attributes
    if visitor.actor.role == "organization":
        return Chosen(procedure, "", own.get("organization", ""), period.strip())
    return Chosen(procedure, visitor.municipality or visitor.portal.region.named(municipality), "", period.strip())


@router.get("/results/new", operation_id="new_result", summary="Внести результат", response_class=Response)
async def new_result(
    visitor: Visit, _: Submitter, *, procedure: Text = "", municipality: Text = "", period: Text = ""
) -> Response:
    """First what the result is about, then its values."""
    chosen = chosen_by(visitor, procedure, municipality, period)
    procedures = await catalogue(visitor)
    return await _shown(visitor, chosen, procedures, draft=Draft(Entry(), secrets.token_urlsafe(16)))


@router.post("/results/new", operation_id="enter_result", response_class=Response)
async def enter_result(visitor: Visit, _: Submitter, form: Form) -> Response:
    """Accepted: off to the result's page; refused: the form again, with what is wrong at each field."""
    chosen = chosen_by(visitor, *(str(form.get(name) or "") for name in ("procedure", "municipality", "period")))
    procedures = await catalogue(visitor)
    described = _described(procedures, chosen.procedure)
    entry, key = read_entry(dict(form)), str(form.get("key") or "")
    if described is None or not chosen.complete:
        return await _shown(visitor, chosen, procedures, draft=Draft(entry, key, INCOMPLETE))
    body = {"procedure": chosen.procedure, "subject": chosen.subject, "period": chosen.period, "source": SOURCE}
    body |= content(entry, described["indicators"]) | aside(entry)
    answer = await visitor.send("POST", "monitoring", "/v1/results", json=body, headers=repeated(key))
    if answer.ok:
        return RedirectResponse(f"/results/{answer.body['id']}?{urlencode({'done': 'entered'})}", status_code=303)
    return await _shown(visitor, chosen, procedures, draft=Draft(entry, key, answer.problem))


def _described(procedures: Answer, key: str) -> Mapping[str, Any] | None:
    return next((one for one in procedures.items if one["key"] == key), None)


async def _existing(visitor: Visitor, chosen: Chosen) -> Mapping[str, Any] | None:
    """The result that is there already, so that nobody fills in a form in vain; those of schools are passed over."""
    asked = {"procedure": chosen.procedure, "period": chosen.period, "municipality": chosen.municipality, "limit": 200}
    cursor: str | None = ""
    while cursor is not None:
        told = {name: text for name, text in {**asked, "cursor": cursor}.items() if text}
        answer = await visitor.get("monitoring", "/v1/results", params=told)
        for one in answer.items:
            if one["subject"].get("organization", "") == chosen.organization:
                found: Mapping[str, Any] = one
                return found
        cursor = answer.body["next"] if answer.ok else None
    return None


async def _shown(visitor: Visitor, chosen: Chosen, procedures: Answer, *, draft: Draft) -> Response:
    if not procedures.ok:
        return away(visitor, procedures, title="Внести результат")
    described = _described(procedures, chosen.procedure)
    indicators = described["indicators"] if described else []
    fields = places(indicators)
    problem = for_people(draft.problem, indicators) if draft.problem else None
    ready = chosen.complete and described is not None
    existing = (
        await _existing(visitor, chosen) if ready and (problem is None or problem.code == "result-exists") else None
    )
    return page(
        visitor,
        "results/new.html",
        status=_status(problem),
        headers={"Cache-Control": "no-store"},
        chosen=chosen,
        procedure=described if ready else None,
        draft=replace(draft, problem=None if existing else problem),
        existing=existing,
        fields=fields,
        errors=messages(problem, fields, indicators),
        procedures=by_code(procedures.items),
        municipalities=_municipalities(visitor),
        subject=await _subject(visitor, chosen),
    )


def _status(problem: Problem | None) -> int:
    if problem is None:
        return 200
    if problem.code == "service-away":
        return 503
    return CONFLICT if problem.code == "result-exists" else UNPROCESSABLE


def _municipalities(visitor: Visitor) -> list[tuple[str, str]]:
    """The municipalities to choose from; none where the visitor's own is meant anyway."""
    if visitor.municipality or visitor.actor.role == "organization":
        return []
    return visitor.portal.region.choices()


async def _subject(visitor: Visitor, chosen: Chosen) -> str:
    if chosen.organization:
        return await organization_name(visitor, chosen.organization)
    unit = visitor.portal.region.unit(chosen.municipality)
    return unit.name if unit else chosen.municipality
