"""One edition: where it stands, its tables, files and objections, and the forms of what may be done now."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.clients.paths import path
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import not_shown
from services.portal.pages.editions.correcting import corrections
from services.portal.pages.repeating import fresh_key, key_again, key_of
from services.portal.show import editions as show
from services.portal.show.kept import Lost, lost_of
from services.portal.show.objections import about_choices
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="editions")
EditionId = Annotated[str, Path(max_length=100)]
ACTIONS = tuple({one.action for one in show.ACTS})


@dataclass(frozen=True, slots=True)
class Tried:
    """A form that was refused: which one, by what answer, with what typed into it."""

    form: str = ""
    refused: Answer | None = None
    typed: FormData = field(default_factory=FormData)

    @property
    def key(self) -> str:
        """The key of the page's forms: that of the one that was refused, for the addresses that they go to differ."""
        return key_again(key_of(self.typed), self.refused) if self.refused else fresh_key()

    def lost(self, offered: Collection[str]) -> Lost:
        """What was typed into it where it is none of those that the page offers now."""
        return [] if self.form in offered else lost_of(self.typed, show.TYPED)


NOTHING = Tried()
OBJECTION, ANSWER = "objection", "answer-"
# What a freeze would change is computed as a freeze is: a great content by a process of its own.
PREVIEW_PATIENCE = 60.0


@router.get(
    "/editions/{edition}",
    dependencies=[Depends(may("edition.read"))],
    operation_id="edition_page",
    summary="Редакция рейтинга",
    response_class=Response,
)
async def edition_page(
    visitor: Visit, edition: EditionId, group: Annotated[str, Query(max_length=100)] = show.OVERALL
) -> Response:
    """One edition with the forms of its next steps."""
    return await shown(visitor, edition, group=group)


async def shown(visitor: Visitor, edition: str, *, group: str = show.OVERALL, tried: Tried = NOTHING) -> Response:
    """The page, with what was refused where something was."""
    found, content, objections = await asyncio.gather(
        visitor.get("scoring", path("v1", "editions", edition)),
        visitor.get("scoring", path("v1", "editions", edition, "content")),
        _objections(visitor, edition),
    )
    for one in (found, content):
        if not one.ok:
            return not_shown(visitor, one, title="Редакция", typed=tried.typed)
    refused, table = tried.refused, show.table_of(content.body, group)
    values = _values(visitor, found.body, content.body, objections) | await _choices(
        visitor, found.body, content.body, objections
    )
    offered = _offered(values)
    return page(
        visitor,
        "editions/one.html",
        status=200 if refused is None else refused.page_status,
        headers=visitor.unkept,
        **values,
        offered=offered,
        lost=tried.lost(offered),
        changes=await _changes(visitor, edition)
        if show.freezable(values["acts"], ready=values["over"] and not values["waiting"])
        else None,
        table=table,
        flagged=show.flagged(table, content.body),
        tried=tried,
        key=tried.key,
    )


async def _objections(visitor: Visitor, edition: str) -> Answer | None:
    """The objections that this visitor may see, None for the public."""
    if not visitor.may("objection.read", municipality=visitor.municipality):
        return None
    return await visitor.get("scoring", path("v1", "editions", edition, "objections"))


async def _choices(visitor: Visitor, edition: Any, content: Any, objections: Answer | None) -> dict[str, Any]:
    """What the forms of objections offer, and what objections are about in words; only of a draft there are forms."""
    drafted = edition["state"] == "draft"
    if objections is None or not (drafted or any(one["indicator"] for one in objections.items)):
        return {"choices": (), "catalogue": None, "corrected": {}, "called": {}}
    answers = drafted and visitor.may("objection.answer")
    waiting = [one for one in objections.items if answers and not one["settled"]]
    catalogue, corrected = await corrections(visitor, edition, waiting)
    choices = about_choices(content, catalogue.items)
    return {"choices": choices, "catalogue": catalogue, "corrected": corrected, "called": dict(choices)}


def _offered(values: Mapping[str, Any]) -> set[str]:
    """The forms that stand on the page, by the names they are tried by."""
    found = {act.key for act in values["acts"]}
    if values["objecting"] and not values["over"]:
        found.add(OBJECTION)
    states = {one["id"]: one["state"] for one in values["objections"].items} if values["objections"] else {}
    correctable = values["corrected"].items()
    return found | {f"{ANSWER}{one}" for one, told in correctable if states[one] == "open" or told.choices}


async def _changes(visitor: Visitor, edition: str) -> Answer:
    """Whose score a freeze would change now."""
    return await visitor.get("scoring", path("v1", "editions", edition, "changes"), patience=PREVIEW_PATIENCE)


def _values(visitor: Visitor, edition: Any, content: Any, objections: Answer | None) -> dict[str, Any]:
    allowed = [action for action in ACTIONS if visitor.may(action)]
    titles = show.titles_of(content)
    drafted = edition["state"] == "draft"
    return {
        "edition": edition,
        "content": content,
        "objections": objections,
        "words": show,
        "titles": titles,
        "groups": list(titles.items()),
        "files": show.files_of(edition, titles),
        "acts": show.acts_for(edition, allowed),
        "objecting": drafted and visitor.may("objection.raise", municipality=visitor.municipality),
        "waiting": show.waiting_of(objections.items) if objections is not None else [],
        "over": visitor.portal.clock() >= datetime.fromisoformat(edition["replies_end"]),
    }
