"""Numbers, moments and codes as they stand in Russian papers; exact, never rounded."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.scoring.domain.period import period_words
from services.scoring.domain.words import STATE_WORDS, level_words
from shared.calendar import local

NBSP = "\N{NO-BREAK SPACE}"
NOTHING = "—"
period = period_words
_POINT, _MINUS = re.compile(r"(?<=\d)\.(?=\d)"), re.compile(r"(?<!\w)-(?=\d)")
STATES = {"scored": "оценка есть", **STATE_WORDS}
SIMILAR = (
    "Сходные — сопоставимые муниципалитеты того же вида, население которых отличается не больше чем вдвое (по "
    "реестру); если население муниципалитета неизвестно — только того же вида. В скобках — сколько их."
)
ROLES = {
    "ministry": "министерство",
    "regional_operator": "региональный оператор",
    "municipality": "муниципальный орган управления образованием",
    "organization": "образовательная организация",
    "system": "информационная система",
}


def exact(told: str | None) -> str:
    """Exact numbers with a comma, alone or within words; a fraction without an end stays a fraction."""
    return NOTHING if told is None else _POINT.sub(",", _MINUS.sub("−", told))


def moment(told: str | None) -> str:
    """`15.04.2026 14:05` by the clocks of Yekaterinburg."""
    return NOTHING if told is None else f"{local(datetime.fromisoformat(told)):%d.%m.%Y %H:%M}"


def score(told: Mapping[str, Any]) -> list[str]:
    """Points, percent, level and rank of a score as cells of a table."""
    if told["state"] != "scored":
        return [STATES[told["state"]], NOTHING, NOTHING, NOTHING]
    points = f"{exact(told['points'])} из {exact(told['maximum'])}"
    rank = NOTHING if told["rank"] is None else str(told["rank"])
    return [points, f"{told['percent']}{NBSP}%", level_words(told["level"]), rank]


def submitter(told: Mapping[str, Any] | None) -> str:
    """Who submitted: the role, and whose account it was."""
    if told is None:
        return "не сообщено"
    role = ROLES.get(told["role"], told["role"])
    return role if told["id"] is None else f"{role} ({told['id']})"
