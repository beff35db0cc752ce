"""What a run did and found, in figures: a table for people, JSON for a file."""

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.faults.checks import RESULTS, SCORES, Checker
from tests.faults.load import Load
from tests.faults.topics import Record
from tests.faults.workers import Fault


@dataclass
class Report:
    """Counts of one run."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    silences: dict[str, list[float]] = field(default_factory=dict)
    ready: dict[str, list[float]] = field(default_factory=dict)
    caught_up: list[float] = field(default_factory=list)
    seconds: float = 0.0
    last: str = ""

    def note(self, fault: Fault, caught_up: float, checker: Checker) -> None:
        """Take over one fault and how long the rest took to come."""
        self.faults[fault.kind] += 1
        self.ready.setdefault(fault.kind, []).append(fault.ready_seconds)
        self.caught_up.append(caught_up)
        self.last = f"ready in {fault.ready_seconds:.1f} s, at rest in {caught_up:.1f} s"
        # A service alone: where its ground was away too, it waited for that.
        for name, back in fault.back.items() if len(fault.back) == 1 else ():
            silence = _silence(name, back, checker)
            if silence is not None:
                self.silences.setdefault(name, []).append(silence)

    def figures(self, checker: Checker, load: Load) -> dict[str, Any]:
        """Everything as plain values."""
        told = checker.told_scores
        return {
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "faults": self.faults.total(),
            "faults_by_kind": dict(sorted(self.faults.items())),
            "load": dict(sorted(load.done.items())),
            "accepted_by_http": checker.history.accepted,
            "acknowledged_by_kafka": len(checker.history.acknowledged),
            "unknown_outcomes_repeated": checker.history.unknown,
            "revisions_told": sum(map(len, checker.told_results.revisions.values())),
            "score_changes_told": sum(map(len, told.changes.values())),
            "of_them_loud": len(told.loud()),
            "repeats_in_topics": {topic: streams.repeats for topic, streams in sorted(checker.streams.items())},
            "dead_letters": len(checker.dead["monitoring"].items),
            "inbox_items": len(checker.inbox.items),
            "stream_items": sum(checker.streamed.items.values()),
            "stream_resumed": checker.streamed.resumed,
            "slowest_ready_seconds": {kind: round(max(times), 2) for kind, times in sorted(self.ready.items())},
            "caught_up_seconds": _spread(self.caught_up),
            "silence_after_restart_seconds": {name: _spread(times) for name, times in sorted(self.silences.items())},
        }


def _spread(times: Sequence[float]) -> dict[str, float]:
    return {"p50": round(median(times), 2), "max": round(max(times), 2), "count": len(times)} if times else {}


def _silence(name: str, back: float, checker: Checker) -> float | None:
    """Seconds from the start of the new process to its next output; None where it has none of its own."""
    outputs = {"monitoring": checker.results.records, "scoring": checker.scores.records}
    if name in outputs:
        return _first(outputs[name], back)
    if name == "notification":
        return next((at - back for at in checker.streamed.arrived if at >= back), None)
    return None


def _first(records: Sequence[Record], back: float) -> float | None:
    later = [record.timestamp / 1000 for record in records if record.timestamp / 1000 >= back]
    return min(later) - back if later else None


def show(figures: dict[str, Any]) -> str:
    """A table of two columns."""
    lines: list[tuple[str, str]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines.append((name, ""))
            lines += [(f"  {key}", _cell(one)) for key, one in value.items()]
        else:
            lines.append((name, _cell(value)))
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in lines)


def _cell(value: Any) -> str:
    return " ".join(f"{key} {one}" for key, one in value.items()) if isinstance(value, dict) else str(value)


def say(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """Tell whoever waits for the run, at once."""
    with capsys.disabled():
        sys.stdout.write(text)
        sys.stdout.flush()


def write(figures: dict[str, Any]) -> None:
    """Keep the figures in the file that RSOKO_FAULTS_REPORT names, if it names one."""
    if path := os.environ.get("RSOKO_FAULTS_REPORT"):
        Path(path).write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")


__all__ = ["RESULTS", "SCORES", "Report", "say", "show", "write"]
