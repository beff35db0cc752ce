"""Inbox items as people read them: what changed, why, since when, read or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from services.portal.clients.paths import path
from services.portal.show.words import bound


@dataclass(frozen=True, slots=True)
class Item:
    """One notification; `more` counts the causes that it does not name."""

    id: str
    anchor: str
    title: str
    lines: Sequence[str]
    municipality: Mapping[str, Any]
    period: str
    causes: Sequence[Mapping[str, Any]]
    more: int
    created_at: str
    read: bool
    address: str
    about: str
    recommendations: Sequence[Mapping[str, Any]] = ()


def item_of(told: Mapping[str, Any], names: Mapping[str, str]) -> Item:
    """An item as the notification service tells it; `names` of procedures by key."""
    causes = [{**one, "procedure": names.get(one["procedure"], one["procedure"])} for one in told.get("causes") or ()]
    return Item(
        id=told["id"],
        anchor=anchor_of(told["id"]),
        title=bound(told["title"]),
        lines=[bound(line) for line in told["body"].splitlines() if line.strip()],
        municipality=told["municipality"],
        period=told["period"],
        causes=causes,
        more=max(0, int(told.get("causes_count") or len(causes)) - len(causes)),
        created_at=told["created_at"],
        read=told["read_at"] is not None,
        address=address_of(told),
        recommendations=told.get("recommendations") or (),
        about="Подробнее" if told["kind"] != "score_changed" else "Что изменилось и почему",
    )


def address_of(told: Mapping[str, Any]) -> str:
    """Where it leads: to what it is about, else to the municipality's page of the period."""
    if told["kind"] == "recommendation_issued" and told.get("recommendations"):
        return path("recommendations", told["recommendations"][0]["id"])
    if told.get("edition"):
        return path("editions", told["edition"]["id"])
    school = told.get("school")
    page = path("schools", school["id"]) if school else path("municipalities", told["municipality"]["id"])
    return f"{page}?period={quote(told['period'], safe='')}"


def anchor_of(item: str) -> str:
    """The place of an item on the page."""
    return "item-" + "".join(sign if sign.isalnum() else "-" for sign in item)
