"""Sections 5 to 8 in figures: periods, sample, indicators with their distribution, rating by levels."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from services.scoring.domain.analytics.picture import level_picture
from services.scoring.domain.card import ProcedureScore, Score, procedure_score
from services.scoring.domain.facts import Fact, instant_text
from services.scoring.domain.methodology import LEVELS, Indicator, Level, Methodology, Procedure
from services.scoring.domain.names import days_of
from services.scoring.domain.points import number
from services.scoring.domain.standings import Table
from shared.kernel import number_text

FEW = 12
INTERVALS = 10
Named = Mapping[str, Any]
NameOf = Callable[[str], Named]
Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """One procedure in one period: every municipality's score by name, the facts that count, who did not exist."""

    methodology: Methodology
    procedure: Procedure
    period: str
    scores: Mapping[str, ProcedureScore]
    facts: Sequence[Fact]
    name_of: NameOf
    gone: Sequence[str] = ()

    @property
    def scored(self) -> dict[str, Score]:
        """Scores of those who have one."""
        found = {key: procedure_score(self.methodology, one) for key, one in self.scores.items()}
        return {key: one for key, one in found.items() if one.share is not None}

    def named(self, municipalities: Iterable[str]) -> list[Named]:
        """These municipalities as they are called in the period, in the order given."""
        return [self.name_of(one) for one in municipalities]

    def of_state(self, state: str) -> list[str]:
        """Municipalities in a state."""
        return [key for key, one in self.scores.items() if one.state == state]


def periods(one: Round, *, before: str, as_of: str) -> Shown | None:
    """Section 5: the days of the period, when the results were got, and by what time they were recorded."""
    if not one.facts:
        return None
    first, last = days_of(one.period)
    got = sorted(fact.occurred_at for fact in one.facts)
    return {
        "period": one.period,
        "first_day": first,
        "last_day": last,
        "first_result": instant_text(got[0]),
        "last_result": instant_text(got[-1]),
        "before": before,
        "as_of": as_of,
    }


def sample(one: Round) -> Shown | None:
    """Section 6: how many have a score; who has none, and why."""
    if not one.scored:
        return None
    exempt = {key: one.scores[key].public() for key in one.of_state("not_applicable")}
    return {
        "total": len(one.scores),
        "scored": len(one.scored),
        "no_data": one.named(one.of_state("no_data")),
        "not_applicable": [
            {"municipality": one.name_of(key), "reason": score.reason, "act": score.act}
            for key, score in exempt.items()
        ],
        "did_not_exist": one.named(one.gone),
    }


def indicators(one: Round, titles: Mapping[str, str]) -> Shown | None:
    """Section 7: each indicator with its maximum and the distribution of its values."""
    if not one.facts:
        return None
    rows = [_indicator(each, one.facts, titles.get(each.key, each.key)) for each in one.procedure.indicators]
    return {"maximum": number_text(one.procedure.maximum), "assumed": one.procedure.assumed, "rows": rows}


def _indicator(indicator: Indicator, facts: Sequence[Fact], title: str) -> Shown:
    texts = [(fact.values or {}).get(indicator.key) for fact in facts]
    values = sorted(number(text) for text in texts if text is not None)
    return {
        "indicator": indicator.key,
        "title": title,
        "maximum": number_text(indicator.maximum),
        "rule": indicator.rule.words(),
        "given": len(values),
        "missing": len(texts) - len(values),
        "lowest": number_text(values[0]) if values else None,
        "median": number_text(Fraction(median(values))) if values else None,
        "highest": number_text(values[-1]) if values else None,
        "distribution": distribution(values),
    }


def distribution(values: Sequence[Fraction]) -> list[Shown]:
    """How many have each value; with more than a dozen different ones, how many are in each of ten equal intervals.

    An interval holds its lower border, and the last one both.
    """
    counts = Counter(values)
    if len(counts) <= FEW:
        return [_interval(value, value, count) for value, count in sorted(counts.items())]
    first, width = min(counts), (max(counts) - min(counts)) / INTERVALS
    within = Counter(min(int((value - first) / width), INTERVALS - 1) for value in values)
    return [_interval(first + width * n, first + width * (n + 1), within[n]) for n in range(INTERVALS)]


def _interval(first: Fraction, last: Fraction, count: int) -> Shown:
    return {"from": number_text(first), "to": number_text(last), "count": count}


def rating(one: Round) -> Shown | None:
    """Section 8: municipalities by level, the highest first, each with its dense rank; and the picture of it."""
    scored = one.scored
    if not scored:
        return None
    table = Table()
    for municipality, score in scored.items():
        table.put(municipality, score.share)
    ranks = table.ranks()
    counts: dict[Level | None, int] = {}
    levels: list[Shown] = []
    for level in (*reversed(LEVELS), None):
        at = _at(level, scored, ranks)
        if level is None and not at:
            continue
        counts[level] = len(at)
        levels.append({"level": level, "rows": [_row(one.name_of(key), scored[key], ranks[key]) for key in at]})
    absent = {state: len(one.of_state(state)) for state in ("no_data", "not_applicable")}
    picture, words = level_picture(counts, absent)
    return {"levels": levels, **absent, "picture": picture, "picture_words": words}


def _at(level: Level | None, scored: Mapping[str, Score], ranks: Mapping[str, int]) -> list[str]:
    """Those of a level (None: in no band) by rank; among equals in the order they came in, which is by name."""
    return sorted((key for key, score in scored.items() if score.level == level), key=lambda key: ranks[key])


def _row(named: Named, score: Score, rank: int) -> Shown:
    assert score.points is not None
    assert score.maximum is not None
    return {
        "municipality": named,
        "rank": rank,
        "points": number_text(score.points),
        "maximum": number_text(score.maximum),
        "percent": score.percent,
    }
