"""Logs without personal data, causes that follow a task, traces that go on, metrics with bounded labels."""

import asyncio
import contextlib
import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import faststream
import pytest
import structlog
from prometheus_client import generate_latest
from pydantic import BaseModel, ValidationError
from pymongo.errors import BulkWriteError, OperationFailure  # noqa: TID251 (made as the driver raises them)

from shared.kernel import Cause
from shared.mongo.errors import unavailable
from shared.telemetry import (
    bind_cause,
    configure_logs,
    continued,
    current_cause,
    entered,
    log,
    metrics,
    named_cause,
    start_tracing,
    trace_id,
    tracing,
)
from shared.telemetry.loop import watch_loop
from shared.telemetry.repeats import REMEMBERED, Repeats

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level, hook = list(root.handlers), root.level, sys.excepthook
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs(service="toy", instance="toy-1")
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    sys.excepthook = hook
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ours_and_the_libraries_words_are_json_with_service_and_cause(told: io.StringIO):
    with bind_cause(Cause("c-1", traceparent=PARENT)):
        log.info("hello", count=3)
        logging.getLogger("uvicorn.error").warning("started %s", "x")
    ours, theirs = _lines(told)
    assert (ours["event"], ours["count"], ours["service"], ours["instance"]) == ("hello", 3, "toy", "toy-1")
    assert (ours["correlation_id"], ours["trace_id"]) == ("c-1", "a" * 32)
    assert (theirs["event"], theirs["level"], theirs["correlation_id"]) == ("started x", "warning", "c-1")


def test_faststream_which_brings_a_printer_of_its_own_is_told_as_the_others(told: io.StringIO):
    logging.getLogger(faststream.__name__).warning("topics")
    (line,) = _lines(told)
    assert (line["event"], line["level"], line["service"]) == ("topics", "warning", "toy")


def test_what_a_library_says_again_and_again_is_told_now_and_then_with_its_number(told: io.StringIO):
    clock = [0.0]
    logging.getLogger().handlers[0].filters[:] = [Repeats(["aiokafka"], lambda: clock[0])]
    for clock[0] in (0.0, 1.0, 2.0, 31.0, 32.0):
        logging.getLogger("aiokafka.client").error("no way to %s", "node 1")
        log.error("ours")
    logging.getLogger("aiokafka.client").error("no way to %s", "node 2")
    words = [line["event"] for line in _lines(told)]
    first, later = "no way to node 1", "no way to node 1 (and 2 times since it was told last)"
    assert [one for one in words if one != "ours"] == [first, later, "no way to node 2"]
    assert words.count("ours") == 5


def test_a_service_tells_repeats_of_aiokafka_once(told: io.StringIO):
    for _ in range(100):
        logging.getLogger("aiokafka.consumer.fetcher").error("Failed fetch messages from %s", 1)
    assert len(_lines(told)) == 1


def test_of_very_many_words_some_are_remembered():
    repeats = Repeats(["aiokafka"], lambda: 0.0)
    for number in range(3 * REMEMBERED):
        assert repeats.filter(logging.makeLogRecord({"name": "aiokafka", "msg": f"record {number}"}))
    assert len(repeats._told) <= REMEMBERED


def test_secrets_and_inputs_never_reach_the_log(told: io.StringIO):
    class Form(BaseModel):
        number: int

    log.info("asked", token="abc", authorization="Bearer abc", body="Иванов", values={"i1": "Иванов"})
    name = "вонавИ"[::-1]
    try:
        Form.model_validate({"number": name})
    except ValidationError:
        log.exception("failed")
    logging.getLogger("httpx").info("GET https://x/?name=Иванов")
    assert "Иванов" not in told.getvalue()
    assert "abc" not in told.getvalue()
    assert "ValidationError" in _lines(told)[1]["exception"]


NOTE = "вонавИ"[::-1] + " М. П. болела"


def _fail_in_bulk(code: int) -> None:
    op = {"_id": "r1", "comment": NOTE}
    with unavailable():
        raise BulkWriteError({"writeErrors": [{"code": code, "errmsg": NOTE, "op": op}], "nInserted": 0})


@pytest.mark.parametrize(("code", "named"), [(121, "BulkWriteError 65 (121)"), (11000, "DuplicateKeyError 11000")])
def test_a_document_that_the_store_refused_never_reaches_the_log(told: io.StringIO, code: int, named: str):
    try:
        _fail_in_bulk(code)
    except OperationFailure:
        log.exception("consumer.batch-failed")
    (line,) = _lines(told)
    assert NOTE not in told.getvalue()
    assert named in line["exception"]
    assert "in _fail_in_bulk" in line["exception"]


