"""The exact search for the cheapest steps to the next level and rank, beside a greedy one that proves nothing."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.facts import fact_of
from benchmarks.figures import Figure, Sample, number, percentile
from deploy.local.region import read_region
from services.scoring.domain import (
    OVERALL,
    Fact,
    Standings,
    last_facts,
    methodology_from_yaml,
    read_methodology,
    recount,
)
from services.scoring.domain.next_level import Goal, Plan, level_goal, maximum_of, plan, rank_goal
from services.scoring.domain.next_level.raising import raises, steppable
from services.scoring.domain.points import points_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from services.scoring.domain import Card, Methodology

PERIOD = "2022"
ROUNDS = 5
SEED = 20221230
# The made-up case: spans whose common multiple is great, so that points hardly ever coincide.
SPANS = (7, 11, 13, 17, 19, 23, 100, 60)


class Case(NamedTuple):
    """One question: whose card, which group, what is to be reached."""

    card: Card
    group: str
    goal: Goal


class Ground(NamedTuple):
    """An edition with the cards of all municipalities and their facts in force."""

    methodology: Methodology
    cards: Mapping[str, Card]
    facts: Mapping[str, Mapping[str, Fact]]


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Every municipality, overall and each group, to the next level and rank: the region's data, then made-up ones."""
    figures = []
    grounds = {
        "18 процедур, данные области": region(),
        "18 × 3 выдуманных дробных правила": made_up(),
        "18 × 6 случайных дробных правил по 5 шагов": harder(),
    }
    for name, ground in grounds.items():
        cases = list(cases_of(ground))
        ours, floor, proven = _rounds(ground, cases)
        tell(f"{name}: вопросов {len(cases)}, p50 {number(percentile(ours, 0.5))} мс, доказано {proven}")
        figures += [_figure(f"{name}, p{share * 100:g}", share, (ours, floor), proven) for share in (0.5, 0.99)]
    return figures


def _figure(what: str, share: float, times: tuple[list[float], list[float]], proven: str) -> Figure:
    ours, floor = times
    return Figure(
        name="next_level",
        what=f"самый дешёвый набор шагов, {what} из {len(ours)}",
        unit="мс процессора",
        ours=Sample((percentile(ours, share),)),
        floor=Sample((percentile(floor, share),)),
        bound=f"таблица лучшего и потери, иначе с двух концов; ориентир — жадный без доказательства; доказано {proven}",
    )


def _rounds(ground: Ground, cases: list[Case]) -> tuple[list[float], list[float], str]:
    ours: list[float] = []
    floor: list[float] = []
    proven = 0
    for turn in range(ROUNDS):
        for case in cases:
            facts = ground.facts[case.card.municipality]
            for values, search in ((ours, _exact), (floor, _greedy))[:: 1 if turn % 2 else -1]:
                began = time.process_time()
                found = search(case, facts, ground.methodology)
                values.append((time.process_time() - began) * 1000)
                proven += search is _exact and found.proven and not turn
    return ours, floor, f"{proven} из {len(cases)}"


def _exact(case: Case, facts: Mapping[str, Fact], methodology: Methodology) -> Plan:
    return plan(case.card, case.group, case.goal, facts=facts, methodology=methodology)


def _greedy(case: Case, facts: Mapping[str, Fact], methodology: Methodology) -> Plan:
    """The biggest gains first, until they suffice: as few indicators, more points than needed, nothing proven."""
    gains = []
    for key, scored in case.card.procedures.items():
        if scored.state == "not_applicable" or case.group not in {OVERALL, methodology.group_of[key]}:
            continue
        fact = facts.get(scored.held.result) if scored.held else None
        values = (fact.values if fact else None) or {}
        for one in methodology.procedures[key].indicators:
            if not steppable(one.rule):
                continue
            present = values.get(one.key)
            above = raises(one.rule, present)
            if above:
                gains.append(above[-1].points - (0 if present is None else points_of(one.rule, present)))
    need = case.goal.points - (case.card.scores[case.group].points or 0)
    for gain in sorted(gains, reverse=True):
        if need <= 0:
            break
        need -= gain
    return Plan(reached=need <= 0, proven=False)


