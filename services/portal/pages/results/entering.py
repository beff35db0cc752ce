"""Entering a result: procedure, subject and period, then its indicators; sent once however often it is clicked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer, Problem
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import away
from services.portal.pages.repeating import fresh_key, key_again, key_of, repeated
from services.portal.pages.results.asked import Submitter, by_code, catalogue, is_open, organization_name
from services.portal.pages.results.choosing import Chosen, chosen_by
from services.portal.show.entry import LABELS, Entry, aside, content, for_people, messages, places, read_entry
from shared.web import router as make_router

SOURCE = "portal"
CONFLICT, UNPROCESSABLE = 409, 422
# The fields of the choice that the form of the values can show, too: another procedure has other values.
CHOICE = frozenset({"municipality", "period"})
router = make_router(tag="results")
Text = Annotated[str, Query(max_length=100)]
Sent = Annotated[str | None, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it stands: what is typed, the key of its repeat, what was refused.

    `form` is what somebody has sent already, `choosing` whether the choice is to be changed in it.
    """

    entry: Entry
    key: str
    problem: Problem | None = None
    form: FormData | None = None
    choosing: bool = False

    @property
    def sent(self) -> bool:
        """Whether somebody has filled it in already."""
        return self.form is not None


@router.get("/results/new", operation_id="new_result", summary="Внести результат", response_class=Response)
async def new_result(
    visitor: Visit,
    _: Submitter,
    *,
    procedure: Sent = None,
    municipality: Text = "",
    period: Sent = None,
) -> Response:
    """First what the result is about, then its values; the first step, once sent, says all fields, be they empty."""
    procedures = await catalogue(visitor)
    chosen = chosen_by(visitor, procedure or "", municipality, period or "").among(procedures.items)
    problem = chosen.refusal if procedure is None or period is None else chosen.problem
    return await _shown(visitor, chosen, procedures, draft=Draft(Entry(), fresh_key(), problem))


@router.post("/results/new", operation_id="enter_result", response_class=Response)
async def enter_result(visitor: Visit, _: Submitter, form: Form) -> Response:
    """Accepted: off to the result's page; refused: the form again, with what is wrong at each field.

    What is wrong with the choice is sent, too, so that its refusal names the values beside it.
    """
    procedures = await catalogue(visitor)
    told = (str(form.get(name) or "") for name in ("procedure", "municipality", "period"))
    chosen = chosen_by(visitor, *told).among(procedures.items)
    draft = Draft(read_entry(dict(form)), key_of(form), chosen.problem, form)
    if form.get("choose"):
        return await _shown(visitor, chosen, procedures, draft=replace(draft, problem=None, choosing=True))
    if not chosen.procedure:
        return await _shown(visitor, chosen, procedures, draft=draft)
    body = {"procedure": chosen.procedure, "subject": chosen.subject, "period": chosen.period, "source": SOURCE}
    body |= content(draft.entry, _indicators(chosen, procedures)) | aside(draft.entry)
    answer = await visitor.send("POST", "monitoring", "/v1/results", json=body, headers=repeated(draft.key))
    if answer.ok:
        return RedirectResponse(f"/results/{answer.body['id']}?{urlencode({'done': 'entered'})}", status_code=303)
    return await _shown(visitor, chosen, procedures, draft=_refused(draft, answer))


def _refused(draft: Draft, answer: Answer) -> Draft:
    return replace(draft, key=key_again(draft.key, answer), problem=answer.problem)


def _described(procedures: Answer, key: str) -> Mapping[str, Any] | None:
    return next((one for one in procedures.items if one["key"] == key), None)


def _indicators(chosen: Chosen, procedures: Answer) -> Sequence[Mapping[str, Any]]:
    described = _described(procedures, chosen.procedure)
    found: Sequence[Mapping[str, Any]] = described["indicators"] if described else []
    return found


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
        return away(visitor, procedures, title="Внести результат", typed=draft.form)
    indicators = _indicators(chosen, procedures)
    # What was typed once stays in the form, whatever is wrong with the choice.
    ready = bool(chosen.procedure) and (chosen.complete or draft.sent)
    municipalities = _municipalities(visitor)
    fields = _fields(indicators, procedure=not ready, municipality=bool(municipalities))
    problem = for_people(draft.problem, indicators) if draft.problem else None
    exists = problem is not None and problem.code == "result-exists"
    looked = ready and not draft.choosing and (problem is None or exists)
    existing = await _existing(visitor, chosen) if looked else None
    wrong = {fields.get(one.pointer) for one in problem.errors} if problem else set()
    return page(
        visitor,
        "results/new.html",
        status=_status(problem),
        headers={"Cache-Control": "no-store"},
        chosen=chosen,
        procedure=_described(procedures, chosen.procedure) if ready else None,
        draft=replace(
            draft, problem=None if existing else problem, choosing=draft.choosing or exists or bool(wrong & CHOICE)
        ),
        existing=existing,
        open_source=existing is not None and await is_open(visitor, existing["source"]),
        fields=fields,
        labels=LABELS,
        errors=messages(problem, fields, indicators),
        procedures=by_code([one for one in procedures.items if chosen.takes(one)]),
        municipalities=municipalities,
        subject=await _subject(visitor, chosen),
    )


def _fields(indicators: Sequence[Mapping[str, Any]], **chosen: bool) -> dict[str, str]:
    """The field for each pointer of a refusal, of those of the choice only the ones that stand there."""
    return {pointer: name for pointer, name in places(indicators).items() if chosen.get(name, True)}


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
