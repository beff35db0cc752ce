"""A document with figures of the small methodology, as the tests of analytics make them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from services.scoring.domain import last_facts, recount
from services.scoring.domain.analytics import Document, Draft, Measured, Round, Sources, Step, Traits, draft
from services.scoring.domain.card import Held, ProcedureScore
from services.scoring.usecases.analytics import the_motivation
from tests.unit.scoring.made import METHODOLOGY, fact, of_period

NOW = datetime(2023, 2, 1, 9, 30, tzinfo=UTC)
LATER = [{"i1": "2", "i2": "40"}, {"i1": "1", "i2": "25"}, {"i1": "0", "i2": None}]
EARLIER = [{"i1": "1", "i2": "10"}, {"i1": "1", "i2": "40"}]


def step(expected: int = 1) -> Step:
    return Step("ministry:ministry", expected, NOW)


def drafted(**changes: Any) -> Document:
    wanted = {"procedure": "first", "period": "2022", "by": "ministry:ministry", "now": NOW} | changes
    return draft(Draft(**wanted), ())


def scored(share: Fraction | None, state: Any = "scored") -> ProcedureScore:
    points = None if share is None else share * 4
    held = Held("r", 1, "", "values", points)
    return ProcedureScore(state if share is None else "scored", Fraction(4), held)


def sources(*, same_rules: bool = True, reforms: Mapping[str, str] = MappingProxyType({})) -> Sources:
    """Three municipalities with results of 2022 (one of them in part), two of them of 2021, one exempt, one without."""
    later = [fact(f"r{n}", municipality=f"m{n}", values=values) for n, values in enumerate(LATER, start=1)]
    later.append(fact("r4", municipality="m4", exempt=True))
    earlier = [
        fact(f"e{n}", municipality=f"m{n}", period="2021", values=values) for n, values in enumerate(EARLIER, start=1)
    ]
    cards = recount([*later, *earlier], methodology_of=of_period)
    scores = {key: card.procedures["first"] for (key, period), card in sorted(cards.items()) if period == "2022"}
    scores["m5"] = ProcedureScore("no_data", Fraction(4))
    before = {key: card.procedures["first"] for (key, period), card in cards.items() if period == "2021"}
    counting = [one for one in last_facts(later).values() if one.values is not None]
    return Sources(
        round=Round(
            METHODOLOGY, METHODOLOGY.procedures["first"], "2022", scores, counting,
            name_of=lambda key: {"id": key, "name": f"Муниципалитет {key}", "oktmo": None}, gone=["m6"],
        ),
        before=Measured("2021", "small" if same_rules else "older", before),
        motivation=the_motivation(),
        indicator_titles={"i1": "Охват"},
        as_of=NOW,
        reforms=reforms,
        traits={"m1": Traits("urban_okrug", 30_000), "m2": Traits("urban_okrug", 60_000)},
    )  # fmt: skip
