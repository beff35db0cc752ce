"""Trends in the shape of the API, and what a break says in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from services.scoring.domain.explain import score_view
from services.scoring.domain.territory import Change
from services.scoring.domain.trends.breaks import Break
from services.scoring.domain.trends.lines import Line, Part

Named = Mapping[str, str | None]
REFORMS = {
    "rename": "переименование",
    "change_of_kind": "изменение вида",
    "join": "объединение",
    "split": "разделение",
}


class Calls(Protocol):
    """What municipalities are called: in a period, and on a day."""

    def of(self, municipality: str, period: str) -> dict[str, str | None]: ...

    def on(self, municipality: str, day: str, *, before: bool = False) -> dict[str, str | None]: ...


def line_view(line: Line, calls: Calls) -> dict[str, Any]:
    """One period of a trend."""
    score = score_view(line.standing.score, line.standing.rank)
    score.pop("level_conflict", None)
    return {
        "period": line.period,
        "municipality": calls.of(line.municipality, line.period),
        "methodology": line.methodology and line.methodology.id,
        "basis": line.basis,
        **score,
        "reason": line.standing.reason,
        "coverage": line.standing.coverage and line.standing.coverage._asdict(),
        "parts": [_part(part, line.period, calls) for part in line.parts],
    }


def _part(part: Part, period: str, calls: Calls) -> dict[str, Any]:
    score = score_view(part.standing.score, part.standing.rank)
    score.pop("level_conflict", None)
    return {"municipality": calls.of(part.municipality, period), **score, "reason": part.standing.reason}


def break_view(found: Break, calls: Calls) -> dict[str, Any]:
    """One break: between which periods, of what kind, from what to what, and in words."""
    place = {"after": found.after, "before": found.before}
    if found.reform is not None:
        return place | _reform(found.reform, calls)
    assert found.editions is not None, "a break that is no reform"
    before, after = found.editions
    # Two editions of one title can be told apart by their ids alone.
    named = [one.title if before.title != after.title else one.id for one in found.editions]
    words = f"другая редакция методики: «{named[0]}» → «{named[1]}»"
    return place | {"kind": "methodology", "from": before.id, "to": after.id, "words": words}


def _reform(reform: Change, calls: Calls) -> dict[str, Any]:
    before, after = _sides(reform, calls)
    return {
        "kind": "territory",
        "reform": reform.kind,
        "on": reform.on,
        "from": before,
        "to": after,
        "words": reform_words(reform, calls),
    }


def reform_words(reform: Change, calls: Calls) -> str:
    """The day of a reform, its kind, and what became what."""
    before, after = _sides(reform, calls)
    called = REFORMS[reform.kind]
    if reform.kind == "rename" and before[0]["name"] == after[0]["name"]:
        called = "новый код"
    day = f"{date.fromisoformat(reform.on):%d.%m.%Y}"
    return f"{day} {called}: {_named(before, reform)} → {_named(after, reform)}"


def _sides(reform: Change, calls: Calls) -> tuple[list[Named], list[Named]]:
    before: list[Named] = [calls.on(one, reform.on, before=True) for one in reform.before]
    return before, [calls.on(one, reform.on) for one in reform.after]


def _named(some: Sequence[Named], reform: Change) -> str:
    codes = reform.kind not in {"join", "split"}
    return ", ".join(f"{one['name']}" + (f" ({one['oktmo']})" if codes and one["oktmo"] else "") for one in some)
