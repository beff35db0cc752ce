"""The whole content of a document: what the platform fills in, and what people wrote, section by section."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.scoring.domain.analytics import figures
from services.scoring.domain.analytics.document import Document, Text
from services.scoring.domain.analytics.effect import Changed, Measured, changes, comparable, middle
from services.scoring.domain.analytics.figures import Round
from services.scoring.domain.analytics.motivation import Motivation
from services.scoring.domain.analytics.peers import Peers, Traits, peers
from services.scoring.domain.analytics.sections import SECTIONS, Data
from services.scoring.domain.facts import instant_text
from shared.exactjson import write
from shared.kernel import number_text

Shown = dict[str, Any]
OTHER_EDITION = "периоды оценены по разным редакциям методики"


@dataclass(frozen=True, slots=True)
class Sources:
    """What the sections are filled from, as of an instant; `reforms` says whose territory became another, and how."""

    round: Round
    before: Measured
    motivation: Motivation
    indicator_titles: Mapping[str, str]
    as_of: datetime
    traits: Mapping[str, Traits] = field(default_factory=dict)
    flags: Sequence[Shown] = ()
    reforms: Mapping[str, str] = field(default_factory=dict)


def data_of(document: Document, sources: Sources) -> Data:
    """What the platform fills in, by section; None where there is nothing to fill in."""
    one, before = sources.round, document.before or ""
    return {
        "name": _name(document, one),
        "motivation": sources.motivation.purpose(document.procedure),
        "mechanism": sources.motivation.mechanisms(document.procedure),
        "methods": _methods(one),
        "periods": figures.periods(one, before=before, as_of=instant_text(sources.as_of)),
        "sample": figures.sample(one),
        "indicators": figures.indicators(one, sources.indicator_titles),
        "rating": _rating(sources),
        "conclusions": None,
        "effect": _effect(sources),
    }


def content_of(document: Document, data: Data) -> Shown:
    """The document with all its sections in their order."""
    return {
        "id": document.id,
        "procedure": document.procedure,
        "period": document.period,
        "version": document.version,
        "reason": document.reason,
        "sections": [
            {
                "number": one.number,
                "key": one.key,
                "title": one.title,
                "data": data.get(one.key),
                "text": text_view(document.texts.get(one.key)),
            }
            for one in SECTIONS
        ],
    }


def frozen_text(document: Document, data: Data) -> str:
    """The content as it is kept for ever: the same content is the same text."""
    return write(content_of(document, data)).decode()


def text_view(text: Text | None) -> list[Shown]:
    """A text as blocks: `{"paragraph": "…"}` or `{"list": ["…"]}`."""
    return [
        {"paragraph": lines[0]} if kind == "paragraph" else {"list": list(lines)}
        for kind, lines in (text.blocks if text else ())
    ]


def _rating(sources: Sources) -> Shown | None:
    """Section 8, with the flag of the procedure where scoring by it is not permitted."""
    found = figures.rating(sources.round)
    return None if found is None else found | {"flags": list(sources.flags)}


def _name(document: Document, one: Round) -> Shown:
    group = next(each for each in one.methodology.groups if one.procedure in each.procedures)
    return {
        "title": f"Аналитический документ по процедуре «{one.procedure.title}»",
        "procedure": {"key": document.procedure, "code": one.procedure.code, "title": one.procedure.title},
        "group": {"key": group.key, "title": group.title},
        "methodology": {"id": one.methodology.id, "title": one.methodology.title},
    }


def _methods(one: Round) -> Shown | None:
    """Where the results came from; tools and methods only a person knows."""
    counted: dict[str, int] = {}
    for fact in one.facts:
        counted[fact.source] = counted.get(fact.source, 0) + 1
    rows = [{"source": source, "results": count} for source, count in sorted(counted.items())]
    return {"sources": rows} if rows else None


def _effect(sources: Sources) -> Shown | None:
    """Section 10: who changed how much; None where there is nothing earlier, which is no zero."""
    one = sources.round
    after = Measured(one.period, one.methodology.id, one.scores, one.gone)
    if not any(score.share is not None for score in sources.before.scores.values()) or not one.scored:
        return None
    rows = changes(sources.before, after, sources.reforms)
    compared = [row.change for row in rows if row.change is not None]
    same_rules = comparable(sources.before, after)
    whole, like = middle(rows), peers(rows, sources.traits)
    return {
        "state": "compared" if same_rules else "not_comparable",
        "reason": None if same_rules else OTHER_EDITION,
        "before": sources.before.period,
        "after": one.period,
        "methodologies": [sources.before.methodology, one.methodology.id],
        "compared": len(compared),
        "rose": sum(change > 0 for change in compared),
        "fell": sum(change < 0 for change in compared),
        "same": sum(change == 0 for change in compared),
        "median": None if whole is None else number_text(whole),
        "rows": [_changed(one, row) | {"similar": _similar(like.get(row.municipality))} for row in _by_name(one, rows)],
    }


def _by_name(one: Round, rows: list[Changed]) -> list[Changed]:
    place = {municipality: number for number, municipality in enumerate(one.scores)}
    return sorted(rows, key=lambda row: (place.get(row.municipality, len(place)), row.municipality))


def _changed(one: Round, row: Changed) -> Shown:
    told = {"before": row.before, "after": row.after, "change": row.change, "others_median": row.others}
    exact = {name: None if value is None else number_text(value) for name, value in told.items()}
    return {"municipality": one.name_of(row.municipality), "state": row.state, **exact, "reason": row.reason}


def _similar(found: Peers | None) -> Shown | None:
    """The similar ones of a compared municipality; None where it is not compared itself."""
    if found is None:
        return None
    exact = None if found.median is None else number_text(found.median)
    return {"by": found.by, "count": found.count, "median": exact, "reason": found.reason}
