"""Road maps' own metrics: what is overdue, and where recommendations have stopped."""

from collections import Counter
from datetime import datetime

from prometheus_client import Gauge

from services.roadmap.domain.calendar import OVERDUE
from services.roadmap.domain.recommendation import STATES
from services.roadmap.usecases.ports import Advice, Plans
from shared.calendar import day_of
from shared.ports import Clock
from shared.telemetry.metrics import REGISTRY

# Road maps are put by staff, a few a year; kinds are those of the deadlines.
ACTIVITIES_OVERDUE = Gauge(
    "rsoko_activities_overdue",
    "Activities of road maps that are overdue today, as those they belong to stand with them.",
    ("roadmap", "kind"),
    registry=REGISTRY,
)
RECOMMENDATIONS = Gauge("rsoko_recommendations", "Recommendations by state.", ("state",), registry=REGISTRY)


class Measuring:
    """Sets the gauges that the calendar moves while nobody does anything."""

    def __init__(self, plans: Plans, advice: Advice, *, clock: Clock) -> None:
        self._plans = plans
        self._advice = advice
        self._clock = clock

    async def measure(self) -> None:
        """Look at everything once."""
        now: datetime = self._clock()
        lines = await self._plans.lines({}, None, on=day_of(now))
        overdue = Counter(
            (line.activity.roadmap, kind)
            for line in lines
            for kind in line.activity.task.deadline.kinds[:1]
            if line.state == OVERDUE
        )
        known = {(line.activity.roadmap, kind) for line in lines for kind in line.activity.task.deadline.kinds[:1]}
        ACTIVITIES_OVERDUE.clear()  # a map that was put anew may have other kinds; nobody reads before they are set
        for roadmap, kind in known:
            ACTIVITIES_OVERDUE.labels(roadmap, kind).set(overdue[roadmap, kind])
        counted = await self._advice.by_state()
        for state in STATES:
            RECOMMENDATIONS.labels(state).set(counted.get(state, 0))
