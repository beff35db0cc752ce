"""The span of a record that is being sent, where spans leave; it ends when Kafka has taken the record."""

import asyncio
from typing import Any

from shared.mongo import Document
from shared.telemetry import tracing

_TRACEPARENT = "ce_traceparent"


def trace(given: "asyncio.Future[Any]", row: Document) -> None:
    """In the trace of what the row follows from; a row without one has none, and neither has any without an exporter.

    The record bears the span in which it was decided on: what its readers do follows from that.
    """
    if not tracing.leaving() or (traceparent := _traceparent(row)) is None:
        return
    told: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "send",
        "messaging.destination.name": row["topic"],
    }
    span = tracing.begun(f"send {row['topic']}", "PRODUCER", traceparent, told)

    def end(sent: "asyncio.Future[Any]") -> None:
        tracing.ended(span, asyncio.CancelledError() if sent.cancelled() else sent.exception())

    given.add_done_callback(end)


def _traceparent(row: Document) -> str | None:
    """Also that of a copy of a dead letter, whose headers are bytes as they came."""
    for name, value in row.get("raw_headers", ()):
        if name == _TRACEPARENT and value is not None:
            told: str = value.decode("ascii", "replace")
            return told
    found: str | None = row["headers"].get(_TRACEPARENT)
    return found
