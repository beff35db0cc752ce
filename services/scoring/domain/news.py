"""What a batch of events brings to scoring, and what becomes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.scoring.domain.card import CardKey
from services.scoring.domain.facts import Fact
from services.scoring.domain.league import League
from services.scoring.domain.mirror import Stored
from services.scoring.domain.names import Municipality
from services.scoring.domain.rescoring import Rescored
from services.scoring.domain.scale import Scale

NOTHING = Rescored()


def indicator_names(procedure: Mapping[str, Any]) -> dict[str, str]:
    """Names of a procedure's indicators by key; none where only its own name was kept."""
    return {one["key"]: one["name"] for one in procedure.get("indicators", ())}


@dataclass(frozen=True, slots=True)
class News:
    """Facts, municipalities, procedures (`{"_id", "revision", "name", …}`, see `consumers.read_procedure`)."""

    facts: Sequence[Fact] = ()
    municipalities: Sequence[Municipality] = ()
    procedures: Sequence[Mapping[str, Any]] = ()

    @property
    def keys(self) -> set[CardKey]:
        """The cards that the facts may change."""
        return {(fact.municipality, fact.period) for fact in self.facts if fact.municipality is not None}


@dataclass(frozen=True, slots=True)
class Known:
    """What a process decides from: cards as it last saw them, and the number of the rules that it knows.

    Of the leagues in `relative`, whose editions have relative rules, every card and the scale.
    """

    rules: int
    cards: Mapping[CardKey, Stored] = field(default_factory=dict)
    relative: frozenset[League] = frozenset()
    scales: Mapping[League, Scale] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """The decision, the cards as they are stored now, and the cards and scales that were read for it."""

    decided: Rescored = NOTHING
    stored: tuple[Stored, ...] = ()
    read: tuple[Stored, ...] = ()
    scales: tuple[Scale, ...] = ()
