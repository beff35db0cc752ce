"""Lists of schools with their reasons, within what a reader may see."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from services.scoring.domain.methodology import half_up
from services.scoring.domain.names import Names
from services.scoring.domain.period import period_year
from services.scoring.domain.schools import LISTS, Evidence, ListName, Standing, Verdict
from services.scoring.usecases.schools.ports import KeepsStandings
from services.scoring.usecases.schools.thresholds import ThresholdSets
from services.scoring.usecases.state import State
from shared.kernel import NotFound, exact, number_text
from shared.policy import Scope

TOGETHER = "Совокупность критериев"
PERCENT = 100
# Of a share, for tenths of a percent.
TENTHS = 1000
# Ten thousandths of a percent: where a decimal does not end.
ENDLESS = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of a list: the period, the list, the region, and perhaps a municipality, a span, a criterion."""

    period: str
    list: ListName
    region: str
    municipality: str | None = None
    span: str | None = None
    criterion: str | None = None
    after: str | None = None
    limit: int = 50


class Page(NamedTuple):
    """Items, the place after which the next page begins, and what is said beside them."""

    items: list[dict[str, Any]]
    following: str | None
    beside: Mapping[str, Any]


def whose(names: Names, municipality: str | None, period: str) -> dict[str, str]:
    """The condition that schools are of a municipality, by its id or a code of the period; NotFound if it is none."""
    if municipality is None:
        return {}
    found = names.find(municipality, period)
    if found is None:
        detail = f"«{municipality[:60]}»: нужен id муниципалитета или код ОКТМО, действовавший за {period}."
        raise NotFound("municipality-not-found", "Такого муниципалитета нет", detail)
    return {"municipality": found}


def years_heard(rows: Iterable[Mapping[str, Any]], region: str) -> list[str]:
    """The years that some school of a region has results of, the latest first."""
    heard = [row["league"].period for row in rows if row.get("heard") and row["league"].region == region]
    return sorted(heard, reverse=True)


def school_name(names: Names, school: str, municipality: str | None, year: int) -> dict[str, Any]:
    """A school by its id and its municipality; null where the ministry owns it."""
    return {"id": school, "municipality": None if municipality is None else names.of(municipality, str(year))}


def percent_text(share: Fraction, bound: Fraction) -> str:
    """A share as percent, rounded half up to a tenth, or to as many places as keep it on its side of the bound.

    Equal to a bound without a finite decimal: to four places.
    """
    rounded, scale = share, TENTHS
    while share != bound:
        rounded = Fraction(half_up(share * scale), scale)
        if rounded != bound and (rounded > bound) == (share > bound):
            break
        scale *= 10
    percent = rounded * PERCENT
    told = number_text(percent)
    return number_text(Fraction(half_up(percent * ENDLESS), ENDLESS)) if "/" in told else told


class Listing:
    """Answers lists in the shape of the API."""

    def __init__(self, store: KeepsStandings, state: State, thresholds: ThresholdSets) -> None:
        self._store = store
        self._state = state
        self._thresholds = thresholds

    async def page(self, asked: Asked, *, scope: Scope) -> Page:
        """The entries of a page; beside them the set in force (null: nobody is listed), whether schools wait.

        `years`, too: those that some school of the region has results of, the latest first.
        """
        year = period_year(asked.period)
        condition = self._condition(asked, year)
        # First: what is judged while the rest is read is either in what follows or waited when this was asked.
        waits = await self._store.schools_wait()
        found = await self._store.standings_page(
            condition, region=asked.region, scope=scope, after=asked.after, limit=asked.limit + 1
        )
        shown = found[: asked.limit]
        titles = await self.titles()
        following = f"{shown[-1].year}|{shown[-1].school}" if len(found) > asked.limit else None
        thresholds = await self._thresholds.in_force(year)
        heard = years_heard(await self._store.years_of_schools(), asked.region)
        beside = {
            "thresholds": thresholds and thresholds.id,
            "pending": waits,
            "years": heard,
        }
        return Page([self.entry(one, asked, titles) for one in shown], following, beside)

    def _condition(self, asked: Asked, year: int) -> dict[str, Any]:
        span = re.escape(asked.span) if asked.span else "[a-z_]+"
        criterion = re.escape(asked.criterion) if asked.criterion else ".+"
        condition: dict[str, Any] = {"year": year, asked.list: {"$regex": rf"^{span}\.{criterion}$"}}
        return condition | whose(self._state.names, asked.municipality, asked.period)

    async def titles(self) -> dict[str, dict[str, str]]:
        """Titles of the criteria by threshold set."""
        return {
            one.id: {criterion.key: criterion.title for criterion in one.criteria}
            for one in await self._thresholds.listed()
        }

    def entry(self, standing: Standing, asked: Asked, titles: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """A school of a list with the criteria by which it is there, each with its reasons."""
        named = titles.get(standing.thresholds, {})
        criteria = [
            self.verdict(one, named)
            for one in standing.verdicts
            if one.state == LISTS[asked.list]
            and asked.span in {None, one.span}
            and asked.criterion in {None, one.criterion}
        ]
        return {
            "school": self.school(standing),
            "period": str(standing.year),
            "thresholds": standing.thresholds,
            "participants": standing.size,
            "levels": list(standing.levels),
            "criteria": criteria,
        }

    def school(self, standing: Standing) -> dict[str, Any]:
        """A school by its id and its municipality."""
        return school_name(self._state.names, standing.school, standing.municipality, standing.year)

    def verdict(self, verdict: Verdict, titles: Mapping[str, str]) -> dict[str, Any]:
        """A criterion's verdict with its reasons."""
        return {
            "span": verdict.span,
            "criterion": verdict.criterion,
            "title": titles.get(verdict.criterion, TOGETHER),
            "state": verdict.state,
            "reasons": [self._reason(one) for one in verdict.reasons],
        }

    def _reason(self, one: Evidence) -> dict[str, Any]:
        limit = one.limit
        return {
            "procedure": one.procedure,
            "title": self._state.procedures.get(one.procedure, one.procedure),
            "period": one.period,
            "state": one.state,
            "measure": limit and limit.measure,
            "comparison": limit and limit.comparison,
            "threshold": limit and number_text(exact(limit.bound)),
            "value": None if one.value is None else number_text(exact(one.value)),
            "percent": None if one.value is None or limit is None else percent_text(one.value, limit.bound),
            "participants": one.participants,
            "result": one.result,
            "revision": one.revision,
        }
