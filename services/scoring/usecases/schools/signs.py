"""Signs of bias in the shape of the API, within what a reader may see."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.league import League, league_of
from services.scoring.domain.period import period_year
from services.scoring.domain.schools import Thresholds
from services.scoring.usecases.schools.listing import school_name, whose, years_heard
from services.scoring.usecases.schools.looking import needs_of
from services.scoring.usecases.schools.ports import KeepsSchools
from services.scoring.usecases.schools.thresholds import ThresholdSets
from services.scoring.usecases.schools.words import TITLES, sign_words
from services.scoring.usecases.state import State
from shared.kernel import number_text
from shared.policy import Scope

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AskedSigns:
    """A page of signs: the period, perhaps a procedure, a kind, a municipality."""

    period: str
    region: str
    procedure: str | None = None
    kind: str | None = None
    municipality: str | None = None
    after: str | None = None
    limit: int = 50


class Signs:
    """Answers what was found when a year was last looked at."""

    def __init__(self, store: KeepsSchools, state: State, thresholds: ThresholdSets) -> None:
        self._store = store
        self._state = state
        self._thresholds = thresholds

    async def page(self, asked: AskedSigns, *, scope: Scope) -> Document:
        """A page of signs, the tests that were made, and whether newer results wait, or a newer method."""
        # First: what is judged while the rest is read is either in what follows or waited when this was asked.
        waits = await self._store.schools_wait()
        rows = {row["_id"]: row for row in await self._store.years_of_schools()}
        year = _year(rows.values(), League(asked.region, str(period_year(asked.period))))
        found = await self._store.signs_page(
            year, self._condition(asked), scope=scope, after=asked.after, limit=asked.limit + 1
        )
        shown = found[: asked.limit]
        return {
            "items": await self.shown(shown),
            "next": shown[-1]["key"] if len(found) > asked.limit else None,
            "period": str(period_year(asked.period)),
            "thresholds": year.get("thresholds"),
            "tests": [self._test(one) for one in await self._tests(year, scope) if _asked(one, asked)],
            "looked_at": year.get("at"),
            "years": years_heard(rows.values(), asked.region),
            "pending": waits or not year["level"],
        }

    async def _tests(self, year: Document, scope: Scope) -> list[Document]:
        """The tests that were made, with as many signs as the reader may see."""
        tests: list[Document] = year.get("tests", [])
        if scope.everything:
            return tests
        own = await self._store.signs_page(year, {}, scope=scope, after=None, limit=0)
        count = Counter((one["procedure"], one["kind"]) for one in own)
        return [{**one, "signs": count[one["procedure"], one["kind"]]} for one in tests]

    async def of_school(self, school: str, years: Iterable[int]) -> list[Document]:
        """The signs of a school in these years, as shown."""
        found: list[Document] = []
        rows = await self._store.years_of_schools()
        for year in years:
            known = _year(rows, league_of(school, str(year)))
            everything = Scope(everything=False, attributes={"organization": school})
            found += await self._store.signs_page(known, {}, scope=everything, after=None, limit=0)
        return await self.shown(found)

    def _condition(self, asked: AskedSigns) -> Document:
        named = {"procedure": asked.procedure, "kind": asked.kind}
        condition: Document = {name: value for name, value in named.items() if value is not None}
        return condition | whose(self._state.names, asked.municipality, asked.period)

    async def shown(self, signs: Iterable[Mapping[str, Any]]) -> list[Document]:
        """Signs with what they were held against, in words."""
        sets = {one.id: one for one in await self._thresholds.listed()}
        years = {row["_id"]: row for row in await self._store.years_of_schools()}
        return [self._sign(one, years[one["year"]], sets) for one in signs]

    def _sign(self, sign: Mapping[str, Any], year: Mapping[str, Any], sets: Mapping[str, Thresholds]) -> Document:
        thresholds, period = sets.get(year.get("thresholds") or ""), year["league"].period
        needs = None if thresholds is None else needs_of(thresholds.signs)[sign["kind"]]
        return {
            "school": school_name(self._state.names, sign["organization"], sign["municipality"], int(period)),
            "period": period,
            "procedure": sign["procedure"],
            "title": self._state.procedures.get(sign["procedure"], sign["procedure"]),
            "kind": sign["kind"],
            "kind_title": TITLES[sign["kind"]],
            **{name: sign[name] for name in ("statistic", "p", "adjusted_p", "effect", "observed", "expected", "n")},
            "minimum_n": needs and needs.minimum,
            "threshold": None
            if thresholds is None or needs is None
            else {"adjusted_p": number_text(thresholds.signs.fdr), "effect": number_text(needs.effect)},
            "result": sign["result"],
            "revision": sign["revision"],
            "words": sign_words(sign),
        }

    def _test(self, one: Mapping[str, Any]) -> Document:
        title = self._state.procedures.get(one["procedure"], one["procedure"])
        return {"skipped": None, **one, "title": title, "kind_title": TITLES[one["kind"]]}


def _year(rows: Iterable[Document], league: League) -> Document:
    return next((row for row in rows if row["league"] == league), {"_id": "", "league": league, "level": True})


def _asked(test: Mapping[str, Any], asked: AskedSigns) -> bool:
    return asked.procedure in {None, test["procedure"]} and asked.kind in {None, test["kind"]}