def test_nor_does_it_by_the_words_of_a_library_that_repeats_them(told: io.StringIO):
    try:
        _fail_in_bulk(121)
    except OperationFailure as error:
        for library, words in (("asyncio", "never retrieved\nexception=%r"), ("faststream", "BulkWriteError: %s")):
            logging.getLogger(library).log(logging.ERROR, words, error, exc_info=error)
    assert NOTE not in told.getvalue()
    assert [one["event"] for one in _lines(told)] == ["never retrieved\nexception=…", "BulkWriteError: …"]


def test_nor_does_one_of_several_errors_at_once(told: io.StringIO):
    group: ExceptionGroup[Exception] = ExceptionGroup("two", [KeyError("why")])
    try:
        _fail_in_bulk(121)
    except OperationFailure as error:
        group = ExceptionGroup("two", [KeyError("why"), error])
    log.error("failed", exc_info=group)
    assert NOTE not in told.getvalue()
    assert "BulkWriteError 65 (121)" in _lines(told)[0]["exception"]


def test_another_exception_is_told_with_its_place(told: io.StringIO):
    try:
        _ = {}["why"]
    except KeyError:
        log.exception("failed")
    assert "KeyError: 'why'" in _lines(told)[0]["exception"]


def test_an_unhandled_exception_is_one_json_line(told: io.StringIO):
    error = RuntimeError("why")
    sys.excepthook(RuntimeError, error, None)
    assert _lines(told)[0]["level"] == "critical"


def test_a_cause_ends_with_its_block_and_without_one_each_is_fresh():
    assert named_cause() is None
    assert current_cause().correlation != current_cause().correlation
    with bind_cause(Cause("c-1")):
        assert current_cause().correlation == "c-1"
    assert named_cause() is None


def test_a_trace_is_continued_with_a_span_of_ours():
    ours = continued(PARENT)
    assert ours.startswith(f"00-{'a' * 32}-")
    assert ours.endswith("-01")
    assert ours != PARENT
    assert entered(PARENT).startswith(f"00-{'a' * 32}-")


@pytest.mark.parametrize(
    "wrong",
    [None, "", "x", f"ff-{'a' * 32}-{'b' * 16}-01", f"00-{'0' * 32}-{'b' * 16}-01", f"00-{'a' * 32}-{'0' * 16}-01",
     f"00-{'A' * 32}-{'b' * 16}-01", PARENT + "-more", "0" * 600],
)  # fmt: skip
def test_a_malformed_trace_begins_a_new_one(wrong: str | None):
    assert trace_id(wrong) is None
    assert trace_id(continued(wrong)) is not None


def test_a_later_version_of_the_header_is_understood():
    assert trace_id(f"01-{'a' * 32}-{'b' * 16}-01-more") == "a" * 32


def test_spans_are_not_exported_unless_an_endpoint_is_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(tracing.ENDPOINT, raising=False)
    assert start_tracing(service="toy", instance="toy-1") is False


def test_an_endpoint_without_the_packages_is_refused_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(tracing.ENDPOINT, "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(tracing.TracingWrong, match="otel"):
        start_tracing(service="toy", instance="toy-1")


def test_every_metric_is_ours_described_and_bounded():
    metrics.tell_build(service="toy", instance="toy-1")
    text = generate_latest(metrics.REGISTRY).decode()
    assert 'rsoko_build_info{instance="toy-1"' in text
    unbounded = {"path", "id", "user", "subject", "municipality", "key", "url"}
    for name, one in vars(metrics).items():
        if hasattr(one, "_labelnames"):
            assert one._name.startswith("rsoko_"), name
            assert one._documentation.endswith("."), name
            assert not unbounded & set(one._labelnames), name


async def test_a_blocked_loop_shows():
    watch = asyncio.create_task(watch_loop(0.01))
    await asyncio.sleep(0)  # house: the task must reach its timer before the loop is blocked
    _block(0.05)
    async with asyncio.timeout(5):
        while metrics.LOOP_LAG._value.get() < 0.03:  # noqa: ASYNC110 - what is waited for is a gauge
            await asyncio.sleep(0)
    watch.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watch


def _block(seconds: float) -> None:
    import time

    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass
