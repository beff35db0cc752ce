"""Activities of road maps as pages: where each leads, and what is sent when one is confirmed or that is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from services.portal.clients import Problem
from services.portal.show.editions import UNCONFIRMED, text
from services.portal.show.numbers import short_day
from services.portal.show.words import word

Told = Mapping[str, Any]
FIELDS = ("text", "url", "done_on", "window")
NEEDED = {"text", "done_on", "reason"}
LABELS = {
    "text": "Что сделано",
    "url": "Где это видно",
    "done_on": "Когда сделано",
    "window": "За какой срок",
    "on": "С какого дня",
}
WHY, WHY_NOT = "Почему отзывается", "Почему не участвует"
DECLINE = "decline"
SURE = "Муниципалитет не участвует: неисполненные сроки не считаются просроченными, напоминаний о них нет."
FORM, BY_DAY = "evidence", "По дню исполнения: первый неисполненный из начавшихся"
NO_REASON = {"pointer": "/reason", "code": "required", "message": "", "remedy": ""}
CHANGED = "Пока страница была открыта, сведения о мероприятии изменились"
NO_ADDRESS = "Это не адрес страницы: скопируйте его из строки браузера целиком, с началом."
UNSENT = "Ваше не записано. Сверьте подтверждения на странице; если ваше всё ещё нужно, отправьте его ещё раз."


@dataclass(frozen=True, slots=True)
class Draft:
    """The forms as they stand: which was tried, what was typed, over which revision, the key of its repeat."""

    revision: str
    key: str
    tried: str = ""
    typed: Mapping[str, str] | None = None
    problem: Problem | None = None

    def value(self, name: str, form: str = FORM) -> str:
        """What was typed into a field of this form."""
        return (self.typed or {}).get(name, "") if self.tried == form else ""

    def wrong(self, name: str, form: str = FORM) -> str:
        """What is wrong with a field of this form."""
        errors = self.problem.errors if self.problem and self.tried == form else ()
        return " ".join(f"{one.message} {one.remedy}".strip() for one in errors if one.pointer == f"/{name}")


def address_of(activity: str, municipality: str | None, *, done: str = "") -> str:
    """The page of an activity on the side of a municipality, or of whoever its road map belongs to."""
    asked = {name: said for name, said in (("municipality", municipality), ("done", done)) if said}
    return f"/activities/{quote(activity, safe='')}" + (f"?{urlencode(asked)}" if asked else "")


def withdrawing(number: int | str) -> str:
    """The name of the form that takes this confirmation back."""
    return f"withdraw-{number}"


def why(form: str) -> str:
    """What the reason of a form is called."""
    return WHY_NOT if form == DECLINE else WHY


def unsure(body: Mapping[str, str]) -> dict[str, Any]:
    """The refusal of an answer that nobody confirmed; that its reason is empty is said at once."""
    errors = [] if body["reason"] else [NO_REASON]
    return {"code": "not-confirmed", "title": "Ответ не записан", "detail": "", "errors": [*errors, UNCONFIRMED]}


def body_of(form: Mapping[str, Any], names: Sequence[str], municipality: str) -> dict[str, str]:
    """What is sent: the needed fields always, the others where something was typed; the side where one was named.

    Without a day the service takes today's, which nobody said.
    """
    told = {name: text(form, name) for name in names}
    side = {"municipality": municipality} if municipality else {}
    return side | {name: said for name, said in told.items() if said or name in NEEDED}


def windows_of(activity: Told) -> list[tuple[str, str]]:
    """The deadlines that a confirmation can be for; none where there is nothing to choose from."""
    found = [(one["start"], f"{span_of(one)} — {word('activity', one['state'])}") for one in activity["occurrences"]]
    return found if len(found) > 1 else []


def span_of(window: Told) -> str:
    """`01.02.2022–28.02.2022`; one day alone."""
    start, end = short_day(window["start"]), short_day(window["end"])
    return start if start == end else f"{start}–{end}"


def state_of(window: Told, activity: Told) -> str:
    """How a deadline stands: of what nobody did nothing is due where the municipality takes no part."""
    declined = activity["state"] == "declined" and window["state"] not in {"done", "done_late"}
    return "declined" if declined else str(window["state"])


def confirmed_for(evidence: Told, activity: Told) -> str:
    """The deadline that a confirmation was given for; empty where it has none, or the deadline was moved since."""
    return next((span_of(one) for one in activity["occurrences"] if one["start"] == evidence["window"]), "")


def counting(activity: Told) -> list[Told]:
    """The confirmations that were not taken back."""
    return [one for one in activity.get("evidence", ()) if one["withdrawn"] is None]


def for_people(problem: Problem | None) -> Problem | None:
    """The refusal in words about this page: that somebody else was quicker, what an address is."""
    if problem is None:
        return None
    if problem.stale:
        return replace(problem, title=CHANGED, detail=UNSENT)
    errors = [replace(one, message=NO_ADDRESS, remedy="") if one.pointer == "/url" else one for one in problem.errors]
    return replace(problem, errors=tuple(errors))
