"""Results of schools by procedure, subject, level and year, within what a reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.period import period_year
from services.scoring.domain.schools import Sheet
from services.scoring.domain.schools.heard import Heard
from services.scoring.domain.schools.results import Among, Described, described_of, results_of
from services.scoring.domain.schools.sheet import MEASURES
from services.scoring.usecases.schools.listing import Page, school_name, whose
from services.scoring.usecases.schools.ports import KeepsSchools
from services.scoring.usecases.state import State
from shared.kernel import number_text
from shared.policy import Scope

AT_ONCE = 200
NOT_DESCRIBED, EVERY = Described(), Among()
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AskedResults:
    """A page of results: the period, which procedures, perhaps a municipality."""

    period: str
    region: str
    among: Among = EVERY
    municipality: str | None = None
    after: str | None = None
    limit: int = 50


class SchoolResults:
    """Answers what schools have, each with its results of a year that count."""

    def __init__(self, store: KeepsSchools, state: State) -> None:
        self._store = store
        self._state = state

    async def page(self, asked: AskedResults, *, scope: Scope) -> Page:
        """Schools that have such results, in the order of their ids."""
        year = period_year(asked.period)
        condition: Document = {"year": year, **whose(self._state.names, asked.municipality, asked.period)}
        # First: what is judged while the rest is read is either in what follows or waited when this was asked.
        waits = await self._store.schools_wait()
        described = described_of(await self._store.described_procedures())
        found: list[Document] = []
        after, more = asked.after, True
        while more and len(found) <= asked.limit:
            schools = await self._store.schools_with_results(
                condition, region=asked.region, scope=scope, after=after, limit=AT_ONCE
            )
            told = results_of(await self._store.facts_of_schools([one.school for one in schools], year))
            shown = (self._school(one, told.get(one.school, ()), asked.among, described) for one in schools)
            found += [one for one in shown if one["results"]]
            after, more = schools[-1].school if schools else None, len(schools) == AT_ONCE
        following = found[asked.limit - 1]["school"]["id"] if len(found) > asked.limit else None
        return Page(found[: asked.limit], following, {"pending": waits})

    def _school(
        self, one: Heard, sheets: Iterable[Sheet], among: Among, described: Mapping[str, Described]
    ) -> Document:
        known = [(sheet, described.get(sheet.procedure, NOT_DESCRIBED)) for sheet in sheets]
        return {
            "school": school_name(self._state.names, one.school, one.municipality, one.year),
            "results": [self._result(sheet, of) for sheet, of in known if among.has(sheet.procedure, of)],
        }

    def _result(self, sheet: Sheet, of: Described) -> Document:
        shares = {name: sheet.measure(name) for name in MEASURES}
        return {
            "procedure": sheet.procedure,
            "title": self._state.procedures.get(sheet.procedure, sheet.procedure),
            **of._asdict(),
            "period": sheet.period,
            "state": "not_applicable" if sheet.values is None else "values",
            "participants": sheet.participants,
            **{name: None if share is None else number_text(share) for name, share in shares.items()},
            "result": sheet.result,
            "revision": sheet.revision,
        }
