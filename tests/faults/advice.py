"""Recommendations after a fault: one for each told fall of a level, whatever was killed, and no other."""

import json
from collections.abc import Iterable, Mapping

from tests.faults.history import Violation

LEVELS = ("low", "medium", "above_average", "high")


def due(told: Iterable[bytes | None]) -> set[str]:
    """The names of all recommendations that must be, from the told changes as they stand in the topic."""
    names = set()
    for raw in told:
        data = json.loads(raw or b"null")
        if not data or data["quiet"]:
            continue
        names |= {
            f"{data['municipality']}:{data['period']}:{change['group']}:{data['revision']}"
            for change in data["changes"]
            if _fell(change["before"], change["after"])
        }
    return names


def compare(wanted: set[str], drafted: Iterable[str]) -> list[Violation]:
    """What lacks and what nobody caused; the store keeps a name once."""
    kept = set(drafted)
    found = [Violation("recommendation-missing", name) for name in sorted(wanted - kept)]
    return found + [Violation("recommendation-extra", name) for name in sorted(kept - wanted)]


def _fell(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    known = before.get("level") in LEVELS and after.get("level") in LEVELS
    return known and LEVELS.index(str(after["level"])) < LEVELS.index(str(before["level"]))
