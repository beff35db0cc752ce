"""Municipalities, acts, scales, items and analytics documents as documents and back.

Cards, facts and what schools are judged by have theirs in the domain: children that reach no store read them too.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any

from services.scoring.domain.analytics import Document as Analytic
from services.scoring.domain.analytics.document import Frozen, Text
from services.scoring.domain.applicability import Act, Applicability
from services.scoring.domain.community import Item, Told
from services.scoring.domain.community.item import Revision
from services.scoring.domain.league import League
from services.scoring.domain.names import Link, Municipality, Named
from services.scoring.domain.rescaling import ScaleTurn
from services.scoring.domain.scale import Scale
from shared.mongo import Document


def municipality_document(municipality: Municipality) -> Document:
    """A municipality under its id."""
    return {
        "_id": municipality.id,
        "revision": municipality.revision,
        "region": municipality.region,
        "history": [asdict(one) for one in municipality.history],
        "succession": [asdict(one) for one in municipality.succession],
        "tile": municipality.tile and list(municipality.tile),
        "population": municipality.population,
    }


def read_municipality(row: Mapping[str, Any]) -> Municipality:
    """A municipality from its document; what was kept before reforms, or people, were kept has none."""
    tile = row.get("tile")
    return Municipality(
        id=row["_id"],
        revision=row["revision"],
        region=row["region"],
        history=tuple(Named(**one) for one in row["history"]),
        succession=tuple(Link(**one) for one in row.get("succession", ())),
        tile=(int(tile[0]), int(tile[1])) if tile else None,
        population=row.get("population"),
    )


def act_document(act: Applicability) -> Document:
    """An applicability act under its id."""
    return {
        "_id": act.id,
        "procedure": act.procedure,
        "period": act.period,
        "municipalities": list(act.municipalities),
        "reason": act.reason,
        "act": {"number": act.act.number, "date": act.act.on.isoformat()},
        "recorded_at": act.recorded_at,
        "withdrawn_at": act.withdrawn_at,
        "withdrawn_because": act.withdrawn_because,
        "revision": act.revision,
    }


def read_act(row: Mapping[str, Any]) -> Applicability:
    """An applicability act from its document."""
    return Applicability(
        id=row["_id"],
        procedure=row["procedure"],
        period=row["period"],
        municipalities=tuple(row["municipalities"]),
        reason=row["reason"],
        act=Act(row["act"]["number"], date.fromisoformat(row["act"]["date"])),
        recorded_at=row["recorded_at"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_because=row["withdrawn_because"],
    )


def scale_document(scale: Scale, home: str) -> Document:
    """A scale, named as the home region of the installation has it."""
    bests = [
        [procedure, indicator, str(best)]
        for procedure, found in scale.bests.items()
        for indicator, best in found.items()
    ]
    return {
        "_id": scale.league.named(home),
        **scale.league._asdict(),
        "methodology": scale.methodology,
        "number": scale.number,
        "version": scale.version,
        "bests": bests,
    }


def read_scale(row: Mapping[str, Any], home: str) -> Scale:
    """A scale from its document; one that says no region is from when there was only one."""
    league = League(row.get("region", home), row.get("period", row["_id"]))
    bests: dict[str, dict[str, Fraction]] = {}
    for procedure, indicator, best in row["bests"]:
        bests.setdefault(procedure, {})[indicator] = Fraction(best)
    return Scale(league, row["methodology"], row["number"], row["version"], bests)


def move_document(turn: ScaleTurn, home: str) -> Document | None:
    """The move of a scale under the name in its URL; None where nothing is told."""
    if turn.told is None:
        return None
    move = turn.told.model_dump(exclude={"url"})
    name = f"{turn.after.league.named(home)}|{turn.told.number}"
    return move | {"_id": name, "differences": [dict(one) for one in turn.differences]}


def item_key(municipality: str, item: str) -> str:
    """How an item of the expert community is named."""
    return f"{municipality}|{item}"


def item_document(item: Item) -> Document:
    """An item, with its past."""
    return {
        "_id": item_key(item.municipality, item.id),
        "item": item.id,
        "municipality": item.municipality,
        "past": [_revision(one) for one in item.past],
    } | _revision(item.present)


def read_item(row: Mapping[str, Any]) -> Item:
    """An item from its document."""
    now = _read_revision(row)
    return Item(
        id=row["item"],
        municipality=row["municipality"],
        told=now.told,
        revision=now.revision,
        by=now.by,
        recorded_at=now.recorded_at,
        withdrawn=now.withdrawn,
        reason=now.reason,
        past=tuple(_read_revision(one) for one in row["past"]),
    )


def _revision(one: Revision) -> Document:
    told = one.told
    return {
        "revision": one.revision,
        "year": told.year,
        "kind": told.kind,
        "says": dict(told.says),
        "on": told.on.isoformat(),
        "source": told.source,
        "withdrawn": one.withdrawn,
        "reason": one.reason,
        "by": one.by,
        "recorded_at": one.recorded_at,
    }


def _read_revision(row: Mapping[str, Any]) -> Revision:
    told = Told(row["year"], row["kind"], row["says"], date.fromisoformat(row["on"]), row["source"])
    return Revision(row["revision"], told, row["withdrawn"], row["reason"], row["by"], row["recorded_at"])


def analytics_document(analytic: Analytic) -> Document:
    """An analytics document under its id."""
    frozen = analytic.frozen
    return {
        "_id": analytic.id,
        "procedure": analytic.procedure,
        "period": analytic.period,
        "version": analytic.version,
        "state": analytic.state,
        "revision": analytic.revision,
        "reason": analytic.reason,
        "before": analytic.before,
        "created_at": analytic.created_at,
        "created_by": analytic.created_by,
        "texts": {key: _text(text) for key, text in analytic.texts.items()},
        "frozen": None
        if frozen is None
        else {"content": frozen.content, "digest": frozen.digest, "as_of": frozen.as_of, "by": frozen.by},
    }


def read_analytics(row: Mapping[str, Any]) -> Analytic:
    """An analytics document from its document."""
    frozen = row["frozen"]
    return Analytic(
        id=row["_id"],
        procedure=row["procedure"],
        period=row["period"],
        version=row["version"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        state=row["state"],
        revision=row["revision"],
        reason=row["reason"],
        before=row["before"],
        texts={key: _read_text(text) for key, text in row["texts"].items()},
        frozen=None if frozen is None else Frozen(**frozen),
    )


def _text(text: Text) -> Document:
    blocks = [{"kind": kind, "lines": list(lines)} for kind, lines in text.blocks]
    return {"blocks": blocks, "by": text.by, "at": text.at}


def _read_text(row: Mapping[str, Any]) -> Text:
    return Text(tuple((one["kind"], tuple(one["lines"])) for one in row["blocks"]), row["by"], row["at"])
