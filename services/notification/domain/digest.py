"""Who is told what: the digest rule, and what has been told already."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from services.notification.domain.batch import Told
from services.notification.domain.facts import RatingFact, ScoreFact

# The number and the data's time of the change of a rating that was told last.
LastTold = tuple[int, datetime]


def concerns(fact: ScoreFact) -> bool:
    """Whether the municipality is told: not of history loaded quietly, not of a rank that only others moved."""
    return not fact.quiet and any(change.own for change in fact.changes)


def posted(told: object) -> bool:
    """Whether it is posted to webhooks: a rating that history moved, loaded quietly, is not."""
    return not (isinstance(told, RatingFact) and told.quiet)


def passed(fact: RatingFact, last: LastTold | None) -> bool:
    """Whether a rating's change, or a later one of the same rating, was told before.

    Not by its number alone: numbers that began anew, behind newer data, are news.
    """
    if last is None or fact.sequence is None:
        return False
    return fact.sequence <= last[0] and fact.data_at <= last[1]


def rating_of(fact: RatingFact, home: str) -> str:
    """Of which rating it is: its period's, behind the region's number where that is not the home one.

    What was told before regions were kept apart names none, and is of the home one.
    """
    return fact.period if fact.region in {None, home} else f"{fact.region}|{fact.period}"


def rating_news(told: Iterable[Told], last: Mapping[str, LastTold], home: str) -> list[RatingFact]:
    """The changes of ratings that were not told before, by what was told last of each (`rating_of`)."""
    ratings = (fact for fact in told if isinstance(fact, RatingFact))
    return [fact for fact in ratings if not passed(fact, last.get(rating_of(fact, home)))]


def news(told: Iterable[Told], known: Collection[str] = ()) -> list[Told]:
    """What is to be told now, in the order heard: each fact once, nothing that is known by its id.

    A quiet change of a rating is told all the same: it goes to open pages only, which must not grow stale;
    it is posted to nobody (`posted`).
    """
    found: dict[str, Told] = {}
    for fact in told:
        if isinstance(fact, ScoreFact) and not concerns(fact):
            continue
        if fact.id not in known:
            found.setdefault(fact.id, fact)
    return list(found.values())
