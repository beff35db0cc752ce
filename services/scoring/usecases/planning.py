"""Plans: what the cheapest way to the next level or rank is, and what the score would be after it."""

from typing import Any, Literal

from services.scoring.domain import OVERALL, Methodology, score_view
from services.scoring.domain.next_level import Goal, Plan, level_goal, maximum_of, plan, rank_goal
from services.scoring.usecases.ports import KeepsRegisters
from services.scoring.usecases.scores import Basis, Scores
from shared.kernel import NotFound, number_text

Target = Literal["level", "rank"]
TOP = {"level": "highest-level", "rank": "first"}


class Planning:
    """Answers plans in the shape of the API."""

    def __init__(self, store: KeepsRegisters, scores: Scores) -> None:
        self._store = store
        self._scores = scores

    async def next_level(self, municipality: str, period: str, *, group: str, target: Target) -> dict[str, Any]:
        """The cheapest steps to the next level or rank in a group or overall; NotFound (`group-not-found`)."""
        basis = await self._scores.basis(municipality, period)
        _check(group, basis.methodology)
        score = basis.card.scores[group]
        told = self._scores.head(basis.card) | {"as_of": basis.at, "group": group, "target": target}
        told["from"] = score_view(score, basis.rank_of(group, score))
        maximum = maximum_of(basis.card, group, basis.methodology)
        if not maximum or score.state == "did_not_exist":
            return told | _nothing(told["from"], "not-applicable" if not maximum else "did-not-exist")
        if target == "level":
            goal = level_goal(score, maximum, basis.methodology)
        else:
            goal = rank_goal(score, maximum, basis.rank_of.table(group))
        if goal is None:
            return told | _nothing(told["from"], TOP[target])
        found = await self._plan(basis, group, goal)
        return told | {"goal": goal.view()} | self._view(basis, group, found)

    async def _plan(self, basis: Basis, group: str, goal: Goal) -> Plan:
        limits = await self._store.limits()
        return plan(
            basis.card,
            group,
            goal,
            facts=basis.facts,
            methodology=basis.methodology,
            bests=basis.bests,
            limits=limits,
        )

    def _view(self, basis: Basis, group: str, found: Plan) -> dict[str, Any]:
        """The steps, and the score after them by what-if's own way."""
        card, rank_of = basis.card, basis.rank_of
        if found.steps:
            card, rank_of = self._scores.supposing(basis, found.supposed())
        after = card.scores[group]
        return {
            "reachable": found.reached,
            "reason": None if found.reached else "not-enough",
            "proven": found.proven,
            "steps": [step.view() for step in found.steps],
            "total": {"indicators": len(found.steps), "points": number_text(found.gained)},
            "after": score_view(after, rank_of(group, after)),
            "left_out": [one.view() for one in found.left],
        }


def _check(group: str, methodology: Methodology) -> None:
    known = [OVERALL, *(one.key for one in methodology.groups)]
    if group not in known:
        detail = f"«{group[:100]}»: есть {', '.join(known)}."
        raise NotFound("group-not-found", "Такой группы нет в методике", detail)


def _nothing(present: dict[str, Any], reason: str) -> dict[str, Any]:
    """No goal: nothing is above."""
    total = {"indicators": 0, "points": "0"}
    return {
        "goal": None,
        "reachable": False,
        "reason": reason,
        "proven": True,
        "steps": [],
        "total": total,
        "after": present,
        "left_out": [],
    }
