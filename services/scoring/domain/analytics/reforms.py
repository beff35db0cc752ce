"""Reforms between two periods: a municipality with another territory is not measured by the same method."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial

from services.scoring.domain.card import ProcedureScore
from services.scoring.domain.territory import SAME, Territory
from services.scoring.domain.trends.views import Calls, reform_words
from services.scoring.domain.trends.window import last_day


def reformed(territory: Territory, whose: Iterable[str], periods: tuple[str, str], calls: Calls) -> dict[str, str]:
    """Which of these another joined or left between the ends of two periods, the earlier first, and how, in words.

    A new name, code, kind or id leaves the territory as it was.
    """
    first, last = map(last_day, periods)
    told: dict[str, str] = {}
    for one in whose:
        found = territory.changes_of(partial(territory.origins, one), first, last)
        if reforms := [each for each in found if each.kind not in SAME]:
            told[one] = "; ".join(reform_words(each, calls) for each in reforms)
    return told


def inherited(
    before: Mapping[str, ProcedureScore], now: Collection[str], territory: Territory, day: str
) -> dict[str, ProcedureScore]:
    """The earlier scores by the ids of now: a rename may have given a municipality another one until this day."""
    found = dict(before)
    for one in sorted(before.keys() - now):
        heir = territory.heir(one, day)
        own = found.get(heir)
        if heir in now and (own is None or own.share is None):
            found[heir] = found.pop(one)
    return found
