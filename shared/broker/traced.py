"""The spans of what a consumer handles, where spans leave: each record in its own trace, as what follows from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from shared.batch import Batch
from shared.kernel import Heard
from shared.telemetry import tracing


@contextmanager
def traced(batch: Batch[Any]) -> Iterator[None]:
    """A span of each event around the block, in which it is the cause of what is told; without an exporter nothing."""
    if not tracing.leaving():
        yield
        return
    heard = batch.heard
    spans = [_begun(batch.group, one) for one in heard]
    batch.heard = [_within(one, span) for one, span in zip(heard, spans, strict=True)]
    failure: BaseException | None = None
    try:
        yield
    except BaseException as error:
        failure = error
        raise
    finally:
        batch.heard = heard
        for span in spans:
            tracing.ended(span, failure)


def _begun(group: str, heard: Heard[Any]) -> Any:
    origin = heard.origin
    told: dict[str, str | int] = {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.consumer.group.name": group,
        "messaging.destination.name": origin.topic,
        "messaging.destination.partition.id": str(origin.partition),
        "messaging.kafka.offset": origin.offset,
        "messaging.message.id": heard.id,
    }
    return tracing.begun(f"process {origin.topic}", "CONSUMER", heard.cause.traceparent, told)


def _within(heard: Heard[Any], span: Any) -> Heard[Any]:
    return heard._replace(cause=replace(heard.cause, traceparent=tracing.passed_on(span)))
