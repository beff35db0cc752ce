"""When a level falls a recommendation is drafted, once per cause: what it says follows from the told change alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.roadmap.domain.calendar import Line, nearest
from services.roadmap.domain.following import Move, ScoreTold
from services.roadmap.domain.recommendation import DRAFTED, Basis, Recommendation, Recovered
from services.roadmap.domain.words import LEVELS, text_key, text_of
from services.roadmap.events import NearestDeadline
from shared.kernel import Cause

MOST_DEADLINES = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A new recommendation and the message that it follows from."""

    recommendation: Recommendation
    cause: Cause


def drafts(news: Iterable[ScoreTold], now: datetime) -> list[Draft]:
    """One for each group whose level fell; history loaded quietly drafts nothing.

    The id follows from the cause (municipality, period, group, score revision), so that a repeat makes the same one.
    """
    return [
        Draft(_recommendation(told, move, now), told.cause)
        for told in news
        if not told.quiet
        for move in told.moves
        if _steps(move) < 0
    ]


def with_deadlines(draft: Draft, standing: Sequence[Line], on: date) -> Draft:
    """The draft with the deadlines nearest to a day, at most three of them."""
    told = tuple(
        NearestDeadline(
            activity=activity.id,
            roadmap=activity.roadmap,
            task_number=activity.task.number,
            title=activity.task.title,
            due=one.due,
            state=one.occurrence.state,
        )
        for one in nearest(standing, on, MOST_DEADLINES)
        for activity in [one.line.activity]
    )
    return replace(draft, recommendation=replace(draft.recommendation, deadlines=told))


def moved(news: Iterable[ScoreTold]) -> list[tuple[ScoreTold, Move]]:
    """The groups that stand on another level now, quietly or not: that may take away what a draft was for."""
    return [(told, move) for told in news for move in told.moves if move.after.level not in {None, move.before.level}]


def recover(drafted: Sequence[Recommendation], moves: Sequence[tuple[ScoreTold, Move]]) -> list[Recommendation]:
    """The drafts whose mark changes: made while the group stands again where it stood before the fall, else taken away.

    A draft is not withdrawn by itself: a person sees the mark and decides.
    """
    found = []
    for one in drafted:
        mark = one.recovered
        for told, move in moves:
            mark = _mark(one, mark, told, move)
        if mark != one.recovered:
            found.append(replace(one, recovered=mark, revision=one.revision + 1))
    return found


def _mark(one: Recommendation, mark: Recovered | None, told: ScoreTold, move: Move) -> Recovered | None:
    """The mark after a move; the same while the level is the same, however often it is told."""
    same = (one.municipality, one.period, one.basis.group) == (told.municipality, told.period, move.group)
    later = told.revision > (mark or one.basis).score_revision
    level = move.after.level
    if not (same and later and one.state == DRAFTED and level):
        return mark
    if _height(level) < _height(one.basis.before_level):
        return None
    return mark if mark and mark.level == level else Recovered(told.revision, level)


def _recommendation(told: ScoreTold, move: Move, now: datetime) -> Recommendation:
    basis = Basis(
        score_revision=told.revision,
        group=move.group,
        before_level=move.before.level or "",
        after_level=move.after.level or "",
        before_percent=move.before.percent or 0,
        after_percent=move.after.percent or 0,
    )
    return Recommendation(
        id=f"{told.municipality}:{told.period}:{move.group}:{told.revision}",
        municipality=told.municipality,
        period=told.period,
        basis=basis,
        text_key=text_key(basis),
        text=text_of(basis, told),
        created_at=now,
    )


def _steps(move: Move) -> int:
    """By how many levels a group rose; 0 where it has, or had, none."""
    before, after = move.before.level, move.after.level
    return _height(after) - _height(before) if before and after else 0


def _height(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else -1
