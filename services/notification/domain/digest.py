"""Who is told what: the digest rule, and what has been told already."""

from collections.abc import Collection, Iterable

from services.notification.domain.batch import Told
from services.notification.domain.facts import ScoreFact


def concerns(fact: ScoreFact) -> bool:
    """Whether the municipality is told: not of history loaded quietly, not of a rank that only others moved."""
    return not fact.quiet and any(change.own for change in fact.changes)


def news(told: Iterable[Told], known: Collection[str] = ()) -> list[Told]:
    """What is to be told now, in the order heard: each fact once, nothing that is known by its id.

    A quiet change of a rating is told all the same: it goes to open pages only, which must not grow stale.
    """
    found: dict[str, Told] = {}
    for fact in told:
        if isinstance(fact, ScoreFact) and not concerns(fact):
            continue
        if fact.id not in known:
            found.setdefault(fact.id, fact)
    return list(found.values())
