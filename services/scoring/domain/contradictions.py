"""Contradictions inside a methodology that do not stop it from being used, but must not stay hidden."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import chain, islice
from math import ceil
from typing import Any, assert_never

from services.scoring.domain.card import graded
from services.scoring.domain.methodology import OVERALL, Bands, Methodology, Procedure
from services.scoring.domain.rules import ZERO, Direct, Linear, Relative, Rule, Steps
from shared.kernel import number_text

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What does not agree with what: a stable code, the key of the place, a Russian message and remedy."""

    code: str
    where: str
    message: str
    remedy: str

    def document(self) -> dict[str, Any]:
        """The contradiction as plain data."""
        return asdict(self)


def contradictions(methodology: Methodology) -> tuple[Contradiction, ...]:
    """All contradictions: maxima, level bands, unreachable points, what is not used; in the document's order."""
    found: list[Contradiction] = []
    for group in methodology.groups:
        for procedure in group.procedures:
            found += _of_procedure(procedure)
        found += _maximum(group.key, group.declared, group.summed, "доли группы считаются от суммы процедур")
        found += _points_bands(methodology, group.key, group.points_bands, group.summed)
    whole = methodology.declared or methodology.summed
    found += _maximum(OVERALL, methodology.declared, methodology.summed, "доли общей оценки считаются от объявленного")
    found += _points_bands(methodology, OVERALL, methodology.overall_points_bands, whole)
    found += _gaps("percent-bands-gap", "levels", methodology.percent_bands, 100)
    found += _unused(methodology)
    return tuple(found)


def _unused(methodology: Methodology) -> Iterator[Contradiction]:
    """Applicability that no period of the edition ever asks for."""
    for entry in methodology.exemptions:
        if not methodology.covers(entry.period):
            yield Contradiction(
                "applicability-unused",
                f"{entry.procedure}/{entry.period}",
                f"за {entry.period} редакция не действует: эти сведения о неприменимости не используются",
                "Исправьте период или годы действия редакции",
            )


def _of_procedure(procedure: Procedure) -> Iterator[Contradiction]:
    parts = sum((indicator.maximum for indicator in procedure.indicators), Fraction(0))
    yield from _maximum(procedure.key, procedure.maximum, parts, _of_parts(procedure.maximum, parts))
    for indicator in procedure.indicators:
        best = _best(indicator.rule)
        if best < indicator.maximum:
            yield Contradiction(
                "points-unreachable",
                f"{procedure.key}/{indicator.key}",
                f"правило даёт не больше {number_text(best)} из {number_text(indicator.maximum)}",
                "Исправьте ступени или максимум показателя",
            )


def _best(rule: Rule) -> Fraction:
    """The most points that a value from zero on gives: monitoring takes no other."""
    if isinstance(rule, Steps):
        return max([rule.points(ZERO), *(points for threshold, points in rule.steps if threshold > 0)])
    if isinstance(rule, Linear):
        return rule.points(max(rule.end, ZERO))
    if isinstance(rule, Direct | Relative):
        return rule.maximum
    assert_never(rule)


def _of_parts(maximum: Fraction, parts: Fraction) -> str:
    """What becomes of a procedure's points: its declared maximum is the one in use."""
    return "доли считаются от максимума процедуры, " + (
        "баллы сверх него не засчитываются" if maximum < parts else "полностью его не набрать"
    )


def _maximum(where: str, declared: Fraction | None, summed: Fraction, meanwhile: str) -> Iterator[Contradiction]:
    if declared is not None and declared != summed:
        yield Contradiction(
            "maximum-differs",
            where,
            f"объявлен максимум {number_text(declared)}, а сумма частей {number_text(summed)}",
            f"Исправьте максимум или части; до тех пор {meanwhile}",
        )


def _points_bands(
    methodology: Methodology, where: str, bands: Bands | None, maximum: Fraction
) -> Iterator[Contradiction]:
    """Every whole number of points up to the maximum, by both kinds of bands."""
    if bands is None:
        return
    last, percents = int(maximum), methodology.percent_bands
    yield from _gaps("points-bands-gap", where, bands, last)
    # A percent is reached from half a percent below it on.
    turns = [*_edges(bands), *(ceil(maximum * (2 * edge - 1) / 200) for edge in _edges(percents))]
    differing = _stretches(
        turns,
        last,
        lambda points: graded(Fraction(points), maximum, percent_bands=percents, points_bands=bands).level_conflict,
    )
    if differing:
        yield Contradiction(
            "level-bands-disagree",
            where,
            f"уровень по баллам не тот, что по процентам, при баллах: {_listed(differing)}",
            "Решает процент; такие оценки помечаются level_conflict",
        )
    beyond = [level for level, first, _ in bands.bounds if first > maximum]
    if beyond:
        yield Contradiction(
            "level-unreachable",
            where,
            f"полосы в баллах начинаются выше максимума {number_text(maximum)}: {', '.join(beyond)}",
            "Исправьте полосы или максимум",
        )


def _gaps(code: str, where: str, bands: Bands, last: int) -> Iterator[Contradiction]:
    without = _stretches(_edges(bands), last, lambda number: bands.level(number) is None)
    if without:
        yield Contradiction(
            code,
            where,
            f"ни в одну полосу не входят: {_listed(without)}",
            "Закройте промежуток полосами; до тех пор у таких значений нет уровня по этой полосе",
        )


def _edges(bands: Bands) -> Iterator[int]:
    """The numbers at which a band begins or has ended."""
    return chain.from_iterable((first, last + 1) for _, first, last in bands.bounds)


def _stretches(turns: Iterable[int], last: int, doubtful: Callable[[int], bool]) -> list[range]:
    """The numbers up to the last that are doubtful; from one turn to the next all are alike, so one of them is asked.

    A maximum may have eighteen digits: numbers one by one would take for ever.
    """
    starts = sorted({0, *(turn for turn in turns if 0 < turn <= last)})
    stretches = (range(start, end) for start, end in zip(starts, [*starts[1:], last + 1], strict=True))
    return [one for one in stretches if doubtful(one.start)]


def _listed(stretches: Sequence[range]) -> str:
    shown = list(islice(chain.from_iterable(stretches), SHOWN))
    left = sum(one.stop - one.start for one in stretches) - len(shown)
    return ", ".join(map(str, shown)) + (f" и ещё {left}" if left else "")
