"""The report of execution in words: rows of counted states, the columns that a report needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from services.portal.show.spreadsheet import excel_csv
from services.portal.show.words import word

Told = Mapping[str, Any]
DEADLINE = ("срок", "срока", "сроков")
# What everybody asks for first; the others where there is anything in them.
ALWAYS = ("done", "done_late", "open", "overdue", "planned")
REGION_ITSELF = "Сам регион"
MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; empty is what is usual."""

    as_of: str = ""
    roadmap: str = ""
    region: str = ""

    def params(self) -> dict[str, str]:
        """The same for the service of road maps."""
        told = {"as_of": self.as_of, "roadmap": self.roadmap, "region": self.region}
        return {name: value for name, value in told.items() if value}

    def address(self, path: str = "/execution") -> str:
        """The address of the same report, or of a file of it."""
        return f"{path}?{urlencode(self.params())}" if self.params() else path

    def activities(self, municipality: str | None, state: str = "") -> str:
        """The list of what a number of a side counts, on the day of the report."""
        told = {"municipality": municipality, "roadmap": self.roadmap, "state": state, "on": self.as_of}
        asked = {name: value for name, value in told.items() if value}
        return f"/activities?{urlencode(asked)}" if asked else "/activities"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: whose, how many, and how many of each state."""

    title: str
    counted: int
    states: Mapping[str, int]
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The report as its page shows it."""

    as_of: str
    counted: int
    states: Mapping[str, int]
    occurrences: int
    roadmaps: Sequence[str]
    columns: Sequence[str]
    municipalities: Sequence[Row]
    sections: Sequence[tuple[str, Sequence[Row]]]
    months: Sequence[Row]


def report_of(told: Told) -> Report:
    """The service's answer as rows; sections under their road map."""
    titles = {one["id"]: one["title"] for one in told["roadmaps"]}
    parts = (*told["municipalities"], *told["sections"], *told["months"])
    some = {state for one in parts for state, number in one["states"].items() if number}
    sections = [
        (title, [_row(one["section"] or "Без раздела", one) for one in told["sections"] if one["roadmap"] == key])
        for key, title in titles.items()
    ]
    return Report(
        as_of=told["as_of"],
        counted=told["activities"],
        states=told["states"],
        occurrences=told["occurrences"],
        roadmaps=list(titles.values()),
        columns=[one for one in told["states"] if one in ALWAYS or one in some],
        municipalities=[_side(one) for one in told["municipalities"]],
        sections=[(title, rows) for title, rows in sections if rows],
        months=[_row(_month(one["month"]), one) for one in told["months"]],
    )


def table_of(report: Report) -> bytes:
    """All lines of the page as one table for Excel, each with what it is a line of."""
    parts: list[tuple[str, Sequence[Row]]] = [
        ("Всего", [Row("", report.counted, report.states)]),
        ("Муниципалитет", report.municipalities),
        *((f"Раздел: {title}", rows) for title, rows in report.sections),
        ("Месяц сроков", report.months),
    ]
    lines: list[list[str | int | None]] = [
        [of, row.title, row.counted, *(row.states[one] for one in report.columns)] for of, rows in parts for row in rows
    ]
    return excel_csv(("Разрез", "Название", "Всего", *(word("activity", one) for one in report.columns)), lines)


def _side(told: Told) -> Row:
    place = told["municipality"]
    if place is None:
        return _row(REGION_ITSELF, told)
    return _row(place["name"], told, place["id"])


def _row(title: str, told: Told, municipality: str | None = None) -> Row:
    counted = told["activities"] if "activities" in told else told["occurrences"]
    return Row(title, counted, told["states"], municipality)


def _month(told: str | None) -> str:
    """`Ноябрь 2022`."""
    if told is None:
        return "Без срока"
    year, month = told.split("-")
    return f"{MONTHS[int(month) - 1].capitalize()} {year}"
