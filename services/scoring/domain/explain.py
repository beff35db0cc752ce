"""Explaining a score: overall, groups, procedures, indicators with value and rule, the result behind each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from services.scoring.domain.card import RESULT_SAYS, Card, ProcedureScore, Score, procedure_score
from services.scoring.domain.facts import Fact, instant_text
from services.scoring.domain.methodology import OVERALL, Group, Indicator, Methodology, Procedure
from services.scoring.domain.points import NO_BESTS, points_of
from services.scoring.domain.rules import ZERO, Relative, Rule
from services.scoring.domain.scale import BestsOf
from shared.kernel import number_text

# Neither its points nor its maximum count.
ABSENT = {"not_applicable", "did_not_exist"}
RankOf = Callable[[str, Score], int | None]
Names = Mapping[str, Mapping[str, str]]


def score_view(score: Score, rank: int | None = None) -> dict[str, Any]:
    """A score in the shape of the API: exact texts, percent, level, rank; only `state` where not scored."""
    if score.points is None or score.maximum is None or score.share is None:
        return {"state": score.state}
    return {
        "state": score.state,
        "points": number_text(score.points),
        "maximum": number_text(score.maximum),
        "share": number_text(score.share),
        "percent": score.percent,
        "level": score.level,
        "level_conflict": score.level_conflict,
        "rank": rank,
    }


def procedure_view(
    methodology: Methodology, procedure: str, scored: ProcedureScore, *, rank_of: RankOf
) -> dict[str, Any]:
    """A procedure's score in the shape of the API, with what is missing, or why it did not apply."""
    score = procedure_score(methodology, scored)
    view = score_view(score, rank_of(procedure, score))
    if scored.state == "did_not_exist":
        return view
    if scored.state == "not_applicable":
        return view | {"reason": scored.reason, "act": scored.act, "basis": scored.basis}
    missing = scored.held.missing if scored.held else _keys(methodology.procedures[procedure])
    return view | {"maximum": number_text(scored.maximum), "missing": list(missing)}


def wordless(view: Mapping[str, Any]) -> dict[str, Any]:
    """A procedure's view, explained or not, without what was typed with its results: for who may not read these."""
    revisions = {key: view[key] for key in ("result", "withdrawn") if view.get(key)}
    told = {key: {name: one[name] for name in one if name != "reason"} for key, one in revisions.items()}
    typed = {"reason": RESULT_SAYS, "act": None} if view.get("basis") == "result" else {}
    return {**view, **told, **typed}


@dataclass(frozen=True, slots=True)
class Explainer:
    """What an explanation needs: the edition, the facts in force by result id, ranks by table and score.

    `names` are those of indicators by procedure and key, as the catalogue has them now; `bests` are the period's
    scale, for relative rules.
    """

    methodology: Methodology
    facts: Mapping[str, Fact]
    rank_of: RankOf
    names: Names = field(default_factory=dict)
    bests: BestsOf = field(default_factory=dict)

    def explain(self, card: Card) -> dict[str, Any]:
        """The chain of a card in the shape of the API; the municipality is its id."""
        overall = card.scores[OVERALL]
        groups = [self._group(card, group) for group in self.methodology.groups]
        return {
            "municipality": card.municipality,
            "period": card.period,
            "methodology": card.methodology,
            "edition": {
                "id": self.methodology.id,
                "title": self.methodology.title,
                "act": self.methodology.act,
            },
            "data_at": card.data_at,
            "overall": score_view(overall, self.rank_of(OVERALL, overall))
            | {"notes": list(_of_maxima(card)), "groups": groups},
        }

    def _group(self, card: Card, group: Group) -> dict[str, Any]:
        score = card.scores[group.key]
        procedures = [self._procedure(card, procedure) for procedure in group.procedures]
        view = score_view(score, self.rank_of(group.key, score))
        return {"group": group.key, "title": group.title} | view | {"procedures": procedures}

    def _procedure(self, card: Card, procedure: Procedure) -> dict[str, Any]:
        scored = card.procedures[procedure.key]
        fact = self.facts.get(scored.held.result) if scored.held else None
        view = procedure_view(self.methodology, procedure.key, scored, rank_of=self.rank_of)
        withdrawn = self.facts.get(scored.withdrawn.result) if scored.withdrawn else None
        if scored.state == "no_data":
            view |= {"withdrawn": None if withdrawn is None else _result(withdrawn)}
        indicators = [] if scored.state in ABSENT else self._indicators(procedure, fact)
        return {
            "procedure": procedure.key,
            "title": procedure.title,
            **view,
            "assumed": procedure.assumed,
            "notes": list(_over_maximum(scored, indicators)),
            "indicators": indicators,
            "result": None if fact is None else _result(fact),
        }

    def _indicators(self, procedure: Procedure, fact: Fact | None) -> list[dict[str, Any]]:
        values = (fact.values if fact else None) or {}
        names, bests = self.names.get(procedure.key, {}), self.bests.get(procedure.key, NO_BESTS)
        return [
            _indicator(one, values.get(one.key), bests.get(one.key)) | {"title": names.get(one.key, one.key)}
            for one in procedure.indicators
        ]


def _of_maxima(card: Card) -> Iterator[str]:
    """That the groups' maxima do not add up to the overall one, where the methodology declares its own."""
    whole = card.scores[OVERALL].maximum
    summed = sum((one.maximum for one in card.procedures.values() if one.state not in ABSENT), ZERO)
    if whole is not None and whole != summed:
        yield (
            f"Общий максимум по методике — {number_text(whole)}, максимумы групп дают вместе {number_text(summed)} "
            "(без процедур, которые не применялись): общая доля считается от первого."
        )


def _over_maximum(scored: ProcedureScore, indicators: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """That a procedure's indicators give more points than its maximum lets count."""
    told = sum((Fraction(one["points"]) for one in indicators if one["points"] is not None), ZERO)
    if scored.points is not None and told > scored.points:
        yield f"Баллы сверх максимума процедуры не засчитаны: {number_text(told - scored.points)}."


def _keys(procedure: Procedure) -> tuple[str, ...]:
    return tuple(indicator.key for indicator in procedure.indicators)


def _indicator(indicator: Indicator, value: str | None, best: Fraction | None) -> dict[str, Any]:
    """An indicator's line; a missing value has no points, which is not zero points."""
    return {
        "indicator": indicator.key,
        "value": value,
        "rule": _rule(indicator.rule, best),
        "points": None if value is None else number_text(points_of(indicator.rule, value, best)),
        "maximum": number_text(indicator.maximum),
        "state": "no_data" if value is None else "scored",
    }


def _rule(rule: Rule, best: Fraction | None) -> dict[str, Any]:
    """The rule as data and in words; a relative one with the best value of the period."""
    if not isinstance(rule, Relative):
        return rule.data() | {"words": rule.words()}
    told = None if best is None else number_text(best)
    shown = "лучшего значения нет" if told is None else f"лучшее — {told}"
    return rule.data() | {"best": told, "words": f"{rule.words()}; {shown}"}


def _result(fact: Fact) -> dict[str, Any]:
    by = fact.submitted_by
    return {
        "id": fact.result,
        "revision": fact.revision,
        "source": fact.source,
        "occurred_at": instant_text(fact.occurred_at),
        "recorded_at": instant_text(fact.recorded_at),
        "reason": fact.reason,
        "submitted_by": None if by is None else {"role": by.role, "id": by.id},
    }
