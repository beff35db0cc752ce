"""How road maps, activities, questions and recommendations look in answers."""

from collections.abc import Mapping
from typing import Any

from services.roadmap.domain import (
    Activity,
    DatedName,
    Declined,
    Evidence,
    Line,
    Recommendation,
    Recovered,
    RoadMap,
    Step,
    Window,
)
from services.roadmap.domain.recommendation import WORDS
from services.roadmap.domain.words import level_words
from services.roadmap.events import NearestDeadline
from shared.policy import Actor, account_for, actor_may

Shown = dict[str, Any]
Names = Mapping[str, DatedName]
DETAILS = "evidence.read"
QUESTION = "Срок в дорожной карте не указан. Укажите, когда мероприятие должно быть выполнено."


def show_place(municipality: str | None, names: Names) -> Shown | None:
    """A municipality as every answer shows it; by its id alone while it was not told of."""
    if municipality is None:
        return None
    found = names.get(municipality)
    return {
        "id": municipality,
        "name": found.name if found else municipality,
        "oktmo": found.oktmo if found else None,
    }


def show_roadmap(one: RoadMap, names: Names, counts: Mapping[str, int]) -> Shown:
    """A road map, and how many of its activities are in each state on the day asked about."""
    return {
        "id": one.id,
        "title": one.title,
        "region": one.region,
        "municipality": show_place(one.municipality, names),
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "act": one.act,
        "revision": one.revision,
        "activities": sum(counts.values()),
        "states": dict(counts),
    }


def show_line(one: Line, names: Names, *, reader: Actor) -> Shown:
    """An activity as a side stands with it; who may not see details gets no texts of evidence and refusals."""
    activity, task = one.activity, one.activity.task
    due = one.due
    shown = {
        "id": activity.id,
        "roadmap": activity.roadmap,
        "number": task.number,
        "title": task.title,
        "section": task.section,
        "municipality": show_place(one.execution.side, names),
        "deadline": _deadline(activity),
        "state": one.state,
        "due": due.isoformat() if due else None,
        "occurrences": [{**show_window(each.window), "state": each.state} for each in one.occurrences],
        "responsible": list(task.responsible),
        "results": list(task.results),
        "revision": revision_of(one),
    }
    if actor_may(reader, DETAILS, {"municipality": one.execution.side}):
        declined = one.declined
        shown["evidence"] = [_evidence(each, number, reader) for number, each in enumerate(one.execution.evidence, 1)]
        shown["declined"] = _declined(declined, reader) if declined else None
    return shown


def revision_of(one: Line) -> int:
    """Grows with every change of the activity itself or of what became of it on this side."""
    return one.activity.revision + one.execution.revision


def show_question(one: Activity, names: Names) -> Shown:
    """What is asked about an activity without a deadline, and the answer where there is one."""
    answer = one.answer
    return {
        "activity": one.id,
        "roadmap": one.roadmap,
        "municipality": show_place(one.municipality, names),
        "number": one.task.number,
        "title": one.task.title,
        "phrase": one.task.deadline.phrase,
        "question": QUESTION,
        "state": "answered" if answer else "open",
        "answer": {
            "windows": [show_window(window) for window in answer.windows],
            "reason": answer.reason,
            "at": answer.at.isoformat(),
        }
        if answer
        else None,
    }


def show_recommendation(one: Recommendation, names: Names, *, reader: Actor) -> Shown:
    """A recommendation with what it follows from and the way it went."""
    place = show_place(one.municipality, names) or {}
    return {
        "id": one.id,
        "municipality": place,
        "addressee": f"Муниципальный орган управления образованием: {place['name']}",
        "period": one.period,
        "state": one.state,
        "state_words": WORDS[one.state],
        "basis": _basis(one),
        "text": one.text,
        "text_key": one.text_key,
        "deadlines": [_nearest(each) for each in one.deadlines],
        "recovered": _recovered(one.recovered) if one.recovered else None,
        "steps": [_step(each, reader) for each in one.steps],
        "revision": one.revision,
        "created_at": one.created_at.isoformat(),
    }


def show_window(window: Window) -> Shown:
    """A window; both days are included."""
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}


def _deadline(activity: Activity) -> Shown:
    deadline = activity.task.deadline
    return {
        "phrase": deadline.phrase,
        "kinds": list(deadline.kinds),
        "windows": [show_window(window) for window in activity.windows],
        "rrule": deadline.rrule,
        "answered": activity.answer is not None,
    }


def _basis(one: Recommendation) -> Shown:
    basis = one.basis
    return {
        "kind": basis.kind,
        "score_revision": basis.score_revision,
        "period": one.period,
        "group": basis.group,
        "before": {"level": basis.before_level, "percent": basis.before_percent},
        "after": {"level": basis.after_level, "percent": basis.after_percent},
    }


def _nearest(one: NearestDeadline) -> Shown:
    return {
        "activity": one.activity,
        "roadmap": one.roadmap,
        "number": one.task_number,
        "title": one.title,
        "due": one.due.isoformat(),
        "state": one.state,
    }


def _recovered(mark: Recovered) -> Shown:
    words = f"Уровень снова «{level_words(mark.level)}»: проверьте, нужна ли рекомендация."
    return {"score_revision": mark.score_revision, "level": mark.level, "words": words}


def _declined(one: Declined, reader: Actor) -> Shown:
    return {"reason": one.reason, "on": one.on.isoformat(), **account_for(reader, one.by)}


def _evidence(one: Evidence, number: int, reader: Actor) -> Shown:
    gone = one.withdrawn
    return {
        "number": number,
        "window": one.window.isoformat() if one.window else None,
        "text": one.text,
        "url": one.url,
        "done_on": one.done_on.isoformat(),
        "recorded_at": one.at.isoformat(),
        **account_for(reader, one.by),
        "withdrawn": {"reason": gone.reason, "at": gone.at.isoformat(), **account_for(reader, gone.by)}
        if gone
        else None,
    }


def _step(one: Step, reader: Actor) -> Shown:
    return {
        "state": one.state,
        "at": one.at.isoformat(),
        "role": one.by.partition(":")[0],
        **account_for(reader, one.by),
        "on": one.on.isoformat() if one.on else None,
        "note": one.note,
    }
