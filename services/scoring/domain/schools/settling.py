"""Settling: schools whose results came are judged again; what changed of their standings is kept and told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.league import League, league_of, region_of
from services.scoring.domain.period import period_year
from services.scoring.domain.schools.heard import Heard, heard, heard_from
from services.scoring.domain.schools.reading import read_thresholds
from services.scoring.domain.schools.sheet import Sheet, latest
from services.scoring.domain.schools.standing import Catalogue, Region, Standing, standing_from, standings, told
from services.scoring.events import SchoolDelisted, SchoolListed
from shared.kernel import Cause

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pending:
    """A school with news: how many times it was noted, whether anybody is to be notified, and by what it came."""

    school: str
    n: int
    loud: bool
    cause: Cause


@dataclass(frozen=True, slots=True)
class Settled:
    """Standings that changed, what is told, and what was newly heard: years whose results are others than before.

    `began`: years of which no school of the region had results before, and by whom. The lists of others over three
    years reach into them now: all schools must be judged again.
    """

    standings: tuple[Standing, ...] = ()
    told: tuple[tuple[SchoolListed | SchoolDelisted, Cause], ...] = ()
    heard: tuple[Heard, ...] = ()
    began: frozenset[League] = frozenset()
    by: Cause | None = None


def catalogue_of(procedures: Iterable[Row]) -> Catalogue:
    """Subjects and levels of the procedures that are described for schools."""
    described = {row["_id"]: row["school"] for row in procedures if row.get("school")}
    return Catalogue(
        subjects={key: one["subject"] for key, one in described.items()},
        levels={key: one["level"] for key, one in described.items()},
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored around the pending schools: facts, what was heard, standings, sets, described procedures.

    `years`: those of which some school of the region has results.
    """

    facts: Iterable[Row]
    heard: Iterable[Row]
    years: Collection[League]
    before: Iterable[Row]
    sets: Iterable[Row]
    procedures: Iterable[Row]


def settle(pending: Sequence[Pending], known: Known) -> Settled:
    """Judge these schools by all their facts."""
    by_school = _sheets(known.facts)
    began = {year for school, sheets in by_school.items() for year in _spoken_of(school, sheets)} - set(known.years)
    regions = _regions(known, began | set(known.years), {one.school for one in pending})
    seen = set(map(heard_from, known.heard))
    held = {(row["organization"], row["year"]): standing_from(row) for row in known.before}
    changed: list[Standing] = []
    events: list[tuple[SchoolListed | SchoolDelisted, Cause]] = []
    news: list[Heard] = []
    for one in pending:
        sheets = by_school.get(one.school, [])
        news += [year for year in heard(one.school, sheets) if year not in seen]
        for after in standings(one.school, sheets, regions[region_of(one.school)]):
            before = held.get((one.school, after.year))
            if before == after:
                continue
            changed.append(after)
            earlier = held.get((one.school, after.year - 1))
            events += [(event, one.cause) for event in told(before, after, earlier=earlier, quiet=not one.loud)]
    by = next((one.cause for one in pending if began & _spoken_of(one.school, by_school.get(one.school, ()))), None)
    return Settled(tuple(changed), tuple(events), tuple(news), frozenset(began), by)


def _regions(known: Known, years: Collection[League], schools: Collection[str]) -> dict[str, Region]:
    """What the lists must know, for each region of these schools."""
    sets, catalogue = [read_thresholds(row["document"]) for row in known.sets], catalogue_of(known.procedures)
    return {
        region: Region(sets, catalogue, {int(one.period) for one in years if one.region == region})
        for region in {region_of(one) for one in schools}
    }


def _spoken_of(school: str, sheets: Iterable[Sheet]) -> set[League]:
    """The years of its region that a school's results speak of; withdrawn ones speak of none."""
    return {league_of(school, str(sheet.year)) for sheet in sheets if sheet.claim.in_force}


def _sheets(facts: Iterable[Row]) -> dict[str, list[Sheet]]:
    """The last revisions of the results of each school."""
    found: dict[str, list[Row]] = {}
    for row in facts:
        found.setdefault(row["organization"], []).append(row)
    return {school: sheets_of(rows) for school, rows in found.items()}


def sheets_of(rows: Sequence[Row]) -> list[Sheet]:
    """Stored facts as sheets, one for each result, in the order of results."""
    first = {row["result"]: row for row in sorted(rows, key=lambda row: -row["revision"])}
    return [_sheet(row, first[row["result"]]) for row in latest(rows)]


def _sheet(row: Row, first: Row) -> Sheet:
    """Whose the school was is said by the first revision: a correction names another municipality, or its old one."""
    return Sheet(
        result=row["result"],
        revision=row["revision"],
        procedure=row["procedure"],
        period=row["period"],
        municipality=first.get("municipality"),
        values=row.get("values"),
        exempt=row.get("not_applicable") is not None,
        recorded=first["recorded_at"],
        year=period_year(row["period"]),
    )
