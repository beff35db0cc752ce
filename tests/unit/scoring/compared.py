"""A methodology whose rules compare municipalities, a world that lives by it, and its plain reference."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from services.scoring.domain import (
    Card,
    CardKey,
    Fact,
    Methodology,
    Occasion,
    Rescored,
    Scale,
    Standings,
    read_methodology,
    rebuild,
    recount,
    rescore,
)
from services.scoring.domain.league import League
from services.scoring.domain.methodology import Statement
from services.scoring.domain.rulebook import Loaded, in_force
from shared.kernel import Cause
from tests.unit.scoring import reference
from tests.unit.scoring.made import DIRECT, DOCUMENT, START, fact

if TYPE_CHECKING:
    from services.scoring.domain.rescaling import ScaleTurn
    from services.scoring.events import ScoreChanged

HIGHER, LOWER = {"kind": "relative"}, {"kind": "relative", "better": "lower"}


def compared(**changes: Any) -> dict[str, Any]:
    """The small document with relative rules in both directions beside others."""
    made = deepcopy(DOCUMENT) | {"id": "compared"} | changes
    first, second = made["groups"][0]["procedures"]
    first["indicators"][1]["rule"] = HIGHER
    second["indicators"][0]["rule"] = LOWER
    made["groups"][1]["procedures"][0]["indicators"][0]["rule"] = DIRECT
    return made


def stricter() -> dict[str, Any]:
    """A later edition for 2022 alone: other directions, another maximum."""
    made = compared(id="stricter", in_force={"from": 2022, "to": 2022}, overall={"maximum": 10}, applicability=[])
    made["groups"][0]["procedures"][0]["indicators"][1]["rule"] = LOWER
    made["groups"][1]["procedures"][0]["indicators"][1]["rule"] = HIGHER
    return made


class Compared:
    """Cards, scales and standings as a service keeps them; facts are kept too, for the rules may change."""

    def __init__(self) -> None:
        self.cards: dict[CardKey, Card] = {}
        self.scales: dict[League, Scale] = {}
        self.standings = Standings()
        self.facts: dict[str, Fact] = {}
        self.documents: list[dict[str, Any]] = []
        self.acts: dict[tuple[str, str, str], str] = {}
        self.told: list[ScoreChanged] = []
        self.moves: list[ScaleTurn] = []
        self.minutes = 0
        self._editions: list[Methodology] = []

    def of_period(self, period: str) -> Methodology | None:
        """The edition in force with what the acts say."""
        found = in_force([Loaded(one, START) for one in self._editions], period)
        stated = {
            (procedure, municipality): Statement(identity, "не участвует", "приказ № 7")
            for (procedure, municipality, of), identity in self.acts.items()
            if of == period
        }
        return found.stating(stated) if found else None

    def take(self, *facts: Fact) -> Rescored:
        """Decide over one batch and keep what it gives."""
        self.minutes += 1
        now = START + timedelta(minutes=self.minutes)
        done = rescore(
            self.cards,
            facts,
            methodology_of=self.of_period,
            standings=self.standings,
            now=now,
            scales=self.scales,
        )
        self.facts |= {fact.id: fact for fact in (*done.fresh, *done.old) if fact.id not in self.facts}
        return self._keep(done)

    def load(self, document: dict[str, Any]) -> Rescored:
        """Another edition: everything is recounted by it."""
        self.documents.append(document)
        self._editions.append(read_methodology(document))
        return self.recount()

    def state(self, procedure: str, municipality: str, period: str) -> Rescored:
        """An applicability act, or its withdrawal where there is one."""
        key = (procedure, municipality, period)
        if self.acts.pop(key, None) is None:
            self.acts[key] = f"act-{len(self.acts)}-{self.minutes}"
        return self.recount()

    def recount(self) -> Rescored:
        """Put recounted cards and scales in the place of those that are not so."""
        self.minutes += 1
        return self._keep(
            rebuild(
                self.cards,
                recount(self.facts.values(), methodology_of=self.of_period),
                methodology_of=self.of_period,
                standings=self.standings,
                occasion=Occasion(Cause("rules"), START + timedelta(minutes=self.minutes)),
                scales=self.scales,
            )
        )

    def _keep(self, done: Rescored) -> Rescored:
        self.cards.update({card.key: card for card in done.cards})
        for turn in done.scales:
            assert turn.before == self.scales.get(turn.before.league, turn.before)
            self.scales[turn.after.league] = turn.after
        self.standings.apply(done.moves)
        self.told += [one.event for one in done.told]
        self.moves += [turn for turn in done.scales if turn.told]
        return done

    def expected(self, events: list[dict[str, Any]], period: str) -> dict[str, dict[str, dict[str, Any]]]:
        """What the plain reference makes of the same history."""
        document = _document_for(self.documents, period)
        acts = {(procedure, municipality) for procedure, municipality, of in self.acts if of == period}
        return {} if document is None else reference.table(document, events, period, acts)


def _document_for(documents: list[dict[str, Any]], period: str) -> dict[str, Any] | None:
    year = int(period)
    covering = [one for one in documents if one["in_force"]["from"] <= year <= one["in_force"]["to"]]
    if not covering:
        return None
    found = max(covering, key=lambda one: (one["in_force"]["from"], one["id"]))
    return found | {"applicability": [one for one in found["applicability"] if one["period"] == period]}


def points_of(world: Compared, municipality: str, group: str, period: str = "2022") -> Fraction | None:
    """The points of a group or procedure on the card."""
    card = world.cards[municipality, period]
    procedure = card.procedures.get(group)
    return card.scores[group].points if procedure is None else procedure.points


def lived(steps: list[Any]) -> Compared:
    """A state after these steps: batches of results, acts, editions of the methodology."""
    made = Compared()
    for step in steps:
        if isinstance(step, list):
            made.take(*(fact(**event) for event in step))
        elif isinstance(step, tuple):
            made.state(*step)
        else:
            made.load(step)
    return made
