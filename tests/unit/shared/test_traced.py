"""Spans of requests, of handled records and of sent ones: all in the record's trace, and none without an exporter."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from shared.batch import Batch
from shared.broker.handling import Handling
from shared.broker.listener import Listener
from shared.kernel import Cause, Heard, Origin, Unavailable
from shared.relay.sender import Sender
from shared.telemetry import entered, trace_id, tracing

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"
OTHER = f"00-{'c' * 32}-{'d' * 16}-01"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    found = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(found))
    monkeypatch.setattr(tracing, "_tracers", [provider.get_tracer("test")])
    return found


def heard(offset: int, traceparent: str | None) -> Heard[int]:
    cause = Cause(f"c-{offset}", f"e-{offset}", traceparent)
    return Heard(offset, f"e-{offset}", "test", cause, Origin("toy.thing.v1", 3, offset))


def batch(*told: Heard[int]) -> Batch[int]:
    return Batch("group", "dlq", told)


def handling(use: Callable[[Batch[int]], None]) -> Handling:
    async def handle(batch: Batch[int]) -> None:
        use(batch)
        batch.stored = True

    return Handling(Listener("group", {"toy.thing.v1": {}}, handle, "dlq"), cast("Any", None))


def place(span: ReadableSpan) -> tuple[str, str]:
    return f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"


async def test_each_record_of_a_batch_has_a_span_in_its_trace_and_what_it_causes_follows_from_that(
    exporter: InMemorySpanExporter,
) -> None:
    seen: list[str | None] = []
    told = batch(heard(7, PARENT), heard(8, OTHER), heard(9, None))
    before = told.heard
    await handling(lambda found: seen.extend(one.cause.traceparent for one in found.heard)).handle(told)

    spans = exporter.get_finished_spans()
    assert [place(span) for span in spans] == [tuple(str(one).split("-")[1:3]) for one in seen]
    assert [trace_id(one) for one in seen[:2]] == ["a" * 32, "c" * 32]
    assert [span.parent and f"{span.parent.span_id:016x}" for span in spans] == ["b" * 16, "d" * 16, None]
    assert {(span.name, span.kind) for span in spans} == {("process toy.thing.v1", SpanKind.CONSUMER)}
    assert spans[0].attributes is not None
    assert spans[0].attributes["messaging.kafka.offset"] == 7
    assert told.heard is before, "tried again, it follows from the record and not from the attempt before"


async def test_a_failed_attempt_says_so_without_words(exporter: InMemorySpanExporter) -> None:
    def fail(found: Batch[int]) -> None:
        del found
        raise Unavailable("mongodb")

    with pytest.raises(Unavailable):
        await handling(fail).handle(batch(heard(7, PARENT)))
    (span,) = exporter.get_finished_spans()
    assert (span.status.status_code, span.status.description, span.events) == (StatusCode.ERROR, "Unavailable", ())


async def test_without_an_exporter_a_batch_is_handled_as_it_is() -> None:
    told = batch(heard(7, PARENT))
    before, seen = told.heard, []
    await handling(lambda found: seen.append(found.heard)).handle(told)
    assert seen == [before]
    assert seen[0] is before


class Producer:
    """Takes a record at once and says later that Kafka has it."""

    def __init__(self) -> None:
        self.given: list[asyncio.Future[None]] = []
        self.headers: list[Any] = []
        self._sender, self.sender_task, self.client = self, None, self

    async def start(self) -> None:
        """Nothing to connect to."""

    async def partitions_for(self, topic: str) -> set[int]:
        """As many as are needed for each record to be a batch of its own."""
        del topic
        return set(range(1000))

    def create_batch(self) -> Any:
        """It is a batch itself."""
        return self

    def append(self, *, headers: Any, **row: Any) -> object:
        """One more record."""
        self.headers.append(dict(headers))
        return row

    def close(self) -> None:
        """Nothing is added."""

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> Awaitable[None]:
        """A future for it."""
        del batch, topic, partition
        self.given.append(asyncio.get_running_loop().create_future())
        return self.given[-1]


def row(**told: Any) -> dict[str, Any]:
    place = {"k": str(told), "s": 1}
    return {
        "_id": place,
        "topic": "toy.thing.v1",
        "key": repr(told).encode(),
        "value": b"1",
        "headers": {"ce_id": "1"},
    } | told


async def _sent(producer: Producer, *rows: dict[str, Any], failure: Exception | None = None) -> None:
    sender = Sender(lambda: cast("Any", producer), patience=5)
    sending = asyncio.ensure_future(anext(sender.send(rows)))
    async with asyncio.timeout(5):
        while len(producer.given) < len(rows):  # noqa: ASYNC110 - what is waited for is a list
            await asyncio.sleep(0)
    for given in producer.given:
        given.set_result(None) if failure is None else given.set_exception(failure)
    await asyncio.wait([sending])
    assert sending.exception() is failure


async def test_a_sent_record_has_a_span_in_its_trace_until_kafka_has_it(exporter: InMemorySpanExporter) -> None:
    producer = Producer()
    ours = row(headers={"ce_id": "1", "ce_traceparent": PARENT})
    dead = row(raw_headers=[("ce_traceparent", OTHER.encode())])
    await _sent(producer, ours, dead, row())

    spans = exporter.get_finished_spans()
    assert [place(span)[0] for span in spans] == ["a" * 32, "c" * 32], "a row without a trace has no span"
    assert {(span.name, span.kind) for span in spans} == {("send toy.thing.v1", SpanKind.PRODUCER)}
    assert producer.headers[0]["ce_traceparent"] == PARENT.encode(), "sent again, it is the same record"


async def test_a_record_that_was_not_taken_says_so(exporter: InMemorySpanExporter) -> None:
    await _sent(Producer(), row(headers={"ce_traceparent": PARENT}), failure=OSError("gone"))
    (span,) = exporter.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "OSError")


async def test_without_an_exporter_a_sent_record_has_no_span(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "begun", SimpleNamespace)
    await _sent(Producer(), row(headers={"ce_traceparent": PARENT}))


def test_a_request_passes_on_the_span_around_it(exporter: InMemorySpanExporter) -> None:
    with tracing._tracers[0].start_as_current_span("request") as outer:
        assert entered(PARENT) == tracing.passed_on(outer)
    assert len(exporter.get_finished_spans()) == 1
    assert trace_id(entered(PARENT)) == "a" * 32
