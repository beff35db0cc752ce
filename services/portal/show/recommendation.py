"""A recommendation as a page: what may be done with it now, and what is sent for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.portal.clients import Problem
from services.portal.show.numbers import moment
from services.portal.show.words import bound, word
from shared.calendar import day_of

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with a recommendation: which state it needs, which action, what is asked for."""

    key: str
    title: str
    action: str
    state: str
    fields: tuple[str, ...]
    optional: bool = False


UNSENT = "Ваше не записано. Сверьте то, что на странице теперь; если шаг ещё нужен, повторите его."
ACTS = (
    Act("issue", "Направить адресату", "recommendation.issue", "drafted", ("text",)),
    Act("discard", "Снять проект", "recommendation.discard", "drafted", ("reason",)),
    Act("consider", "Отметить рассмотрение", "recommendation.consider", "issued", ("meeting", "held_on")),
    Act("accept", "Принять", "recommendation.answer", "considered", ("reason",), optional=True),
    Act("decline", "Отклонить", "recommendation.answer", "considered", ("reason",)),
)
BY_KEY = {one.key: one for one in ACTS}


def near_and_over(deadlines: Sequence[Told], now: datetime) -> tuple[list[Told], list[Told]]:
    """The deadlines of the day of drafting that are still ahead, and those that have passed, by today's calendar."""
    today = day_of(now).isoformat()
    return [one for one in deadlines if one["due"] >= today], [one for one in deadlines if one["due"] < today]


def lines_of(text: str) -> list[str]:
    """The lines of a text, without empty ones."""
    return [bound(line.strip()) for line in text.splitlines() if line.strip()]


def outrun(one: Told, problem: Problem) -> Problem:
    """The refusal with who took the last step, where somebody else was quicker."""
    if not problem.stale or not one["steps"]:
        return problem
    last = one["steps"][-1]
    did = f"{word('step', last['state']).capitalize()}: {word('role', last['role'])}, {moment(last['at'])}."
    return replace(problem, title="Пока страница была открыта, рекомендация изменилась", detail=f"{did} {UNSENT}")


def body_of(act: Act, form: Mapping[str, Any]) -> dict[str, str]:
    """What is sent: the fields of the act; an optional one that is left empty is left out."""
    told = {name: str(form.get(name) or "").strip().replace("\r\n", "\n") for name in act.fields}
    return {name: text for name, text in told.items() if text or not act.optional}


def acts_for(state: str, allowed: Sequence[str]) -> list[Act]:
    """What can be done in this state by somebody with these actions."""
    return [one for one in ACTS if one.state == state and one.action in allowed]
