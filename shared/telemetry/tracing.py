"""W3C trace context: accepted, continued, passed on; spans leave only where an OTLP endpoint is set."""

import os
import re
import secrets
from collections.abc import Mapping
from typing import Any

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_tracers: list[Any] = []
_LONGEST = 512


class TracingWrong(Exception):
    """Spans are asked for and cannot be exported; the text is one Russian line with the remedy."""


def _parts(traceparent: str | None) -> tuple[str, str, str] | None:
    """(trace id, parent span id, flags) of a well-formed header, else None."""
    if not traceparent or len(traceparent) > _LONGEST or not (match := _TRACEPARENT.fullmatch(traceparent)):
        return None
    version, trace, parent, flags, more = match.groups()
    if version == "ff" or (version == "00" and more) or not trace.strip("0") or not parent.strip("0"):
        return None
    return trace, parent, flags


def continued(traceparent: str | None) -> str:
    """The traceparent to pass on: the same trace with a span id of ours, or a new trace where none came."""
    known = _parts(traceparent)
    trace, flags = (known[0], known[2]) if known else (secrets.token_hex(16), "00")
    return f"00-{trace}-{secrets.token_hex(8)}-{flags}"


def trace_id(traceparent: str | None) -> str | None:
    """The trace id of a well-formed traceparent, else None."""
    known = _parts(traceparent)
    return known[0] if known else None


def start_tracing(*, service: str, instance: str) -> bool:
    """Export spans where an OTLP endpoint is set; TracingWrong where the extra `otel` is missing."""
    if not os.environ.get(ENDPOINT) or _tracers:
        return bool(_tracers)
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TracingWrong(f"{ENDPOINT}: задан, но пакеты не установлены; нужен дополнительный набор otel") from None
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"rsoko-{service}", "service.instance.id": instance})
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    _tracers.append(provider.get_tracer("rsoko"))
    return True


def entered(traceparent: str | None) -> str:
    """The traceparent of a request just accepted: that of FastAPI's own span where spans leave."""
    if not _tracers:
        return continued(traceparent)
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent") or continued(traceparent)


def leaving() -> bool:
    """Whether spans leave this process: only then may one be begun."""
    return bool(_tracers)


def begun(name: str, kind: str, traceparent: str | None, attributes: Mapping[str, str | int]) -> Any:
    """A span (of kind CONSUMER or PRODUCER) of this trace, else of a new one; to be given to `ended`."""
    from opentelemetry.context import Context
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    told = {"traceparent": traceparent} if traceparent else {}
    context = TraceContextTextMapPropagator().extract(told, Context())
    return _tracers[0].start_span(name, context, SpanKind[kind], attributes)


def passed_on(span: Any) -> str:
    """The traceparent of what follows from a span."""
    at = span.get_span_context()
    return f"00-{at.trace_id:032x}-{at.span_id:016x}-{at.trace_flags:02x}"


def ended(span: Any, error: BaseException | None = None) -> None:
    """Let a span go, with what went wrong in it: the kind of it only, words may name people."""
    if error is not None:
        from opentelemetry.trace import Status, StatusCode

        span.set_status(Status(StatusCode.ERROR, type(error).__name__))
    span.end()
