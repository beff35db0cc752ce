"""Low-result and strong schools: verdicts of a year and over three years, each with its reasons; nothing is guessed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from services.scoring.domain.schools.counting import counted
from services.scoring.domain.schools.reading import SET, YEARS
from services.scoring.domain.schools.sheet import Sheet
from services.scoring.domain.schools.thresholds import Criterion, Limit, Limits, Thresholds

Span = Literal["year", "three_years"]
State = Literal["low", "strong", "neither", "too_few", "not_comparable", "not_applicable", "no_data"]
USED: tuple[State, ...] = ("low", "strong", "neither")
# Why nothing can be said, the most telling first.
SILENT: tuple[State, ...] = ("not_comparable", "too_few", "not_applicable", "no_data")
COMPARED = 2
# How schools are listed; the next number where the same results and sets come to list others.
METHOD = 2
Subjects = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one result says under one limit; value and limit only where they were compared."""

    procedure: str
    period: str
    state: State
    result: str
    revision: int
    participants: int | None = None
    limit: Limit | None = None
    value: Fraction | None = None


ByProcedure = Mapping[str, Mapping[int, Evidence]]
Judged = Mapping[str, ByProcedure]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a criterion says of a school, and the results that made it so.

    `looked`: all results that were looked at, where it was judged just now; not kept.
    """

    span: Span
    criterion: str
    state: State
    reasons: tuple[Evidence, ...] = ()
    looked: tuple[Evidence, ...] = field(default=(), compare=False, repr=False)

    @property
    def key(self) -> str:
        """The span and the criterion in one text."""
        return f"{self.span}.{self.criterion}"


def judged(sheets: Iterable[Sheet], thresholds: Thresholds, *, subjects: Subjects) -> Judged:
    """Every result that counts under every criterion that looks at it: criterion, procedure, year.

    `subjects`: of which subject a procedure is, as the catalogue describes it; a procedure that it does not
    describe for schools compares with nothing.
    """
    by: dict[str, dict[int, Sheet]] = {}
    chosen = counted(sheets, place=lambda one: (one.procedure, one.year), claim=lambda one: one.claim)
    for (procedure, year), sheet in chosen.items():
        by.setdefault(procedure, {})[year] = sheet
    return {
        criterion.key: {
            limits.procedure: {
                year: judge(sheet, limits, criterion=criterion, minimum=thresholds.minimum, subjects=subjects)
                for year, sheet in sorted(by.get(limits.procedure, {}).items())
            }
            for limits in criterion.limits
        }
        for criterion in thresholds.criteria
    }


def verdicts(found: Judged, thresholds: Thresholds, *, year: int) -> tuple[Verdict, ...]:
    """Every criterion and the set, for the year and over the three years that end with it."""
    yearly = [_yearly(one, found[one.key], year=year) for one in thresholds.criteria]
    longer = [_longer(one, found[one.key], thresholds, year=year) for one in thresholds.criteria]
    return (*yearly, _together("year", yearly, thresholds), *longer, _together("three_years", longer, thresholds))


def _yearly(criterion: Criterion, told: ByProcedure, *, year: int) -> Verdict:
    found = [years[year] for years in told.values() if year in years]
    state = _state([one.state for one in found], criterion.needed)
    return Verdict("year", criterion.key, state, _telling(state, found), tuple(found))


def _longer(criterion: Criterion, told: ByProcedure, thresholds: Thresholds, *, year: int) -> Verdict:
    """Each procedure is compared with itself only: in how many of the three years it was low, or strong."""
    sides: list[tuple[State, list[Evidence]]] = []
    for years in told.values():
        own = [one for when, one in years.items() if year - YEARS < when <= year]
        if own:
            sides.append((_over_years([one.state for one in own], thresholds), own))
    state = _state([said for said, _ in sides], criterion.needed)
    looked = [one for _, own in sides for one in own]
    # A low year of a procedure that is not low over the years makes nobody low, and is no reason.
    behind = [one for said, own in sides if said == state for one in own] if state in {"low", "strong"} else looked
    return Verdict("three_years", criterion.key, state, _telling(state, behind), tuple(looked))


def judge(sheet: Sheet, limits: Limits, *, criterion: Criterion, minimum: int, subjects: Subjects) -> Evidence:
    """One result under the limits of its procedure."""
    comparable = subjects.get(sheet.procedure) == criterion.subject
    silent = _speechless(sheet, limits, minimum=minimum, comparable=comparable)
    state, limit, value = (silent, None, None) if silent else _compared(sheet, limits, minimum)
    return Evidence(
        sheet.procedure, sheet.period, state, sheet.result, sheet.revision, sheet.participants, limit, value
    )


def _speechless(sheet: Sheet, limits: Limits, *, minimum: int, comparable: bool) -> State | None:
    """Why a result says nothing; None where it does."""
    if sheet.values is None:
        return "not_applicable" if sheet.exempt else "no_data"
    if not comparable:
        return "not_comparable"
    cases = sheet.cases(limits.low.measure)
    if cases is None or sheet.measure(limits.low.measure) is None:
        return "no_data"
    return "too_few" if cases < minimum else None


def _compared(sheet: Sheet, limits: Limits, minimum: int) -> tuple[State, Limit, Fraction | None]:
    low, strong = limits.low, limits.strong
    value = sheet.measure(low.measure)
    if value is not None and low.met(value):
        return "low", low, value
    best = sheet.measure(strong.measure) if strong and (sheet.cases(strong.measure) or 0) >= minimum else None
    if strong is not None and best is not None and strong.met(best):
        return "strong", strong, best
    return "neither", low, value


def _over_years(states: Sequence[State], thresholds: Thresholds) -> State:
    used = [state for state in states if state in USED]
    if used.count("low") >= thresholds.years_low:
        return "low"
    if len(used) >= COMPARED:
        strong = used.count("strong") >= thresholds.years_strong and "low" not in used
        return "strong" if strong else "neither"
    return "not_comparable" if used else _silence(states)


def _state(states: Sequence[State], needed: int) -> State:
    """Low where enough results are; strong where every result that speaks is; silent where none speaks."""
    used = [state for state in states if state in USED]
    if used.count("low") >= needed:
        return "low"
    if used:
        return "strong" if used.count("strong") == len(used) else "neither"
    return _silence(states)


def _silence(states: Sequence[State]) -> State:
    return next((state for state in SILENT if state in states), "no_data")


def _telling(state: State, found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The results behind a verdict: those that say the same, or all that were looked at."""
    if state == "neither":
        return tuple(found)
    same = tuple(one for one in found if one.state == state)
    return same or tuple(found)


def _together(span: Span, found: Sequence[Verdict], thresholds: Thresholds) -> Verdict:
    """The set: so many low criteria, or so many strong ones and none that is low."""
    states = [one.state for one in found]
    lows, strongs = states.count("low"), states.count("strong")
    if lows >= thresholds.together_low:
        return Verdict(span, SET, "low", reasons_of_set(found, "low"))
    if strongs >= thresholds.together_strong and not lows:
        return Verdict(span, SET, "strong", reasons_of_set(found, "strong"))
    return Verdict(span, SET, "neither" if any(state in USED for state in states) else _silence(states))


def reasons_of_set(found: Sequence[Verdict], state: State) -> tuple[Evidence, ...]:
    """The reasons of the criteria that make the set low, or strong."""
    if state not in {"low", "strong"}:
        return ()
    return tuple(
        reason for verdict in found if verdict.state == state and verdict.criterion != SET for reason in verdict.reasons
    )
