"""How another service is, as its readiness report says."""

from dataclasses import dataclass
from typing import Any, Literal

State = Literal["ready", "degraded", "unready", "away"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """How one service answered: `why` names the checks that failed, or stays empty."""

    name: str
    title: str
    address: str
    state: State
    why: tuple[str, ...] = ()


def understood(told: Any) -> tuple[State, tuple[str, ...]]:
    """The state and what is amiss in a readiness report; what is no report counts as away."""
    if not isinstance(told, dict) or told.get("status") not in ("ready", "degraded", "unready"):
        return "away", ()
    checks, wanted = told.get("checks"), told.get("degraded")
    failed = [str(name) for name, good in checks.items() if not good] if isinstance(checks, dict) else []
    degraded = [str(name) for name in wanted] if isinstance(wanted, list) else []
    state: State = told["status"]
    return state, tuple(failed + degraded)
