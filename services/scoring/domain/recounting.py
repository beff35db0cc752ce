"""Recounting: every card anew from the stored facts, as of an instant; what differs from the stored cards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.scoring.domain.card import Card, CardKey, Held, group_scores, hold, place
from services.scoring.domain.card_document import card_document
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.rescoring import MethodologyOf


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a stored card is not what the facts say; None: it is not there at all."""

    municipality: str
    period: str
    where: str
    stored: Any
    recounted: Any


def last_facts(facts: Iterable[Fact], *, as_of: datetime | None = None) -> dict[str, Fact]:
    """The last revision of every result, by result id, among those recorded until an instant (included)."""
    last: dict[str, Fact] = {}
    for fact in facts:
        if as_of is not None and fact.recorded_at > as_of:
            continue
        known = last.get(fact.result)
        if known is None or known.revision < fact.revision:
            last[fact.result] = fact
    return last


def recount(
    facts: Iterable[Fact], *, methodology_of: MethodologyOf, as_of: datetime | None = None
) -> dict[CardKey, Card]:
    """All cards from all facts, whatever their order; `revision` is 0, for it counts what was told."""
    heard: dict[CardKey, dict[str, list[Held]]] = defaultdict(lambda: defaultdict(list))
    methodologies: dict[str, Methodology | None] = {}
    for fact in last_facts(facts, as_of=as_of).values():
        if fact.period not in methodologies:
            methodologies[fact.period] = methodology_of(fact.period)
        methodology = methodologies[fact.period]
        if methodology is None or fact.municipality is None or fact.organization is not None:
            continue
        procedure = methodology.procedures.get(fact.procedure)
        if procedure is not None:
            heard[fact.municipality, fact.period][procedure.key].append(hold(fact, procedure))
    return {
        key: _card(key, places, methodology)
        for key, places in heard.items()
        if (methodology := methodologies[key[1]]) is not None
    }


def _card(key: CardKey, places: Mapping[str, list[Held]], methodology: Methodology) -> Card:
    municipality, period = key
    procedures = {
        procedure: place(
            procedure,
            places.get(procedure, ()),
            methodology=methodology,
            municipality=municipality,
            period=period,
        )
        for procedure in methodology.procedures
    }
    scores = group_scores(methodology, procedures)
    return Card(municipality, period, methodology.id, 0, procedures, scores)


def differences(stored: Iterable[Card], recounted: Mapping[CardKey, Card]) -> list[Difference]:
    """Every place where stored cards differ from recounted ones; told revisions are not compared."""
    found: list[Difference] = []
    left = dict(recounted)
    for card in stored:
        found += _compare(card.key, card, left.pop(card.key, None))
    for key, card in left.items():
        found += _compare(key, None, card)
    return sorted(found, key=lambda one: (one.period, one.municipality, one.where))


def _compare(key: CardKey, stored: Card | None, recounted: Card | None) -> list[Difference]:
    if stored is None or recounted is None:
        present = (stored is not None or None, recounted is not None or None)
        return [Difference(key[0], key[1], "card", *present)]
    if replace(stored, revision=0) == replace(recounted, revision=0):
        return []
    return list(_parts(key, card_document(stored), card_document(recounted)))


def _parts(key: CardKey, stored: dict[str, Any], recounted: dict[str, Any]) -> Iterable[Difference]:
    if stored["methodology"] != recounted["methodology"]:
        yield Difference(key[0], key[1], "methodology", stored["methodology"], recounted["methodology"])
    for part in ("scores", "procedures"):
        for name in sorted(stored[part].keys() | recounted[part].keys()):
            left, right = stored[part].get(name), recounted[part].get(name)
            if left != right:
                yield Difference(key[0], key[1], f"{part}/{name}", left, right)
