"""Objections as forms: what can be objected to, what has been corrected since the draft, what is sent for either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.portal.clients import Answer
from services.portal.show.editions import act_words, text, titles_of
from services.portal.show.municipality import author
from services.portal.show.numbers import short_day, short_moment

Told = Mapping[str, Any]
Choices = Sequence[tuple[str, str]]
RESULT, ACT = "result", "act"


def about_choices(content: Told, procedures: Sequence[Told]) -> Choices:
    """What a municipality can object to: groups, procedures, and their indicators as the catalogue has them."""
    kinds = {"overall": "group", "group": "group", "procedure": "procedure"}
    named = {one["key"]: one["indicators"] for one in procedures}
    titles = titles_of(content)
    found: list[tuple[str, str]] = []
    for table in content["ratings"]:
        place, title = f"{kinds[table['kind']]}:{table['group']}", titles[table["group"]]
        found.append((place, title))
        if table["kind"] == "procedure":
            found += [(f"{place}:{one['key']}", f"{title}: {one['name']}") for one in named.get(table["group"], ())]
    return found


# What an objection needs, by the pointers of its form.
NEEDED = {
    "/procedure": ("about", "С чем не согласны: не выбрано.", "Выберите группу, процедуру или показатель."),
    "/text": ("text", "В чём ошибка: не написано.", "Напишите, что посчитано не так."),
    "/evidence": ("evidence", "На чём основано: не написано.", "Назовите документ или ссылку."),
}


def unsaid(form: Told) -> dict[str, Any] | None:
    """The refusal of an objection that leaves something out, all of it at once; None where all is said."""
    errors = [
        {"pointer": pointer, "code": "missing", "message": message, "remedy": remedy}
        for pointer, (name, message, remedy) in NEEDED.items()
        if not text(form, name)
    ]
    told = {
        "code": "not-said",
        "title": "Возражение не отправлено",
        "detail": "Заполните отмеченное.",
        "errors": errors,
    }
    return told if errors else None


def objection_body(form: Told) -> dict[str, Any]:
    """What is sent for an objection: `about` is `group:<key>`, `procedure:<key>` or `procedure:<key>:<indicator>`."""
    kind, _, rest = text(form, "about").partition(":")
    key, _, indicator = rest.partition(":")
    about = {kind: key} if kind in {"group", "procedure"} else {}
    named = {"indicator": indicator} if indicator else {}
    return {**about, **named, "text": text(form, "text"), "evidence": text(form, "evidence")}


def answer_body(form: Told) -> dict[str, Any]:
    """What is sent for an answer; a correction where one was chosen: `result:<revision>:<id>` or `act:<id>`."""
    body: dict[str, Any] = {"decision": text(form, "decision")}
    if reason := text(form, "reason"):
        body["reason"] = reason
    kind, _, rest = text(form, "correction").partition(":")
    revision, _, result = rest.partition(":")
    if kind == RESULT and revision.isascii() and revision.isdecimal():
        return body | {"correction": {"result": result, "revision": int(revision[:9])}}
    return body | {"correction": {"applicability": rest}} if kind == ACT else body


@dataclass(frozen=True, slots=True)
class Offered:
    """The corrections to choose from; `more` where there are others behind them, `missing` is what did not come."""

    choices: Choices = ()
    more: bool = False
    missing: Answer | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded since a draft: present results by municipality, acts; and the catalogue of procedures."""

    since: str
    results: Mapping[str, Answer]
    acts: Answer
    catalogue: Answer

    def about(self, objection: Told) -> Offered:
        """What of it may correct what is objected to: of this municipality, of the procedure or the group named."""
        whose = objection["municipality"]["id"]
        told = self.results[whose]
        results = [one for one in told.items if _owner(one) == whose and self._concerns(objection, one)]
        acts = [one for one in self.acts.items if whose in _whose(one) and self._concerns(objection, one)]
        choices = [
            *((f"{RESULT}:{one['revision']}:{one['id']}", self._result(one)) for one in results),
            *((f"{ACT}:{one['id']}", self._act(one)) for one in acts if self._changed(one)),
        ]
        missing = next((one for one in (told, self.acts, self.catalogue) if not one.ok), None)
        return Offered(choices, more=told.ok and bool(told.body["next"]), missing=missing)

    @property
    def _procedures(self) -> Mapping[str, Told]:
        return {one["key"]: one for one in self.catalogue.items}

    def _concerns(self, objection: Told, one: Told) -> bool:
        if objection["procedure"]:
            return bool(objection["procedure"] == one["procedure"])
        return objection["group"] in {"overall", self._procedures.get(one["procedure"], {}).get("group")}

    def _changed(self, act: Told) -> bool:
        """Whether it says otherwise now than at the draft: in force only since, or in force then and withdrawn."""
        since, recorded = datetime.fromisoformat(self.since), datetime.fromisoformat(act["recorded_at"])
        withdrawn = datetime.fromisoformat(act["withdrawn_at"]) if act["withdrawn_at"] else None
        held = recorded <= since and (withdrawn is None or since < withdrawn)
        return held == (withdrawn is not None)

    def _named(self, one: Told) -> str:
        return str(self._procedures.get(one["procedure"], {}).get("name", one["procedure"]))

    def _result(self, one: Told) -> str:
        did = "отзыв" if one["status"] == "withdrawn" else f"версия {one['revision']}"
        return f"{self._named(one)}: {did}, {short_moment(one['recorded_at'])}, {author(one['submitted_by'])}"

    def _act(self, one: Told) -> str:
        said = f"{self._named(one)}: акт о неприменимости {act_words(one['act']['number'])}"
        return f"{said} от {short_day(one['act']['date'])}" + (", отозван" if one["withdrawn_at"] else "")


def _whose(act: Told) -> set[str]:
    return {one["id"] for one in act["municipalities"]}


def _owner(result: Told) -> str | None:
    """The municipality that a result is of itself; None of a school's."""
    whose = result["subject"]
    return None if whose.get("organization") else (whose.get("municipality") or {}).get("id")
