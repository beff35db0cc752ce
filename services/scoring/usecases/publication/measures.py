"""Publication's own metrics: where editions stand, who waits for an answer, how long their parts take to make."""

from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram

from services.scoring.domain.publication import DRAFT, STATES, Edition
from services.scoring.usecases.ports import Keeps
from shared.kernel import Unavailable
from shared.ports import Clock
from shared.telemetry.metrics import REGISTRY

NOTHING = timedelta()
PARTS = ("content", "tables", "paper")
EDITIONS = Gauge("rsoko_editions", "Editions of ratings by state.", ("state",), registry=REGISTRY)
OBJECTIONS_OVERDUE = Gauge(
    "rsoko_objections_overdue_seconds",
    "For how long the time of reply of a draft with an objection that nobody settled has been over; 0 where none is.",
    registry=REGISTRY,
)
MAKING_SECONDS = Histogram(
    "rsoko_edition_making_seconds",
    "Making a part of an edition: content, tables (CSV, XLSX), paper (PDF).",
    ("part",),
    buckets=(0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0),
    registry=REGISTRY,
)
MAKING_FAILED = Counter(
    "rsoko_edition_making_failed", "Parts of editions that could not be made.", ("part",), registry=REGISTRY
)
for _part in PARTS:
    MAKING_SECONDS.labels(_part)
    MAKING_FAILED.labels(_part)


@contextmanager
def making(part: str) -> Iterator[None]:
    """Count a part that is being made, and for how long."""
    began = perf_counter()
    try:
        yield
    except Unavailable:
        MAKING_FAILED.labels(part).inc()
        raise
    MAKING_SECONDS.labels(part).observe(perf_counter() - began)


class Measuring:
    """Sets the gauges that the calendar moves while nobody does anything."""

    def __init__(self, store: Keeps, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def measure(self) -> None:
        """Look at every edition once."""
        editions = await self._store.editions_of({})
        counted = Tally(one.state for one in editions)
        for state in STATES:
            EDITIONS.labels(state).set(counted[state])
        over = [(self._clock() - one.replies_end, one) for one in editions if one.state == DRAFT]
        late = [since for since, one in over if since > NOTHING and await self._waited_for(one)]
        OBJECTIONS_OVERDUE.set(max([NOTHING, *late]).total_seconds())

    async def _waited_for(self, draft: Edition) -> bool:
        return any(not one.settled for one in await self._store.objections(draft.id, {}))
