"""How items and ratings look in answers and on the stream."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.notification.domain import (
    NOTHING,
    RATING_CHANGED,
    RECOMMENDATION_DRAFTED,
    AdviceFact,
    EditionFact,
    Entry,
    Following,
    IssuedFact,
    Item,
    Names,
    RatingFact,
    SchoolFact,
    ScoreFact,
    body,
    edition_body,
    edition_title,
    issued_body,
    issued_title,
    next_steps,
    rule_words,
    school_body,
    school_title,
    title,
)
from services.notification.domain.schools import NOBODYS
from services.notification.usecases import Joined

ISSUED_STATE = "issued"


def show_item(item: Item, names: Names, read_at: datetime | None, found: Following = NOTHING) -> dict[str, Any]:
    """An inbox item as one person sees it; `found` is what is next for its municipality."""
    fact = item.fact
    scored = fact if isinstance(fact, ScoreFact) else None
    return {
        "id": item.id,
        "kind": item.kind,
        "municipality": _show_whose(fact, names),
        "period": fact.period,
        "title": _title(item, names),
        "body": "\n".join([_body(item, names, found), *(next_steps(found, fact.period) if scored else ())]),
        "changes": [change.document() for change in fact.changes],
        "causes": [] if isinstance(fact, EditionFact) else [cause.document() for cause in fact.causes],
        "causes_count": 0 if isinstance(fact, EditionFact) else fact.causes_count,
        "rules": _show_rules(scored, names) if scored else [],
        "recommendations": _show_recommendations(fact, found),
        "deadlines": [asdict(one) for one in found.deadlines],
        "methodology": scored.methodology if scored else None,
        "score_revision": scored.revision if scored else None,
        "data_at": scored.data_at.isoformat() if scored else None,
        "edition": _show_step(fact) if isinstance(fact, EditionFact) else None,
        "school": _show_school(fact, names) if isinstance(fact, SchoolFact) else None,
        "created_at": item.created_at.isoformat(),
        "read_at": read_at.isoformat() if read_at else None,
    }


def _show_rules(fact: ScoreFact, names: Names) -> list[dict[str, Any]]:
    return [asdict(one) | {"words": rule_words(one, names, fact.edition)} for one in fact.rules]


def _title(item: Item, names: Names) -> str:
    fact = item.fact
    if isinstance(fact, SchoolFact):
        return school_title(fact, names)
    if isinstance(fact, IssuedFact):
        return issued_title(fact, names)
    return title(fact, names) if isinstance(fact, ScoreFact) else edition_title(fact, names)


def _body(item: Item, names: Names, found: Following) -> str:
    fact = item.fact
    if isinstance(fact, SchoolFact):
        return school_body(fact, names)
    if isinstance(fact, IssuedFact):
        return issued_body(fact, next((one.state for one in found.recommendations), None))
    return body(fact, names) if isinstance(fact, ScoreFact) else edition_body(fact, names)


def _show_whose(fact: ScoreFact | EditionFact | SchoolFact | IssuedFact, names: Names) -> dict[str, Any]:
    """The municipality that an item concerns; a school of the ministry belongs to none, an edition to all."""
    if fact.municipality == NOBODYS:
        name = "Все муниципалитеты" if isinstance(fact, EditionFact) else "Министерство"
        return {"id": NOBODYS, "name": name, "oktmo": None}
    place = names.municipality(fact.municipality, fact.period)
    return {"id": place.id, "name": place.name, "oktmo": place.oktmo}


def _show_school(fact: SchoolFact, names: Names) -> dict[str, Any]:
    """The school that an item is about; its profile is at `/v1/schools/{id}/risk-profile` of scoring."""
    return {
        "id": fact.school,
        "name": names.school(fact.school),
        "criteria": list(fact.criteria),
        "thresholds": fact.thresholds,
    }


def _show_step(fact: EditionFact) -> dict[str, Any]:
    """The step of publication that an item is about."""
    act = {"number": fact.act_number, "date": fact.act_date} if fact.act_number else None
    return {
        "id": fact.edition,
        "region": fact.region,
        "reply_until": fact.reply_until,
        "act": act,
        "objection": fact.objection,
        "decision": fact.decision,
        "counts": asdict(fact.counts) if fact.counts else None,
    }


def show_rating(fact: RatingFact) -> dict[str, Any]:
    """A changed rating as the stream tells it."""
    return {
        "period": fact.period,
        "region": fact.region,
        "data_at": fact.data_at.isoformat(),
        "moved": fact.moved,
    }


def show_drafted(fact: AdviceFact, names: Names) -> dict[str, Any]:
    """A drafted recommendation as the stream tells it; `item` is the inbox item that it joins."""
    place = names.municipality(fact.municipality, fact.period)
    return {
        **_show_advice(fact),
        "item": fact.item,
        "municipality": {"id": place.id, "name": place.name, "oktmo": place.oktmo},
        "period": fact.period,
        "deadlines": [asdict(one) for one in fact.deadlines],
    }


def _show_recommendations(
    fact: ScoreFact | EditionFact | SchoolFact | IssuedFact, found: Following
) -> list[dict[str, Any]]:
    """What was found; an issued recommendation names itself also where nothing is read beside it."""
    if isinstance(fact, IssuedFact) and not found.recommendations:
        return [_show_named(fact, fact.recommendation, ISSUED_STATE)]
    return [_show_advice(one) for one in found.recommendations]


def _show_advice(fact: AdviceFact) -> dict[str, Any]:
    return _show_named(fact, fact.id, fact.state)


def _show_named(fact: AdviceFact | IssuedFact, recommendation: str, state: str) -> dict[str, Any]:
    return {
        "id": recommendation,
        "state": state,
        "period": fact.period,
        "group": fact.group,
        "score_revision": fact.score_revision,
        "before_level": fact.before_level,
        "after_level": fact.after_level,
    }


def show_entry(entry: Entry, joined: Joined) -> tuple[str, dict[str, Any]]:
    """The event and the data of a row of the feed."""
    if isinstance(entry.told, RatingFact):
        return RATING_CHANGED, show_rating(entry.told)
    if isinstance(entry.told, AdviceFact):
        return RECOMMENDATION_DRAFTED, show_drafted(entry.told, joined.names)
    return entry.told.kind, show_item(entry.told, joined.names, None, joined.after(entry.told))
