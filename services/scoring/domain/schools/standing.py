"""Where a school stands in a year: its verdicts as they are kept, and what is told when it enters or leaves a list."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from services.scoring.domain.period import period_year
from services.scoring.domain.schools.causes import causes_of
from services.scoring.domain.schools.counting import counted
from services.scoring.domain.schools.heard import owner
from services.scoring.domain.schools.lists import (
    Evidence,
    Judged,
    State,
    Subjects,
    Verdict,
    judged,
    reasons_of_set,
    verdicts,
)
from services.scoring.domain.schools.reading import SET, YEARS
from services.scoring.domain.schools.sheet import Sheet
from services.scoring.domain.schools.thresholds import Limit, Thresholds, thresholds_for
from services.scoring.events import SchoolDelisted, SchoolListed

ListName = Literal["low_results", "strong"]
LISTS: Mapping[ListName, State] = {"low_results": "low", "strong": "strong"}
CAUSES = 100
Levels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A school's year: the threshold set that judged it, every verdict, its size and levels.

    `size`: the largest number of participants of a procedure; none where nobody told any.
    """

    school: str
    year: int
    municipality: str | None
    thresholds: str
    verdicts: tuple[Verdict, ...]
    size: int | None
    levels: tuple[str, ...]

    def listed(self, name: ListName) -> tuple[str, ...]:
        """The spans and criteria by which it is on a list."""
        return tuple(one.key for one in self.verdicts if one.state == LISTS[name])

    def criteria(self, name: ListName) -> frozenset[str]:
        """The criteria by which it is on a list, whatever the span."""
        return frozenset(one.criterion for one in self.verdicts if one.state == LISTS[name])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the lists must know of the procedures: their subject and level."""

    subjects: Subjects
    levels: Levels


@dataclass(frozen=True, slots=True)
class Region:
    """What the lists must know beside a school's results: the sets, the procedures, the years with any results."""

    sets: Sequence[Thresholds]
    catalogue: Catalogue
    years: Collection[int]


def standings(school: str, sheets: Sequence[Sheet], region: Region) -> list[Standing]:
    """A school's standing in every year that its results speak of and a threshold set is in force for.

    A result speaks of its year and, in the lists over three years, of the two after it, as far as the region has
    results of those: low in two years, a school is on the third's list also where it has nothing of the third.
    """
    found: list[Standing] = []
    known: dict[str, Judged] = {}
    sets, catalogue = region.sets, region.catalogue
    own_years = {sheet.year for sheet in sheets}
    later = {year + more for year in own_years for more in range(1, YEARS)}
    for year in sorted(own_years | later & set(region.years)):
        thresholds = thresholds_for(sets, year)
        if thresholds is None:
            continue
        if thresholds.id not in known:
            known[thresholds.id] = judged(sheets, thresholds, subjects=catalogue.subjects)
        reasons = verdicts(known[thresholds.id], thresholds, year=year)
        found.append(
            _standing(school, year, sheets, thresholds=thresholds.id, reasons=reasons, levels=catalogue.levels)
        )
    return found


def _standing(
    school: str, year: int, sheets: Sequence[Sheet], *, thresholds: str, reasons: tuple[Verdict, ...], levels: Levels
) -> Standing:
    chosen = counted(sheets, place=lambda one: (one.procedure, one.year), claim=lambda one: one.claim).values()
    own = [one for one in chosen if one.year == year and one.values is not None and one.procedure in levels]
    return Standing(
        school=school,
        year=year,
        municipality=owner(sheet for sheet in sheets if sheet.year <= year),
        thresholds=thresholds,
        verdicts=reasons,
        size=max((size for sheet in own if (size := sheet.participants) is not None), default=None),
        levels=tuple(sorted({levels[sheet.procedure] for sheet in own})),
    )


