"""The cheapest way to the next level or place in words, and the values of its form."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from services.portal.clients import Problem
from services.portal.show.entry import REMEDIES, shown, typed
from services.portal.show.numbers import NBSP, commas, number
from services.portal.show.words import POINT, POINT_OF, counted, word
from shared.kernel import plural

Told = Mapping[str, Any]
Names = Mapping[tuple[str, str], str]
PREFIX = "value-"
INDICATOR = ("показатель", "показателя", "показателей")
TARGETS = {"level": "до следующего уровня", "rank": "до следующего места"}
NOTHING_ABOVE = {
    "highest-level": "Уровень уже высший.",
    "first": "Место уже первое.",
    "not-applicable": "Оценки здесь нет: процедуры не применялись.",
    "did-not-exist": "В этом периоде муниципалитета не было.",
}
LEFT_OUT = {
    "relative": "Не учтены показатели, баллы которых зависят от других муниципалитетов: {}."
    " Что даст их подъём, показывает расчёт «Что будет, если».",
    "unreported": "Не учтены показатели, которых нет в каталоге процедур (передать их нельзя): {}.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One indicator to raise: its field in the form, what it is called, its values and points in words."""

    field: str
    procedure: str
    indicator: str
    title: str
    name: str
    now: str
    to: str
    gain: str


def steps_of(plan: Told, names: Names) -> list[Step]:
    """The steps of a plan; indicators by their names, where the catalogue told them."""
    return [
        Step(
            field=f"{PREFIX}{one['procedure']}.{one['indicator']}",
            procedure=one["procedure"],
            indicator=one["indicator"],
            title=one["title"],
            name=names.get((one["procedure"], one["indicator"]), one["indicator"]),
            now=shown(one["from"]) or "нет данных",
            to=shown(one["to"]),
            gain=number(str(Fraction(one["points"]["after"]) - Fraction(one["points"]["before"]))),
        )
        for one in plan["steps"]
    ]


def headline(plan: Told) -> str:
    """What is to be done, in a sentence."""
    if plan["reason"] in NOTHING_ABOVE:
        return NOTHING_ABOVE[plan["reason"]]
    goal, total = plan["goal"], plan["total"]
    if goal.get("rank"):
        wanted = f"{goal['rank']}-го места"
    else:
        wanted = f"уровня «{word('level', goal['level'])}» (от {goal['percent']}{NBSP}%)"
    if not plan["reachable"]:
        needed = points(goal["points"])
        verb = "нужен" if needed.endswith(POINT[0]) else "нужно"
        limit = "до предела все показатели, кроме зависящих от других муниципалитетов"
        raised = limit if _left_out(plan)["relative"] else "все показатели до предела"
        return f"До {wanted} {verb} {needed}: столько не набрать, даже подняв {raised}."
    many = counted(total["indicators"], INDICATOR)
    return f"До {wanted}: поднять {many}, всего на {points(total['points'])}."


def remarks(plan: Told) -> str:
    """What is proven of the steps, and what was not looked at."""
    left = _left_out(plan)
    unseen = [said.format(left[code]) for code, said in LEFT_OUT.items() if left[code]]
    return " ".join([*([_proof(plan, left)] if plan["reachable"] else []), *unseen])


def _proof(plan: Told, left: Mapping[str, int]) -> str:
    fewest = (
        "Из учтённых показателей меньшим числом не обойтись" if left["relative"] else "Меньше показателей не хватит"
    )
    if not plan["proven"]:
        return f"{fewest}; что баллов нужно меньше всего, для таких дробных значений не доказано."
    return (
        f"{fewest}, а из наборов с тем же их числом этот требует меньше всего баллов, если поднимать до целых баллов, "
        "до ступени правила или до предела. Это доказано точным расчётом. Дробные баллы не перебирались: с ними может "
        "хватить и меньшего."
    )


def _left_out(plan: Told) -> Counter[str]:
    # The scoring of 0.2.0 tells no code: it left out only what depends on others.
    return Counter(one.get("code", "relative") for one in plan["left_out"])


def points(told: str) -> str:
    """`2 балла`, `1,5 балла`: an exact number of points with its noun."""
    return _counted(told, POINT, POINT[1])


def of_points(told: str) -> str:
    """`91 балла`, `92 баллов`, `1,5 балла`: the same as it stands after «из»."""
    return _counted(told, POINT_OF, POINT_OF[0])


def _counted(told: str, whole: tuple[str, str, str], part: str) -> str:
    exact = Fraction(told)
    return f"{number(told)}{NBSP}{plural(int(exact), whole) if exact.denominator == 1 else part}"


def values_of(fields: Mapping[str, str], steps: Sequence[Step]) -> dict[str, dict[str, str | None]]:
    """What the form says, by procedure and indicator, as what-if takes it."""
    values: dict[str, dict[str, str | None]] = {}
    for step in steps:
        if step.field in fields:
            values.setdefault(step.procedure, {})[step.indicator] = typed(fields[step.field])
    return values


def places(steps: Iterable[Step]) -> dict[str, str]:
    """The field of the form for each pointer of a refusal."""
    return {f"/values/{one.procedure}/{one.indicator}": one.field for one in steps}


def named(problem: Problem | None, steps: Sequence[Step]) -> Problem | None:
    """The refusal with the indicator of each wrong value, for the summary that stands away from the fields."""
    if problem is None:
        return None
    told = {f"/values/{one.procedure}/{one.indicator}": f"{one.title}: {one.name}" for one in steps}
    errors = [
        replace(
            one,
            message=f"{told[one.pointer]}. {commas(one.message)}",
            remedy=commas(REMEDIES.get(one.code, one.remedy)),
        )
        if one.pointer in told
        else one
        for one in problem.errors
    ]
    return replace(problem, errors=tuple(errors))


def messages(problem: Problem | None, steps: Sequence[Step]) -> dict[str, str]:
    """What stands at each field that a refusal names."""
    fields = places(steps)
    return {
        fields[one.pointer]: commas(f"{one.message} {REMEDIES.get(one.code, one.remedy)}")
        for one in (problem.errors if problem else ())
        if one.pointer in fields
    }
