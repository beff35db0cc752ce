"""What is to be reached: the points from which the next level begins, or by which the next rank is held."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.scoring.domain.card import Card, Score
from services.scoring.domain.methodology import OVERALL, Level, Methodology
from services.scoring.domain.rules import ZERO
from services.scoring.domain.standings import Table
from shared.kernel import number_text


@dataclass(frozen=True, slots=True)
class Goal:
    """The points that are needed, of the maximum, and what they bring: a level from a percent on, or a rank."""

    points: Fraction
    maximum: Fraction
    level: Level | None = None
    percent: int | None = None
    rank: int | None = None

    def view(self) -> dict[str, Any]:
        """The goal in the shape of the API."""
        shown = {"level": self.level, "percent": self.percent, "rank": self.rank}
        exact = {"points": number_text(self.points), "share": number_text(self.points / self.maximum)}
        return exact | {name: value for name, value in shown.items() if value is not None}


def maximum_of(card: Card, group: str, methodology: Methodology) -> Fraction:
    """The maximum that applies to a card in a group or overall, also where nothing is scored; else 0."""
    known = card.scores[group].maximum
    if known is not None:
        return known
    exempt = sum(
        (
            scored.maximum
            for key, scored in card.procedures.items()
            if scored.state == "not_applicable" and group in {OVERALL, methodology.group_of[key]}
        ),
        ZERO,
    )
    if group == OVERALL:
        return methodology.overall_maximum(exempt) if exempt < methodology.summed else ZERO
    return next(one.summed for one in methodology.groups if one.key == group) - exempt


def level_goal(score: Score, maximum: Fraction, methodology: Methodology) -> Goal | None:
    """The first level that begins above the present percent; None where there is none.

    A percent is reached when the exact share, rounded half-up, is not less: from half a percent below it on.
    """
    now = score.percent or 0
    above = [(first, level) for level, first, _ in methodology.percent_bands.bounds if first > now]
    if not above:
        return None
    percent, level = min(above)
    return Goal(maximum * (2 * percent - 1) / 200, maximum, level=level, percent=percent)


def rank_goal(score: Score, maximum: Fraction, table: Table) -> Goal | None:
    """The next greater share that somebody holds, which gives that rank when it is equalled; None for the first.

    Who has no share yet reaches for the least one there is.
    """
    share = table.above(score.share)
    return None if share is None else Goal(share * maximum, maximum, rank=table.rank(share))
