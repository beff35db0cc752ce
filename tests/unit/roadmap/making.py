"""Activities, told scores and recommendations for the tests of road maps."""

from datetime import UTC, date, datetime

from services.roadmap.domain import (
    Activity,
    DatedName,
    Deadline,
    Evidence,
    Move,
    Municipality,
    RoadMap,
    ScoreTold,
    Standing,
    Task,
    Window,
)
from shared.kernel import Cause

AT = datetime(2022, 11, 1, 12, tzinfo=UTC)
TODAY = date(2022, 11, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def window(start: str, end: str) -> Window:
    return Window(day(start), day(end))


def task(number: str = "1", *windows: Window, kinds: tuple[str, ...] = ("month_window",), title: str = "Дело") -> Task:
    missing = kinds == ("missing",)
    return Task(number, "I", title, Deadline(None if missing else "как написано", kinds, windows))


def roadmap(municipality: str | None = None, title: str = "Карта") -> RoadMap:
    return RoadMap("map", title, "74", municipality, day("2022-01-01"), day("2022-12-31"))


def activity(
    *windows: Window,
    kinds: tuple[str, ...] = ("month_window",),
    municipality: str | None = None,
    number: str = "1",
    cancelled: bool = False,
) -> Activity:
    return Activity(
        f"map:{number}", "map", "74", municipality, 0, task(number, *windows, kinds=kinds), AT, cancelled=cancelled
    )


def unit(key: str = "74-a", since: str = "2006-01-01", until: str | None = None, region: str = "74") -> Municipality:
    return Municipality(key, 1, region, (DatedName(key, "75000001", day(since), day(until) if until else None),))


def evidence(done_on: str, of: str | None = None) -> Evidence:
    return Evidence(day(of) if of else None, "сделано", None, day(done_on), "municipality:m", AT)


def scored(level: str, percent: int) -> Standing:
    return Standing(percent, level)


def told(
    revision: int, *moves: tuple[str, str, str], quiet: bool = False, municipality: str = "74-a", period: str = "2022"
) -> ScoreTold:
    """Moves as (group, level before, level after)."""
    percents = {"low": 20, "medium": 50, "above_average": 70, "high": 95}
    made = tuple(
        Move(group, scored(before, percents[before]), scored(after, percents[after])) for group, before, after in moves
    )
    return ScoreTold(municipality, period, revision, made, quiet, Cause("c"))
