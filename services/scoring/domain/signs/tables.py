"""All tables that the signs of a year need, filled from documents one by one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from services.scoring.domain.period import period_year
from services.scoring.domain.schools.counting import claim_of
from services.scoring.domain.signs.medals import medallists
from services.scoring.domain.signs.outcome import Outcome, Skipped, found
from services.scoring.domain.signs.shift import MARKS, jump, school_marks
from services.scoring.domain.signs.spike import is_score, lacking, spike
from services.scoring.domain.signs.table import Origin, Table

SHARE = ("below", "others")
MEDALS = ("medallists", "medallists_under_70")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: the year, the keys of values by procedure, the parameters as plain data (see `parameters`)."""

    year: int
    keys: Mapping[str, Sequence[str]]
    parameters: Mapping[str, Any]


@dataclass(slots=True)
class Tables:
    """Tables by procedure and year."""

    wanted: Wanted
    held: dict[tuple[str, int], Table] = field(default_factory=dict)

    def take(self, row: Mapping[str, Any]) -> None:
        """A stored fact; what no sign looks at is left."""
        procedure, year = row["procedure"], period_year(row["period"])
        keys = self.wanted.keys.get(procedure)
        if keys is None or not self.wanted.year - 1 <= year <= self.wanted.year:
            return
        table = self.held.get((procedure, year))
        if table is None:
            table = self.held[procedure, year] = Table(_names(keys, self.wanted.parameters, procedure))
        claim = claim_of(row)
        origin = Origin(
            row["organization"], row.get("municipality"), row["result"], row["revision"], claim.period, claim.in_force
        )
        table.add(origin, _derived(row.get("values")))

    def tests(self) -> Iterator[Outcome | Skipped]:
        """Every test that the parameters ask for and there are data for, or why it cannot be made."""
        year, told = self.wanted.year, self.wanted.parameters
        for procedure, boundaries in sorted(told["boundaries"].items()):
            if table := self._table(procedure, year):
                gap = lacking(table.names, boundaries)
                yield _skipped(procedure, gap) if gap else spike(procedure, table, boundaries)
        for external, own in told["pairs"]:
            one, two = self._table(external, year, *MARKS), self._table(own, year, *MARKS)
            if one and two:
                yield school_marks(external, one, two, minimum=told["needs"]["school_marks"]["minimum"])
        for procedure in sorted(self.wanted.keys):
            names = MARKS if self._table(procedure, year, *MARKS) else SHARE
            before, now = self._table(procedure, year - 1, *names), self._table(procedure, year, *names)
            if before and now:
                yield jump(procedure, before, now, minimum=told["needs"]["jump"]["minimum"])
        if table := self._table(told["medallists"], year, *MEDALS):
            yield medallists(told["medallists"], table, minimum=told["needs"]["medallists"]["minimum"])

    def _table(self, procedure: str | None, year: int, *names: str) -> Table | None:
        table = self.held.get((procedure or "", year))
        return table if table is not None and set(names) <= set(table.names) else None


def signs_of(wanted: Wanted, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Signs and summaries of all tests of a year over the facts of it and the year before."""
    tables = Tables(wanted)
    for row in rows:
        tables.take(row)
    fdr = float(Fraction(wanted.parameters["fdr"]))
    summaries, signs = [], []
    for outcome in tables.tests():
        if isinstance(outcome, Skipped):
            summaries.append(outcome.summary())
            continue
        needs = wanted.parameters["needs"][outcome.kind]
        made = found(outcome, fdr=fdr, minimum=needs["minimum"], least_effect=float(Fraction(needs["effect"])))
        summaries.append(made["summary"])
        signs += made["signs"]
    return {"tests": summaries, "signs": signs}


def _skipped(procedure: str, gap: str) -> Skipped:
    why = (
        f"Границы отметок не найти: среди первичных баллов в описании процедуры нет {gap}: нужны все, от p0 до "
        "наибольшего. Исправьте описание процедуры или границы в наборе порогов."
    )
    return Skipped("boundary_spike", procedure, why)


def _names(keys: Sequence[str], parameters: Mapping[str, Any], procedure: str) -> list[str]:
    """The columns that a procedure's values can give and some test looks at."""
    known = set(keys)
    names = [name for name in (*MARKS, *MEDALS) if name in known]
    if {"below_minimum", "participants"} <= known:
        names += SHARE
    if procedure in parameters["boundaries"]:
        names += [name for name in keys if is_score(name)]
    return names


def _derived(values: Mapping[str, str | None] | None) -> Mapping[str, str | None] | None:
    """Values with the share below the minimum as two counts, so that it compares as two marks would."""
    below, participants = (values or {}).get("below_minimum"), (values or {}).get("participants")
    if values is None or below is None or participants is None or not participants.isdigit():
        return values
    count = round(Fraction(below) * int(participants) / 100)
    return {**values, "below": str(count), "others": str(int(participants) - count)}
