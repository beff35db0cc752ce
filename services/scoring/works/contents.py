"""Contents of editions as another process makes them: a line that says what, then the facts as they are stored.

The service hands the facts through and gets back the packed content, so that neither its memory nor its loop bears it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO

import orjson
from pydantic import ConfigDict, TypeAdapter

from services.scoring.domain import (
    Card,
    Fact,
    Methodology,
    everybody,
    fact_from,
    instant_text,
    last_facts,
    recount,
    stored_methodology,
)
from services.scoring.domain.league import League, league_of
from services.scoring.domain.publication import (
    Head,
    Inputs,
    Otherwise,
    Packed,
    Said,
    Scored,
    digest,
    head_of,
    make_content,
    otherwise,
)
from services.scoring.domain.publication.content import APPLIED, REGIONAL
from shared.works.documents import documents

NAMED = 100


@dataclass(frozen=True, slots=True)
class Order:
    """What to make, by which rules, under which names; made again: of which facts, and what came out then.

    `stated` is what the applicability acts of the instant say of the period, as they are known now.
    """

    head: Head
    methodology: Mapping[str, Any]
    stated: Sequence[Said]
    inputs: Inputs
    stored: Packed | None = None

    def rules(self) -> Methodology:
        """The edition of the methodology with what the acts say, or said then."""
        inputs = self.inputs if self.inputs.stated is not None else replace(self.inputs, stated=tuple(self.stated))
        return inputs.bound(stored_methodology(self.methodology))

    def late(self) -> set[str]:
        """The acts that were recorded or withdrawn by the instant, but heard of only after the content was made."""
        now = {(procedure, whose): said.id for procedure, whose, said in self.stated}
        kept = now if self.inputs.stated is None else {(key, whose): said.id for key, whose, said in self.inputs.stated}
        places = now.keys() | kept.keys()
        return {now.get(place, kept.get(place, "")) for place in places if now.get(place) != kept.get(place)}


@dataclass(frozen=True, slots=True)
class Fresh:
    """A content and what it was made of."""

    body: Packed
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Again:
    """Hashes of what came out and of what is stored, where they differ (the first), which facts and acts were late."""

    reproduced: str
    stored: str
    differences: Sequence[Otherwise]
    late: Sequence[str]


# Bytes as base64: pydantic takes that for a list of dataclasses, not for one.
_PLAIN = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
ORDER = TypeAdapter(list[Order], config=_PLAIN)
FRESH = TypeAdapter(list[Fresh], config=_PLAIN)
AGAIN = TypeAdapter(Again)


def compute(stream: BinaryIO) -> bytes:
    """The content of an edition anew; none where nothing was scored."""
    [order] = ORDER.validate_json(stream.readline())
    methodology = order.rules()
    facts = counting((fact_from(row) for row in documents(stream)), methodology)
    cards = cards_of(facts, methodology, form=order.head.format)
    if not any(score.state == "scored" for card in cards for score in card.scores.values()):
        return FRESH.dump_json([])
    inputs = replace(order.inputs, facts=tuple(sorted(fact.id for fact in facts)), names=_called(order, cards))
    all_cards = everybody(cards, inputs.names, methodology=methodology, period=order.head.period)
    body = make_content(order.head, Scored(all_cards, methodology, inputs, data_at(facts)))
    return FRESH.dump_json([Fresh(Packed.of(body), inputs)])


def compute_again(stream: BinaryIO) -> bytes:
    """A stored content from the facts that it named, and what of those recorded by its instant it did not name."""
    [order] = ORDER.validate_json(stream.readline())
    assert order.stored is not None, "what is made again is compared"
    methodology, named = order.rules(), frozenset(order.inputs.facts)
    heard = {row["_id"]: fact_from(row) for row in documents(stream)}
    facts = [fact for identity, fact in heard.items() if identity in named]
    head = replace(order.head, format=head_of(order.stored)["format"])
    cards = cards_of(facts, methodology, form=head.format)
    if head.format >= APPLIED:
        cards = everybody(cards, order.inputs.names, methodology=methodology, period=head.period)
    scored = Scored(cards, methodology, order.inputs, data_at(facts))
    body, stored = make_content(head, scored), order.stored.whole()
    until = instant_text(order.head.as_of)
    by_then = (fact for fact in heard.values() if fact.period == order.head.period and fact.recorded <= until)
    late = sorted(({fact.id for fact in counting(by_then, methodology)} - named) | order.late())
    return AGAIN.dump_json(Again(digest(body), digest(stored), _differing(stored, body), late))


def data_at(facts: Iterable[Fact]) -> dict[str, str]:
    """When the last of these facts of each municipality was recorded."""
    told: dict[str, str] = {}
    for fact in facts:
        if fact.municipality is not None:
            told[fact.municipality] = max(told.get(fact.municipality, ""), fact.recorded)
    return told


def counting(facts: Iterable[Fact], methodology: Methodology) -> list[Fact]:
    """The last revision of each result that this methodology scores: of municipalities, not of their schools."""
    return [
        fact
        for fact in last_facts(facts).values()
        if fact.municipality is not None and fact.organization is None and fact.procedure in methodology.procedures
    ]


def cards_of(facts: Iterable[Fact], methodology: Methodology, *, form: int) -> list[Card]:
    """The cards that follow from these facts, in one order; by an early format all are measured together."""
    cohort_of = league_of if form >= REGIONAL else _all_together
    cards = recount(facts, methodology_of=lambda _: methodology, cohort_of=cohort_of)
    return [card for _, card in sorted(cards.items())]


def _all_together(_: str, period: str) -> League:
    return League("", period)


def _called(order: Order, cards: Iterable[Card]) -> dict[str, Mapping[str, str | None]]:
    """The names of all, and of whoever has a score without being known: it is called by its id."""
    strangers = {card.municipality for card in cards} - order.inputs.names.keys()
    return {**order.inputs.names, **{one: {"id": one, "name": one, "oktmo": None} for one in strangers}}


def _differing(stored: bytes, body: bytes) -> list[Otherwise]:
    if stored == body:
        return []
    return list(islice(otherwise(orjson.loads(stored), orjson.loads(body)), NAMED))
