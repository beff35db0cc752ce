"""How marks and primary scores are spread: a column for each, borders of marks, spikes at them outlined."""

from markupsafe import Markup

from services.portal.show.spread import PUPIL, WORK, Spread
from services.portal.show.words import counted
from shared.pictures import Caption, distribution


def mark_spread(spread: Spread, name: str) -> Markup:
    """Pupils by mark."""
    desc = "; ".join(f"отметка «{mark}» — {counted(count, PUPIL)}" for mark, count in spread.marks.items())
    caption = Caption(name, f"{spread.title}: сколько учащихся получили каждую отметку", desc)
    drawn = distribution(spread.marks, {}, caption, axis="отметка")
    return Markup(drawn)  # noqa: S704 - made and escaped by shared.pictures


def score_spread(spread: Spread, name: str) -> Markup:
    """Works by primary score."""
    told = [f"{score} — {counted(count, WORK)}" for score, count in spread.scores.items() if count]
    told += [f"отметка {word} — от {score}" for score, word in spread.borders.items() if word]
    if spread.marked:
        told.append("звёздочкой отмечены баллы на границах отметок, где найден всплеск")
    caption = Caption(name, f"{spread.title}: сколько работ получили каждый первичный балл", "; ".join(told))
    drawn = distribution(spread.scores, spread.borders, caption, marked=spread.marked, axis="первичный балл")
    return Markup(drawn)  # noqa: S704 - made and escaped by shared.pictures
