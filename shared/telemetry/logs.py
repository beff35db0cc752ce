"""Structured logs as JSON lines on stderr, also those of libraries; no bodies, tokens, query strings."""

import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import orjson
import structlog

from shared.telemetry.cause import named_cause
from shared.telemetry.quoting import told, unquoted
from shared.telemetry.repeats import Repeats
from shared.telemetry.tracing import trace_id

_SECRET = frozenset({"authorization", "token", "password", "secret", "cookie", "body", "query", "values"})
# Libraries that speak of addresses, records or every request at info.
_QUIET = ("httpx", "httpcore", "aiokafka", "pymongo", "motor", "uvicorn.access", "asyncio", "faststream")
# Those that repeat themselves without a pause while what they stand on is away.
_REPEATING = ("aiokafka", "pymongo", "faststream")

# They print by handlers of their own, as plain text.
_OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "faststream")

log = structlog.stdlib.get_logger("rsoko")


def _with_cause(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    cause = named_cause()
    if cause is not None:
        event.setdefault("correlation_id", cause.correlation)
        if trace := trace_id(cause.traceparent):
            event.setdefault("trace_id", trace)
    return event


def _without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in _SECRET & event.keys():
        event[name] = "…"
    return event


def _exceptions(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else None
    if info is True:
        error = sys.exc_info()[1]
    elif isinstance(info, tuple):
        error = info[1]
    if error is not None:
        event["exception"] = told(error)
        event["event"] = unquoted(str(event["event"]), error)
    return event


def _json(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure_logs(*, service: str, instance: str, level: str = "info") -> None:
    """Route structlog and the standard library's logging into one JSON stream on stderr."""

    def named(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {"service": service, "instance": instance, **event}

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_cause,
        _without_secrets,
        named,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _exceptions, _json],
        )
    )
    handler.addFilter(Repeats(_REPEATING))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    _tame_libraries()


def _tame_libraries() -> None:
    for name in _OWN_HANDLERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _unhandled


def _unhandled(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("rsoko").critical("the process fell", exc_info=(kind, error, trace))
