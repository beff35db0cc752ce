"""Recounting: every card anew from the stored facts, as of an instant; what differs from the stored cards."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.scoring.domain.card import Card, CardKey, Held, ProcedureScore, group_scores
from services.scoring.domain.card_document import card_document
from services.scoring.domain.facts import Fact
from services.scoring.domain.league import League, league_of
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.placing import blank, hold, place
from services.scoring.domain.rescoring import MethodologyOf
from services.scoring.domain.scale import BestsOf, Cohort, Scale, bests_of, remeasured
from shared.kernel import number_text


def no_rules(_: str) -> None:
    """No period has an edition."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a stored card is not what the facts say; None: it is not there at all.

    A scale's difference has no municipality.
    """

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
    facts: Iterable[Fact],
    *,
    methodology_of: MethodologyOf,
    as_of: datetime | None = None,
    cohort_of: Callable[[str, str], League] = league_of,
) -> dict[CardKey, Card]:
    """All cards from all facts, whatever their order; `revision` and `scale` are 0, for they count what was told.

    Of a league with relative rules the facts must be there whole: its cards are measured by the best among them.
    `cohort_of` says otherwise who is measured together.
    """
    methodologies = _Rules(methodology_of)
    placed: dict[League, dict[str, dict[str, ProcedureScore]]] = defaultdict(dict)
    for key, places in _heard(last_facts(facts, as_of=as_of).values(), methodologies).items():
        placed[cohort_of(*key)][key[0]] = _placed(key, places, methodologies.known[key[1]])
    return {
        key: card
        for league, cohort in placed.items()
        for key, card in measured_cards(league.period, cohort, methodologies.known[league.period])
    }


class _Rules:
    """The edition of every period, asked for once."""

    def __init__(self, methodology_of: MethodologyOf) -> None:
        self._of = methodology_of
        self._asked: dict[str, Methodology | None] = {}
        self.known: dict[str, Methodology] = {}

    def of(self, period: str) -> Methodology | None:
        """The edition of a period, if there is one."""
        if period not in self._asked:
            found = self._asked[period] = self._of(period)
            if found is not None:
                self.known[period] = found
        return self._asked[period]


def _heard(facts: Iterable[Fact], rules: _Rules) -> dict[CardKey, dict[str, list[Held]]]:
    """What is known of each procedure of each municipality."""
    heard: dict[CardKey, dict[str, list[Held]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        methodology = rules.of(fact.period)
        if methodology is None or fact.municipality is None or fact.organization is not None:
            continue
        procedure = methodology.procedures.get(fact.procedure)
        if procedure is not None:
            heard[fact.municipality, fact.period][procedure.key].append(hold(fact, procedure))
    return heard


def _placed(key: CardKey, places: Mapping[str, list[Held]], methodology: Methodology) -> dict[str, ProcedureScore]:
    municipality, period = key
    return {
        procedure: place(
            procedure,
            places.get(procedure, ()),
            methodology=methodology,
            municipality=municipality,
            period=period,
        )
        for procedure in methodology.procedures
    }


def measured_cards(period: str, cohort: Cohort, methodology: Methodology) -> Iterable[tuple[CardKey, Card]]:
    """The cards of a cohort from what is placed in them, relative points measured by its bests."""
    relative = methodology.relative
    bests = bests_of(methodology, cohort) if relative else {}
    for municipality, placed in cohort.items():
        procedures = remeasured(methodology, placed, bests=bests, procedures=relative) if relative else placed
        scores = group_scores(methodology, procedures)
        yield (municipality, period), Card(municipality, period, methodology.id, 0, procedures, scores)


def differences(
    stored: Iterable[Card], recounted: Mapping[CardKey, Card], *, methodology_of: MethodologyOf = no_rules
) -> list[Difference]:
    """Every place where stored cards differ from recounted ones, or without any fact from a blank one.

    Told revisions and numbers of scales are not compared.
    """
    found: list[Difference] = []
    left = dict(recounted)
    for card in stored:
        wanted = left.pop(card.key, None)
        if wanted is None and (methodology := methodology_of(card.period)) is not None:
            empty = blank(methodology, *card.key)
            wanted = empty if empty == replace(card, revision=0, scale=0) else None
        found += _compare(card.key, card, wanted)
    for key, card in left.items():
        found += _compare(key, None, card)
    return sorted(found, key=lambda one: (one.period, one.municipality, one.where))


def scale_differences(
    recounted: Mapping[CardKey, Card], scales: Mapping[League, Scale], *, methodology_of: MethodologyOf
) -> list[Difference]:
    """Where the stored scales of the recounted leagues name other bests than the cohorts have."""
    found: list[Difference] = []
    for league in sorted({card.league for card in recounted.values()} | scales.keys()):
        methodology = methodology_of(league.period)
        if methodology is None or not methodology.relative:
            continue
        cohort = {card.municipality: card.procedures for card in recounted.values() if card.league == league}
        scale = scales.get(league) or Scale(league, methodology.id)
        wanted, held = _named(bests_of(methodology, cohort)), _named(scale.bests)
        if scale.methodology != methodology.id and held:
            found.append(Difference("", league.period, _place(league), scale.methodology, methodology.id))
        found += [
            Difference("", league.period, f"{_place(league)}/{name}", held.get(name), wanted.get(name))
            for name in sorted(wanted.keys() | held.keys())
            if wanted.get(name) != held.get(name)
        ]
    return found


def _place(league: League) -> str:
    return f"scale/{league.region}" if league.region else "scale"


def _named(bests: BestsOf) -> dict[str, str]:
    return {f"{procedure}/{one}": number_text(best) for procedure, of in bests.items() for one, best in of.items()}


def _compare(key: CardKey, stored: Card | None, recounted: Card | None) -> list[Difference]:
    if stored is None or recounted is None:
        present = (stored is not None or None, recounted is not None or None)
        return [Difference(key[0], key[1], "card", *present)]
    if replace(stored, revision=0, scale=0) == replace(recounted, revision=0, scale=0):
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
