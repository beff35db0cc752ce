"""How items and ratings look in answers and on the stream."""

from datetime import datetime
from typing import Any

from services.notification.domain import (
    RATING_CHANGED,
    SCORE_CHANGED,
    Entry,
    Item,
    Names,
    RatingFact,
    body,
    title,
)


def show_item(item: Item, names: Names, read_at: datetime | None) -> dict[str, Any]:
    """An inbox item as one person sees it."""
    fact = item.fact
    place = names.municipality(fact.municipality, fact.period)
    return {
        "id": item.id,
        "kind": SCORE_CHANGED,
        "municipality": {"id": place.id, "name": place.name, "oktmo": place.oktmo},
        "period": fact.period,
        "title": title(fact, names),
        "body": body(fact, names),
        "changes": [change.document() for change in fact.changes],
        "causes": [cause.document() for cause in fact.causes],
        "causes_count": fact.causes_count,
        "methodology": fact.methodology,
        "score_revision": fact.revision,
        "data_at": fact.data_at.isoformat(),
        "created_at": item.created_at.isoformat(),
        "read_at": read_at.isoformat() if read_at else None,
    }


def show_rating(fact: RatingFact) -> dict[str, Any]:
    """A changed rating as the stream tells it."""
    return {"period": fact.period, "data_at": fact.data_at.isoformat(), "moved": fact.moved}


def show_entry(entry: Entry, names: Names) -> tuple[str, dict[str, Any]]:
    """The event and the data of a row of the feed."""
    if isinstance(entry.told, RatingFact):
        return RATING_CHANGED, show_rating(entry.told)
    return SCORE_CHANGED, show_item(entry.told, names, None)
