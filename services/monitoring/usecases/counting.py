"""Counts what was accepted and refused, by source and reason."""

from collections.abc import Collection

from prometheus_client import Counter

from services.monitoring.domain import Decision, Row
from services.monitoring.domain.submission import MORE
from shared.kernel import Forbidden, Refused
from shared.telemetry.metrics import REGISTRY

# Sources are the registered ones, anything else is "unknown", also what was sent in the name of one by somebody who may
# not: the alert is about its own data. Reasons are our own codes, empty where not refused.
RESULTS = Counter(
    "rsoko_results",
    "Submitted results by source, by what became of them, and why they were refused.",
    ("source", "outcome", "reason"),
    registry=REGISTRY,
)


def reason_of(refused: Refused) -> str:
    """The one code that says why: that of the wrong fields where they agree, else of the refusal."""
    codes = {error.code for error in refused.errors} - {MORE}
    return codes.pop() if len(codes) == 1 else refused.code


def count(source: str | None, outcome: str, *, known: Collection[str], refused: Refused | None = None) -> None:
    """Count one submission or revision."""
    told = source if source in known and not isinstance(refused, Forbidden) else "unknown"
    RESULTS.labels(told, outcome, reason_of(refused) if refused else "").inc()


def count_all(rows: list[Row], decision: Decision, *, known: Collection[str]) -> None:
    """Count the rows of a batch after its commit."""
    for row, outcome in zip(rows, decision.outcomes, strict=True):
        count(row.source, outcome.status, known=known, refused=outcome.refused)
