"""The form of an analytics document: its texts, all sent together, and what became of those that were refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import FormData

from services.portal.clients import Answer, Problem, WrongField
from services.portal.clients.wording import STALE
from services.portal.show.analytics import mark_of, typed_of
from services.portal.show.kept import Lost

Told = Mapping[str, Any]
PREFIX, WAS = "text-", "was-"
FINISH = "finish"
SURE = "Тексты дописаны, данные за период внесены. Завершённый документ не изменить, можно только начать новую версию."


@dataclass(frozen=True, slots=True)
class Unsent:
    """A refused form: by what, at which section or act, over which revision, and the texts that are not written."""

    refused: Answer
    form: FormData
    tried: str
    revision: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it is shown: over which revision, the text of each section and the mark of what that began from.

    `kept` are the sections with texts that are not written, `outrun` those that others wrote meanwhile, `lost` what
    was typed into a document that has no form any more.
    """

    revision: str
    texts: Mapping[str, str]
    was: Mapping[str, str]
    problem: Problem | None = None
    tried: str = ""
    kept: Iterable[str] = ()
    outrun: Iterable[str] = ()
    lost: Lost | None = None


def changed(form: Told) -> dict[str, str]:
    """The texts that differ from what their fields were filled from, by section."""
    texts = {name.removeprefix(PREFIX): str(typed) for name, typed in form.items() if name.startswith(PREFIX)}
    return {key: text for key, text in texts.items() if mark_of(text) != form.get(f"{WAS}{key}")}


def filled(one: Told, unsent: Unsent | None) -> Filled:
    """The form of a document as it is stored, and over that what was typed and is not written."""
    texts = {each["key"]: typed_of(each["text"]) for each in one["sections"]}
    now = Filled(str(one["revision"]), texts, {key: mark_of(text) for key, text in texts.items()})
    return now if unsent is None else _again(now, one, unsent)


def _again(now: Filled, one: Told, unsent: Unsent) -> Filled:
    """Over what is stored now only where the writer is told what has changed; else over what was read."""
    sections = {each["key"]: each for each in one["sections"]}
    kept = {key: text for key, text in unsent.texts.items() if key in sections}
    told = replace(now, problem=unsent.refused.problem, tried=unsent.tried)
    if one["state"] != "draft":
        return replace(told, lost=[(_named(sections[key]), text) for key, text in kept.items() if text.strip()])
    told = replace(told, texts={**now.texts, **kept}, kept=kept)
    was = {key: str(unsent.form.get(f"{WAS}{key}") or "") for key in kept}
    if told.problem is None or not told.problem.stale:
        return replace(told, revision=unsent.revision, was={**now.was, **was})
    others = [key for key, text in kept.items() if now.was[key] not in {was[key], mark_of(text)}]
    if unsent.tried not in sections:
        return told
    problem = outrun(sections[unsent.tried], [sections[key] for key in others])
    return replace(told, problem=problem, outrun=others)


def outrun(tried: Told, others: Sequence[Told]) -> Problem:
    """The refusal of texts because the document has changed meanwhile: the sections of them that others wrote."""
    if not others:
        title, message = (
            "Пока вы писали, изменился другой раздел",
            f"Раздел «{_named(tried)}» прежний: сохраните его ещё раз.",
        )
        return Problem(STALE, title, "Ваш текст ещё не записан.", (WrongField(_at(tried), STALE, message),))
    title = f"Пока вы писали, {'этот раздел' if len(others) == 1 else 'эти разделы'} изменил кто-то другой"
    detail = "Ваш текст не записан. У раздела стоит и записанное сейчас, и ваше: сведите их в одно и сохраните."
    places = (WrongField(_at(one), STALE, f"В разделе «{_named(one)}» теперь другой текст.") for one in others)
    return Problem(STALE, title, detail, tuple(places))


def _named(section: Told) -> str:
    return f"{section['number']}. {section['title']}"


def _at(section: Told) -> str:
    return f"/sections/{section['key']}"
