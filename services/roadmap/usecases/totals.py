"""How the report of execution looks in answers."""

from collections.abc import Mapping
from datetime import date

from services.roadmap.domain import STATES, DatedName, Month, Report, RoadMap, States
from services.roadmap.usecases.showing import Names, Shown, show_place


def show_report(report: Report, *, region: str, on: date, roadmaps: Mapping[str, RoadMap], names: Names) -> Shown:
    """The report with its parts, which add up to the whole; municipalities by name, the region itself first."""
    sides = sorted(report.sides, key=lambda side: _by_name(side, names))
    return {
        "as_of": on.isoformat(),
        "region": region,
        "roadmaps": [{"id": key, "title": one.title} for key, one in sorted(roadmaps.items())],
        **_counted("activities", report.total),
        "municipalities": [
            {"municipality": show_place(side, names), **_counted("activities", report.sides[side])} for side in sides
        ],
        "sections": [
            {"roadmap": roadmap, "section": section, **_counted("activities", states)}
            for (roadmap, section), states in report.sections.items()
        ],
        "occurrences": sum(report.occurrences.values()),
        "months": [
            {"month": _month(month), **_counted("occurrences", report.months[month])}
            for month in sorted(report.months, key=lambda month: month or (9999, 12))
        ],
    }


def _by_name(side: str | None, names: Mapping[str, DatedName]) -> tuple[bool, str]:
    found = names.get(side) if side else None
    return side is not None, found.name if found else side or ""


def _counted(what: str, states: States) -> Shown:
    """How many there are, and of each state, also of those that nobody is in."""
    return {what: sum(states.values()), "states": {state: states[state] for state in STATES}}


def _month(month: Month) -> str | None:
    return month and f"{month[0]:04}-{month[1]:02}"
