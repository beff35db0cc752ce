"""Scores and ranks as the API shows them and as they were told, against the recomputation in plain fractions."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tests.faults.arithmetic import Score, Scores, ranks
from tests.faults.history import Violation
from tests.faults.told import Card, Standing

Tables = Mapping[Card, Scores]


def compare_told(tables: Tables, last: Mapping[Card, Mapping[str, Standing]]) -> list[Violation]:
    """What was told last of every group is what follows from the results."""
    found = []
    for card, scores in tables.items():
        told = last.get(card, {})
        for group, score in scores.items():
            standing = told.get(group)
            shown = None if standing is None else standing[1:]
            if _told(shown) != score_fields(score):
                text = f"{card} {group}: told {shown}, right is {score_fields(score)}"
                found.append(Violation("told-score-wrong", text))
    return found


def _told(shown: Sequence[Any] | None) -> tuple[Any, ...]:
    if shown is None or shown[0] is None:
        return (None,) * 5
    points, maximum, share, percent, level = shown
    return Fraction(points), Fraction(maximum), Fraction(share), percent, level


def score_fields(score: Score) -> tuple[Any, ...]:
    """Points, maximum, share, percent, level; all None where nothing is scored."""
    if score.points is None:
        return (None,) * 5
    return score.points, score.maximum, score.share, score.percent, score.level


def compare_rating(
    rating: Mapping[str, Any], scores: Mapping[str, Score], *, period: str, group: str
) -> list[Violation]:
    """Rows, places and those without data of one rating."""
    found = []
    places = ranks({name: score.share for name, score in scores.items()})
    wanted = {name: _row(score, places[name]) for name, score in scores.items() if name in places}
    shown = {row["municipality"]["id"]: _shown(row) for row in rating["rows"]}
    for name in sorted(wanted.keys() | shown.keys()):
        if wanted.get(name) != shown.get(name):
            text = f"{period} {group} {name}: shown {shown.get(name)}, right is {wanted.get(name)}"
            kind = "rank-wrong" if _points(wanted.get(name)) == _points(shown.get(name)) else "score-wrong"
            found.append(Violation(kind, text))
    without = {row["municipality"]["id"] for row in rating["no_data"]}
    if without != scores.keys() - wanted.keys():
        found.append(
            Violation("no-data-wrong", f"{period} {group}: {sorted(without ^ (scores.keys() - wanted.keys()))}")
        )
    return found


def _row(score: Score, rank: int) -> tuple[Any, ...]:
    return rank, score.points, score.maximum, score.percent, score.level


def _shown(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["rank"], Fraction(row["points"]), Fraction(row["maximum"]), row["percent"], row["level"]


def _points(row: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if row is None else tuple(row)[1:]