def told(
    before: Standing | None, after: Standing, *, quiet: bool, earlier: Standing | None = None
) -> list[SchoolListed | SchoolDelisted]:
    """What is told of a change: the criteria by which the school entered a list, those by which it left one.

    `earlier`: where it stood in the year before. What only goes on from there, because the year began, is told apart
    and quietly.
    """
    events: list[SchoolListed | SchoolDelisted] = []
    for name in LISTS:
        was = before.listed(name) if before else ()
        now = after.listed(name)
        entered, left = _beyond(now, was), _beyond(was, now)
        carried = _carried(earlier, after, entered, name) if earlier and before is None else ()
        steps: tuple[tuple[type[SchoolListed | SchoolDelisted], tuple[str, ...], bool], ...] = (
            (SchoolListed, _beyond(entered, carried), quiet),
            (SchoolListed, carried, True),
            (SchoolDelisted, left, quiet),
        )
        for event, criteria, quietly in steps:
            if criteria:
                causes = causes_of(before.verdicts if before else (), after.verdicts, criteria)
                events.append(
                    event(
                        school=after.school,
                        municipality=after.municipality,
                        period=str(after.year),
                        list=name,
                        criteria=criteria,
                        thresholds=after.thresholds,
                        causes=causes[:CAUSES],
                        causes_count=len(causes),
                        quiet=quietly,
                    )
                )
    return events


def _carried(earlier: Standing, after: Standing, entered: Iterable[str], name: ListName) -> tuple[str, ...]:
    """Those by which it was on the list of the year before, and for which no result of the new year speaks."""
    spoken = {one.key for one in after.verdicts for reason in one.reasons if period_year(reason.period) == after.year}
    return tuple(key for key in entered if key in earlier.listed(name) and key not in spoken)


def _beyond(these: Iterable[str], those: Iterable[str]) -> tuple[str, ...]:
    known = set(those)
    return tuple(one for one in these if one not in known)


def standing_document(standing: Standing) -> dict[str, Any]:
    """A standing as plain data; shares are exact texts. What the set says follows from its criteria: see `_whole`."""
    return {
        "organization": standing.school,
        "year": standing.year,
        "municipality": standing.municipality,
        "thresholds": standing.thresholds,
        "verdicts": [_verdict_document(one) for one in standing.verdicts],
        "size": standing.size,
        "levels": list(standing.levels),
        **{name: list(standing.listed(name)) for name in LISTS},
    }


def standing_from(document: Mapping[str, Any]) -> Standing:
    """The standing behind `standing_document`."""
    return Standing(
        school=document["organization"],
        year=document["year"],
        municipality=document["municipality"],
        thresholds=document["thresholds"],
        verdicts=_whole([_verdict_from(one) for one in document["verdicts"]]),
        size=document["size"],
        levels=tuple(document["levels"]),
    )


def listed_from(document: Mapping[str, Any]) -> Standing:
    """The standing by its lists alone: of its verdicts those that put it there, without their reasons."""
    keys = [(key.split(".", 1), state) for name, state in LISTS.items() for key in document[name]]
    verdicts = tuple(Verdict(span, criterion, state) for (span, criterion), state in keys)
    return replace(standing_from({**document, "verdicts": ()}), verdicts=verdicts)


def _verdict_document(verdict: Verdict) -> dict[str, Any]:
    return {
        "span": verdict.span,
        "criterion": verdict.criterion,
        "state": verdict.state,
        "reasons": [] if verdict.criterion == SET else [_evidence_document(one) for one in verdict.reasons],
    }


def _whole(found: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts, with the reasons of the set gathered again from its criteria."""
    return tuple(
        replace(one, reasons=reasons_of_set([each for each in found if each.span == one.span], one.state))
        if one.criterion == SET
        else one
        for one in found
    )


def _evidence_document(one: Evidence) -> dict[str, Any]:
    limit = one.limit
    return {
        "procedure": one.procedure,
        "period": one.period,
        "state": one.state,
        "result": one.result,
        "revision": one.revision,
        "participants": one.participants,
        "measure": limit and limit.measure,
        "comparison": limit and limit.comparison,
        "threshold": limit and str(limit.bound),
        "value": None if one.value is None else str(one.value),
    }


def _verdict_from(document: Mapping[str, Any]) -> Verdict:
    reasons = tuple(_evidence_from(one) for one in document["reasons"])
    return Verdict(document["span"], document["criterion"], document["state"], reasons)


def _evidence_from(one: Mapping[str, Any]) -> Evidence:
    limit = None
    if one["measure"] is not None:
        limit = Limit(one["measure"], one["comparison"], Fraction(one["threshold"]))
    value = None if one["value"] is None else Fraction(one["value"])
    told = Evidence(one["procedure"], one["period"], one["state"], one["result"], one["revision"], one["participants"])
    return replace(told, limit=limit, value=value)
