"""What the tests of scoring are made of: a small methodology, facts, cards."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from services.scoring.domain import (
    Card,
    CardKey,
    Exempt,
    Fact,
    Methodology,
    Rescored,
    Standings,
    read_methodology,
    rescore,
)
from services.scoring.domain.league import League
from shared.kernel import Cause

START = datetime(2023, 1, 1, tzinfo=UTC)
DIRECT = {"kind": "direct"}
DOCUMENT: dict[str, Any] = {
    "id": "small",
    "title": "Малая методика",
    "in_force": {"from": 2020, "to": 2023},
    "levels": {"low": [0, 29], "medium": [30, 59], "above_average": [60, 89], "high": [90, 100]},
    "overall": {
        "maximum": 9,
        "points_levels": {"low": [0, 2], "medium": [3, 5], "above_average": [6, 7], "high": [8, 9]},
    },
    "groups": [
        {
            "key": "alpha",
            "title": "Альфа",
            "maximum": 6,
            "points_levels": {"low": [0, 1], "medium": [2, 3], "above_average": [4, 5], "high": [6, 6]},
            "procedures": [
                {
                    "key": "first",
                    "code": 1,
                    "title": "Первая",
                    "maximum": 4,
                    "indicators": [
                        {"key": "i1", "maximum": 2, "rule": DIRECT},
                        {"key": "i2", "maximum": 2, "rule": {"kind": "linear", "from": 10, "to": 40}},
                    ],
                },
                {
                    "key": "second",
                    "code": 2,
                    "title": "Вторая",
                    "maximum": 2,
                    "assumed": True,
                    "indicators": [
                        {
                            "key": "i1",
                            "maximum": 2,
                            "rule": {"kind": "steps", "below": 2, "steps": [[5, 1], ["7.5", "0.5"], [10, 0]]},
                        }
                    ],
                },
            ],
        },
        {
            "key": "beta",
            "title": "Бета",
            "procedures": [
                {
                    "key": "third",
                    "code": 3,
                    "title": "Третья",
                    "maximum": 4,
                    "indicators": [
                        {"key": "i1", "maximum": 2, "rule": DIRECT},
                        {"key": "i2", "maximum": 2, "rule": DIRECT},
                    ],
                }
            ],
        },
    ],
    "applicability": [
        {
            "procedure": "third",
            "period": "2022",
            "municipalities": ["m3"],
            "reason": "не участвовал",
            "act": "приказ № 1",
        }
    ],
}


def document(**changes: Any) -> dict[str, Any]:
    """The small methodology's document with top fields replaced."""
    return deepcopy(DOCUMENT) | changes


METHODOLOGY = read_methodology(DOCUMENT)


def of_period(period: str) -> Methodology | None:
    """The small methodology where it is in force."""
    return METHODOLOGY if METHODOLOGY.covers(period) else None


def fact(
    result: str = "r1",
    revision: int = 1,
    *,
    procedure: str = "first",
    municipality: str | None = "m1",
    organization: str | None = None,
    period: str = "2022",
    values: Mapping[str, str | None] | None = None,
    exempt: bool = False,
    quiet: bool = False,
    at: int = 0,
) -> Fact:
    """A revision recorded `at` minutes after the start; without values and not exempt it is a withdrawal."""
    return Fact(
        result=result,
        revision=revision,
        procedure=procedure,
        period=period,
        source="test",
        occurred_at=START,
        recorded_at=START + timedelta(minutes=at),
        cause=Cause(f"c-{result}-{revision}"),
        municipality=municipality,
        organization=organization,
        values=values,
        not_applicable=Exempt("нет таких школ", "приказ № 2") if exempt else None,
        reason=None if revision == 1 else "исправление",
        quiet=quiet,
    )


HERE = League("", "2022")


class World:
    """Cards and standings as a service keeps them, fed batch by batch."""

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self.cards: dict[CardKey, Card] = {card.key: card for card in cards}
        self.standings = Standings(self.cards.values())
        self.minutes = 0

    def take(self, *facts: Fact) -> Rescored:
        """Decide over one batch and keep what it gives."""
        self.minutes += 1
        rescored = rescore(
            self.cards,
            facts,
            methodology_of=of_period,
            standings=self.standings,
            now=START + timedelta(minutes=self.minutes),
        )
        self.cards.update({card.key: card for card in rescored.cards})
        self.standings.apply(rescored.moves)
        return rescored
