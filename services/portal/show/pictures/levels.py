"""Levels as bars: the procedures of each group, and how many municipalities stood on which level in which year."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from services.portal.show.pictures.marks import Told, mark_of, said
from services.portal.show.words import LEVELS, NO_LEVEL, STATES, period
from shared.pictures import Caption, Mark, bars, stacks


def group_bars(group: Told) -> Markup:
    """The procedures of an explained group."""
    rows = [(one["title"], mark_of(one)) for one in group["procedures"]]
    desc = "; ".join(f"{one['title']} — {said(one)}" for one in group["procedures"])
    caption = Caption(f"bars-{group['group']}", f"{group['title']}: процент по процедурам", desc)
    return Markup(bars(rows, caption))  # noqa: S704 - made and escaped by shared.pictures


def level_stacks(periods: Sequence[str], series: Sequence[Mapping[str, Any]], title: str) -> Markup:
    """How many of the series stood on which level in each period."""
    gap = any(line["state"] == "scored" and line["level"] is None for one in series for line in one["lines"])
    rows = [(period(one), _counted(series, at, gap=gap)) for at, one in enumerate(periods)]
    desc = "; ".join(f"{name}: " + ", ".join(f"{mark.words} — {count}" for mark, count in row) for name, row in rows)
    return Markup(stacks(rows, Caption("levels", title, desc)))  # noqa: S704 - made and escaped by shared.pictures


def _counted(series: Sequence[Mapping[str, Any]], at: int, *, gap: bool) -> list[tuple[Mark, int]]:
    """Levels, scores in a `gap` of the bands where there are any, and each kind of nothing."""
    counts = Counter(_kind(one["lines"][at]) for one in series)
    levels = [(Mark(word, step=step), counts[key]) for step, (key, word) in enumerate(LEVELS.items())]
    if gap:
        levels.append((Mark(NO_LEVEL), counts[NO_LEVEL]))
    states: list[Any] = ["no_data", "not_applicable", "did_not_exist"]
    return levels + [(Mark(STATES[state], nothing=state), counts[state]) for state in states]


def _kind(line: Told) -> str:
    return str((line["level"] or NO_LEVEL) if line["state"] == "scored" else line["state"])
