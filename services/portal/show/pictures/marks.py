"""A told score as a mark: its share, its level as a step, or which kind of nothing it is."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from services.portal.show.numbers import percent
from services.portal.show.words import LEVELS, STATES, word
from shared.pictures import Mark

Told = Mapping[str, Any]
STEP_OF = {level: step for step, level in enumerate(LEVELS)}


def mark_of(told: Told) -> Mark:
    """The mark of a score in the shape of the API; one that was made of others is derived."""
    if told["state"] != "scored":
        return Mark(STATES[told["state"]], nothing=told["state"])
    share = Fraction(told["points"]) / Fraction(told["maximum"])
    derived = told.get("basis", "own") != "own"
    return Mark(percent(told["percent"]), share, STEP_OF.get(told["level"]), derived=derived)


def said(told: Told) -> str:
    """A score in words, for descriptions: percent and level, or which nothing and why."""
    if told["state"] == "scored":
        return f"{percent(told['percent'])}, {word('level', told['level'])}"
    reason = told.get("reason")
    return STATES[told["state"]] + (f" ({reason})" if reason and reason != STATES[told["state"]] else "")
