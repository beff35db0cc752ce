"""A card in the making within one batch: facts taken one by one, groups summed up again at the end."""

from collections.abc import Iterable
from dataclasses import replace

from services.scoring.domain.card import Card, ProcedureScore, group_scores
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.placing import hold, place
from services.scoring.domain.points import NO_BESTS
from services.scoring.domain.scale import Placed, Scale
from services.scoring.domain.telling import Turn


class OutdatedCard(Exception):
    """A card was scored by other rules than those in force: recount it first (technical)."""


class Draft:
    """One card while a batch is decided; `scaled` when a fact has a part in the period's scale."""

    __slots__ = ("applied", "card", "methodology", "movers", "number", "procedures", "scale", "scaled", "touched")

    def __init__(self, card: Card, methodology: Methodology, scale: Scale | None) -> None:
        check_edition(card, methodology)
        self.card = card
        self.methodology = methodology
        self.scale = scale
        self.number = card.scale
        self.procedures: dict[str, ProcedureScore] = dict(card.procedures)
        self.applied: list[Fact] = []
        self.movers: list[Fact] = []
        self.scaled: list[Fact] = []
        self.touched: set[str] = set()

    def take(self, fact: Fact) -> bool:
        """Let a fact count; False when its revision is not newer than the known one."""
        key, methodology = fact.procedure, self.methodology
        before, procedure = self.procedures[key], methodology.procedures[key]
        if before.stated is not None or methodology.stated:
            self._check_stated(key, before)
        rest = []
        for held in before.known():
            if held.result != fact.result:
                rest.append(held)
            elif held.revision >= fact.revision:
                return False
        rest.append(hold(fact, procedure))
        after = self.procedures[key] = place(
            key,
            rest,
            methodology=methodology,
            municipality=self.card.municipality,
            period=self.card.period,
            bests=NO_BESTS if self.scale is None else self.scale.of(key),
        )
        self.applied.append(fact)
        if procedure.relative:
            self.scaled.append(fact)
        if _moved(before, after) or (procedure.relative and _values(before) != _values(after)):
            self.movers.append(fact)
            self.touched.add(methodology.group_of[key])
        return True

    def _check_stated(self, key: str, before: ProcedureScore) -> None:
        """The card follows from the very applicability acts that are known here, or one of the two is behind."""
        stated = self.methodology.stated.get((key, self.card.municipality))
        if before.stated != (stated.id if stated else None):
            raise OutdatedCard(f"{self.card.municipality} {self.card.period}: {before.stated}, not {stated}")

    def remeasure(self, placed: Placed, procedures: Iterable[str], number: int) -> None:
        """Take over the points by a moved scale."""
        self.procedures = dict(placed)
        self.touched.update(self.methodology.group_of[key] for key in procedures)
        self.number = number

    def turn(self) -> Turn:
        """Sum the groups up again that something moved."""
        after = summed(self.card, self.procedures, methodology=self.methodology, touched=self.touched)
        if self.number != self.card.scale:
            after = replace(after, scale=self.number)
        causes = self.movers or self.applied
        quiet = all(fact.quiet for fact in causes)
        silent, edition = not self.movers, self.methodology.title
        return Turn(self.card, after, causes, causes[-1].cause, quiet=quiet, silent=silent, edition=edition)


def summed(card: Card, procedures: Placed, *, methodology: Methodology, touched: set[str]) -> Card:
    """The card with other procedures, the touched groups summed up anew."""
    if not touched:
        return replace(card, procedures=procedures)
    standing = {group: score for group, score in card.scores.items() if group not in touched}
    return replace(card, procedures=procedures, scores=group_scores(methodology, procedures, standing=standing))


def check_edition(card: Card, methodology: Methodology) -> None:
    """Only a card of the edition in force may be gone on from."""
    if card.methodology != methodology.id:
        raise OutdatedCard(f"{card.municipality} {card.period}: {card.methodology}, not {methodology.id}")


def _moved(before: ProcedureScore, after: ProcedureScore) -> bool:
    """Whether a score says something else than before; the points of a text are one object, remembered."""
    if before.state != after.state:
        return True
    old, new = before.points, after.points
    return old is not new and old != new


def _values(score: ProcedureScore) -> tuple[str | None, ...]:
    return score.held.values if score.held is not None and score.state == "scored" else ()
