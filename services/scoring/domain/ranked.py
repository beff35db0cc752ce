"""The overall ranks of a league as its cards stood at one moment, and those that were told last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from services.scoring.domain.mirror import LONG_AGO
from services.scoring.domain.standings import Table


class Stood(NamedTuple):
    """A card as far as ranks and their telling follow from it: see `Stored`; `share` is the overall one, if any."""

    municipality: str
    version: int
    at: datetime
    loud: bool
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ranks by municipality; `age` is the sum of the cards' versions, `at` when one of them was written last."""

    age: int = 0
    ranks: Mapping[str, int] = field(default_factory=dict)
    at: datetime = LONG_AGO


def ranked(cards: Sequence[Stood]) -> Ranked:
    """The ranks that follow from all cards of a league."""
    table = Table()
    for card in cards:
        table.put(card.municipality, card.share)
    at = max((card.at for card in cards), default=LONG_AGO)
    return Ranked(sum(card.version for card in cards), table.ranks(), at)