def cases_of(ground: Ground) -> list[Case]:
    """Every question that has a goal."""
    standings = Standings(ground.cards.values())
    groups = (OVERALL, *(one.key for one in ground.methodology.groups))
    found = [
        Case(card, group, goal)
        for card in ground.cards.values()
        for group in groups
        for goal in _goals(card, group, ground.methodology, standings)
    ]
    return [case for case in found if case.goal.maximum]


def _goals(card: Card, group: str, methodology: Methodology, standings: Standings) -> list[Goal]:
    score, maximum = card.scores[group], maximum_of(card, group, methodology)
    table = standings.table(card.league, group)
    found = (level_goal(score, maximum, methodology), rank_goal(score, maximum, table))
    return [goal for goal in found if goal is not None]


def region() -> Ground:
    """The published year of the region."""
    pack = read_region()
    methodology = methodology_from_yaml(pack.methodology)[0]
    facts = [
        fact_of(body["subject"]["municipality"], body["procedure"], {k: str(v) for k, v in body["values"].items()})
        for body in pack.results
    ]
    return _ground(methodology, facts)


def made_up() -> Ground:
    """18 procedures of three linear indicators each, spans without common measure, values of two decimals."""
    chance = random.Random(SEED)
    ends = [[str(SPANS[(3 * place + one) % len(SPANS)]) for one in (1, 2, 3)] for place in range(18)]
    return _invented(ends, 2, lambda _: f"{chance.random() * 0.9 * SPANS[0]:.2f}")


def harder() -> Ground:
    """18 procedures of six linear indicators each, five steps, ends and values at random: hardly a common measure."""
    chance = random.Random(SEED)
    ends = [[f"{chance.randrange(20, 2000) / 10}" for _ in range(6)] for _ in range(18)]
    return _invented(ends, 5, lambda end: f"{chance.random() * float(end):.2f}")


def _invented(ends: list[list[str]], maximum: int, value: Callable[[str], str]) -> Ground:
    """Linear rules that begin at 0, by procedure; 43 municipalities whose values are by the rule's end."""
    procedures = [
        {
            "key": f"p{place}",
            "code": place + 1,
            "title": f"Процедура {place + 1}",
            "maximum": maximum * len(some),
            "indicators": [
                {"key": f"i{one}", "maximum": maximum, "rule": {"kind": "linear", "from": 0, "to": end}}
                for one, end in enumerate(some)
            ],
        }
        for place, some in enumerate(ends)
    ]
    groups = [
        {"key": f"g{part}", "title": f"Группа {part}", "procedures": procedures[6 * part : 6 * part + 6]}
        for part in range(3)
    ]
    levels = {"low": [0, 29], "medium": [30, 59], "above_average": [60, 89], "high": [90, 100]}
    told = {"id": "made-up", "title": "Дробная", "in_force": {"from": 2020}, "levels": levels, "groups": groups}
    facts = [
        fact_of(f"m{whose}", f"p{place}", {f"i{one}": value(end) for one, end in enumerate(some)})
        for whose in range(43)
        for place, some in enumerate(ends)
    ]
    return _ground(read_methodology(told), facts)


def _ground(methodology: Methodology, facts: list[Fact]) -> Ground:
    cards = recount(facts, methodology_of=lambda _: methodology)
    by_whom: dict[str, list[Fact]] = {}
    for fact in facts:
        by_whom.setdefault(fact.municipality or "", []).append(fact)
    return Ground(
        methodology,
        {municipality: card for (municipality, _), card in cards.items()},
        {municipality: last_facts(some) for municipality, some in by_whom.items()},
    )
