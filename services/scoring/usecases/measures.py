"""Scoring's own metrics: rescoring, told changes, levels; labels are regions, groups and levels of an edition."""

from collections import Counter as Tally

from prometheus_client import Counter, Gauge, Histogram

from services.scoring.domain.league import League
from services.scoring.domain.mirror import Mirror
from shared.telemetry.metrics import REGISTRY

RESCORING_SECONDS = Histogram(
    "rsoko_rescoring_seconds",
    "Deciding over one batch of facts and storing what follows.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
    registry=REGISTRY,
)
RESCORING_FACTS = Histogram(
    "rsoko_rescoring_batch_facts",
    "Facts of one batch.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000),
    registry=REGISTRY,
)
FACTS = Counter("rsoko_facts", "Facts by what became of them: fresh, old.", ("outcome",), registry=REGISTRY)
SCORES_TOLD = Counter("rsoko_score_changes_told", "Told score changes.", ("quiet",), registry=REGISTRY)
for _quiet in ("yes", "no"):
    # Known from the start: an alert asks for the increase, and what was not there before does not increase.
    SCORES_TOLD.labels(_quiet)
for _outcome in ("fresh", "old"):
    FACTS.labels(_outcome)
RATINGS_TOLD = Counter("rsoko_rating_changes_told", "Told changes of ranks.", registry=REGISTRY)
LEVELS = Gauge(
    "rsoko_municipalities_by_level",
    "Municipalities of each region's latest period by group and level.",
    ("region", "group", "level"),
    registry=REGISTRY,
)
DIFFERENCES = Gauge("rsoko_verify_differences", "Differences found by the last verify.", registry=REGISTRY)


def measure_levels(mirror: Mirror) -> None:
    """Count the levels of each region's latest period."""
    latest = [League(one, periods[-1]) for one in mirror.regions() if (periods := mirror.periods(one))]
    found = Tally(
        (league.region, group, score.level or score.state)
        for league in latest
        for stored in mirror.of(league).values()
        for group, score in stored.card.scores.items()
    )
    LEVELS.clear()
    for labels, count in found.items():
        LEVELS.labels(*labels).set(count)
