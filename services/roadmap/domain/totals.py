"""The report of execution: in which states the activities of road maps stand on a day, by whom, section and month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.roadmap.domain.calendar import CANCELLED, DECLINED, UNDONE, Line, line, spared
from services.roadmap.domain.execution import Execution
from services.roadmap.domain.following import Municipality
from services.roadmap.domain.plan import Activity, RoadMap, Window

Side = str | None
States = Counter[str]
Month = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Report:
    """Counted once for each activity and side: `sides` and `sections` add up to the same.

    `sides` has the region itself as None; `sections` are (road map, section) in the order of the documents. `months`
    counts occurrences by the month of their deadline, None for activities without any.
    """

    sides: dict[Side, States] = field(default_factory=lambda: defaultdict(Counter))
    sections: dict[tuple[str, str], States] = field(default_factory=lambda: defaultdict(Counter))
    months: dict[Month, States] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def total(self) -> States:
        """All activities of all sides."""
        return sum(self.sides.values(), Counter())

    @property
    def occurrences(self) -> States:
        """All their occurrences."""
        return sum(self.months.values(), Counter())

    def count(self, one: Line, sides: Sequence[Side]) -> None:
        """Count an activity for these sides, which stand with it alike; not where it does not concern them."""
        if not one.concerns:
            return
        for side in sides:
            self.sides[side][one.state] += 1
        if sides:
            self.sections[one.activity.roadmap, one.activity.task.section][one.state] += len(sides)
        for month, state in terms(one):
            self.months[month][state] += len(sides)


def execution_report(
    roadmaps: Mapping[str, RoadMap],
    activities: Sequence[Activity],
    executions: Iterable[Execution],
    *,
    municipalities: Iterable[Municipality],
    on: date,
) -> Report:
    """How all sides that the activities concern stand with them on a day.

    Whoever reported nothing stands as everybody who reported nothing: such are counted, not looked at one by one.
    """
    told: dict[str, dict[Side, Execution]] = defaultdict(dict)
    for one in executions:
        told[one.activity][one.side] = one
    units = list(municipalities)
    sides = {key: sides_of(one, units, on) for key, one in roadmaps.items()}
    report = Report()
    for activity in activities:
        roadmap, spoke = roadmaps[activity.roadmap], told[activity.id]
        silent: dict[frozenset[Window], list[Side]] = defaultdict(list)
        for side, whose in sides[activity.roadmap].items():
            free = spared(activity, whose, on, roadmap)
            if side in spoke:
                report.count(line(activity, spoke[side], on, free), [side])
            else:
                silent[free].append(side)
        for free, alike in silent.items():
            report.count(line(activity, Execution(activity.id, alike[0]), on, free), alike)
    return report


def sides_of(roadmap: RoadMap, municipalities: Iterable[Municipality], on: date) -> dict[Side, Municipality | None]:
    """Whom a road map may concern on a day: its owner, and by a map of the region each municipality that is there.

    What of it concerns which of them, `spared` tells.
    """
    if roadmap.municipality is not None:
        return {roadmap.municipality: None}
    found = {one.id: one for one in municipalities if one.region == roadmap.region and one.existed(on)}
    return {None: None, **{key: found[key] for key in sorted(found)}}


def terms(one: Line) -> Iterator[tuple[Month, str]]:
    """The month of the deadline and the state of each occurrence; the activity itself where it has none.

    Of what was left out of the map nothing is to be done; who takes no part has declined what was left.
    """
    if not one.occurrences:
        yield None, one.state
    for each in one.occurrences:
        month = each.window.end.year, each.window.end.month
        declined = one.state == DECLINED and each.state in UNDONE
        yield month, one.state if one.state == CANCELLED or declined else each.state
