"""What-if side by side: each score before and after, and the difference in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.portal.show.numbers import number
from services.portal.show.words import moved, word

Score = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One score before and after; `turn` is better, worse or same, `words` says by how much."""

    title: str
    before: Score
    after: Score
    turn: str
    words: str


def steps(told: Mapping[str, Any], procedure: str, *, title: str, group: str) -> list[Step]:
    """From the procedure through its group to the overall score."""
    before, after = told["before"], told["after"]
    return [
        _step(title, before["procedures"][procedure], after["procedures"][procedure]),
        _step(word("group", group), before["groups"][group], after["groups"][group]),
        _step(word("group", "overall"), before["overall"], after["overall"]),
    ]


def whole_steps(told: Mapping[str, Any]) -> list[Step]:
    """The overall score and every group, before and after."""
    before, after = told["before"], told["after"]
    return [
        _step(word("group", "overall"), before["overall"], after["overall"]),
        *(_step(word("group", key), before["groups"][key], after["groups"][key]) for key in before["groups"]),
    ]


def _step(title: str, before: Score, after: Score) -> Step:
    was, now = _share(before), _share(after)
    turn = "same" if was == now else "better" if now > was else "worse"
    return Step(title, before, after, turn, _words(before, after))


def _share(score: Score) -> Fraction:
    return Fraction(score.get("share") or 0)


def _words(before: Score, after: Score) -> str:
    """`+2 балла`, `на 3 места выше`; what cannot be compared is said."""
    if before["state"] != "scored" or after["state"] != "scored":
        same = before["state"] == after["state"]
        return "без изменений" if same else f"{word('state', before['state'])} → {word('state', after['state'])}"
    gained = Fraction(after["points"]) - Fraction(before["points"])
    told = [f"баллы: {'+' if gained > 0 else '−'}{number(str(abs(gained)))}"] if gained else []
    places = (after["rank"] or 0) - (before["rank"] or 0)
    if places:
        told.append(moved(places))
    if before["level"] != after["level"]:
        told.append(f"уровень: {word('level', before['level'])} → {word('level', after['level'])}")
    return "; ".join(told) or "без изменений"
