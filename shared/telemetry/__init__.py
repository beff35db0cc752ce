"""What a process tells its operators: logs, metrics, traces, and the cause that ties them together."""

from shared.telemetry import metrics
from shared.telemetry.cause import bind_cause, current_cause, named_cause, sane_correlation, set_cause
from shared.telemetry.logs import configure_logs, log
from shared.telemetry.tracing import continued, entered, start_tracing, trace_id
from shared.telemetry.trouble import Trouble

__all__ = [
    "Trouble",
    "bind_cause",
    "configure_logs",
    "continued",
    "current_cause",
    "entered",
    "log",
    "metrics",
    "named_cause",
    "sane_correlation",
    "set_cause",
    "start_tracing",
    "trace_id",
]
