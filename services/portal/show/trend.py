"""Trends worked out for pages: what the address asks for, series with their breaks, what is told once for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from services.portal.show.words import GROUPS, MUNICIPALITY_OF, STATES, counted, covered

Told = Mapping[str, Any]
YEARS = (2, 3, 5, 10)
# More years than this are rows of a table, not columns.
COLUMNS = 5
TERRITORIES = {"as_was": "как были в каждом году", "as_is": "нынешние, прошлое — по преемственности"}
BY = {"group": "по группам", "procedure": "по процедурам"}
BASIS = {
    "combined": "вместе: сумма баллов предшественников к сумме их максимумов",
    "predecessor": "строка целого до разделения",
    "not_comparable": "сравнить нельзя",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; a value that nobody offers counts as not given."""

    until: str = ""
    years: int = 3
    territory: str = "as_was"
    by: str = "group"
    group: str = "overall"
    region: str = ""

    def query(self, **other: Any) -> str:
        """The same view with something changed as a query; what is usual is left out."""
        usual, wanted = Asked(), replace(self, **other)
        names = ("until", "years", "territory", "by", "group", "region")
        told = {name: getattr(wanted, name) for name in names if getattr(wanted, name) != getattr(usual, name)}
        return f"?{urlencode(told)}" if told else ""

    @property
    def of_region(self) -> dict[str, str]:
        """The region as it is asked for; nothing where the visitor's own is meant."""
        return {"region": self.region} if self.region else {}

    def params(self) -> dict[str, Any]:
        """The same for scoring."""
        found = {"until": self.until} if self.until else {}
        return found | {"years": self.years, "territory": self.territory}


def read_asked(**told: str) -> Asked:
    """What was asked for, cleaned of what there is not."""
    return Asked(
        until=told.get("until", "").strip(),
        years={str(one): one for one in YEARS}.get(told.get("years", ""), Asked().years),
        territory=told["territory"] if told.get("territory") in TERRITORIES else Asked().territory,
        by=told["by"] if told.get("by") in BY else Asked().by,
        group=told.get("group", "").strip() or Asked().group,
        region=told.get("region", "").strip(),
    )


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend as pages show it: `shared` are the breaks that all series have, told once.

    `unpermitted` has the procedures that count without permission, by the periods in which they do; `editions` the
    editions that years are of, if not of live data (None: not told); `partial` has the years that are not to be
    compared with a full one, each with how far it has come.
    """

    periods: Sequence[str]
    withheld: Sequence[str]
    until: str
    series: Sequence[Told]
    shared: Sequence[Told]
    unpermitted: Sequence[tuple[str, Sequence[Told]]] = ()
    editions: Mapping[str, str] | None = None
    partial: Sequence[tuple[str, str]] = ()

    @property
    def live(self) -> list[str]:
        """The years that show live data."""
        return [one for one in self.periods if one not in (self.editions or ())]

    def own(self, series: Told) -> list[Told]:
        """The breaks of a series that not all have."""
        return [one for one in series["breaks"] if one not in self.shared]

    def before(self, series: Told, period: str) -> list[Told]:
        """The breaks just before a year of a series."""
        return [one for one in series["breaks"] if one["before"] == period]


def trend_of(told: Told) -> Trend:
    """The page's trend from scoring's answer."""
    series: Sequence[Told] = told["series"]
    first: Sequence[Told] = series[0]["breaks"] if series else ()
    return Trend(
        periods=told["periods"],
        withheld=told["withheld"],
        until=told["until"],
        series=series,
        shared=[one for one in first if all(one in other["breaks"] for other in series)],
        unpermitted=_by_period(_scored(told), told.get("flags", ())),
        editions=told.get("editions"),
        partial=_partial(told),
    )


def _partial(told: Told) -> list[tuple[str, str]]:
    """The years without data of some procedures: of one municipality any such, of many those of which it is most."""
    first = [one for one in told["series"] if one["group"] == told["series"][0]["group"]]
    years: dict[str, list[Told]] = {}
    for line in (line for one in first for line in one["lines"] if line["state"] in {"scored", "no_data"}):
        years.setdefault(line["period"], []).append(line)
    words = {period: _reached(lines) if len(first) > 1 else _own(lines[0]) for period, lines in years.items()}
    return [(period, words[period]) for period in told["periods"] if words.get(period)]


def _own(line: Told) -> str:
    return covered(line.get("coverage")) if line["state"] == "scored" else ""


def _reached(lines: Sequence[Told]) -> str:
    """How far a year has come where most of its municipalities are without a score, or without some procedure."""
    scored = [one for one in lines if one["state"] == "scored"]
    less = sum(bool(_own(one)) for one in scored)
    if not scored or 2 * (len(lines) - len(scored) + less) <= len(lines):
        return ""
    said = f"оценка есть у {len(scored)} из {counted(len(lines), MUNICIPALITY_OF)}"
    return said + (f", не по всем процедурам — у {less}" if less else "")


def _by_period(periods: Sequence[str], flags: Sequence[Told]) -> list[tuple[str, Sequence[Told]]]:
    """Each flagged procedure once, of however many series it is a part; periods of the same ones together."""
    found: dict[tuple[tuple[str, Any], ...], tuple[list[str], list[Told]]] = {}
    for period in periods:
        some = {one["procedure"]: one for one in flags if one["period"] == period}
        same = tuple((one["procedure"], one.get("act")) for one in some.values())
        found.setdefault(same, ([], list(some.values())))[0].append(period)
    return [(", ".join(named), some) for named, some in found.values() if some]


def _scored(told: Told) -> list[str]:
    """The periods in which anything is scored: in others nothing counts, with or without permission."""
    lines = [line for one in told["series"] for line in one["lines"]]
    having = {line["period"] for line in lines if line["state"] == "scored"}
    return [period for period in told["periods"] if period in having]


def glossed(line: Told) -> str:
    """What a reader must know of a line beside its number or word: what it was made of, why it is none."""
    basis = BASIS.get(line["basis"], "")
    parts = [f"{one['municipality']['name']} — {_said(one)}" for one in line["parts"]]
    plain = line["state"] == "scored" or (line["state"] == "no_data" and line["basis"] == "own")
    reason = None if plain else line.get("reason")
    words = [] if reason and basis and reason.startswith(basis) else [basis]
    return ". ".join(_capital(one) for one in (*words, reason or "", "; ".join(parts)) if one)


def _said(part: Told) -> str:
    if part["state"] != "scored":
        return STATES[part["state"]]
    return f"{part['percent']}\N{NO-BREAK SPACE}%"


def _capital(told: str) -> str:
    return told[:1].upper() + told[1:]


def titled(series: Told) -> str:
    """The name of what a series is of: a group's as everywhere in the portal, a procedure's as the edition says."""
    return GROUPS.get(series["group"], str(series["title"]))
