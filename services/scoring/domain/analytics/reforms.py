"""Reforms between two periods: a municipality with another territory is not measured by the same method."""

from collections.abc import Iterable, Mapping
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


def once(scores: Mapping[str, ProcedureScore], territory: Territory, day: str) -> dict[str, ProcedureScore]:
    """The scores without the blank of whoever is there by the id that a rename gave it until this day."""
    return {
        one: score
        for one, score in scores.items()
        if score.state != "no_data" or not _became(one, territory, day) or territory.heir(one, day) not in scores
    }


def inherited(
    before: Mapping[str, ProcedureScore], now: Mapping[str, ProcedureScore], territory: Territory, day: str
) -> dict[str, ProcedureScore]:
    """The earlier scores by the ids of now: a rename may have given a municipality another one until this day."""
    found = dict(before)
    for one in sorted(before):
        heir = territory.heir(one, day)
        own = found.get(heir)
        moved = one not in now or (now[one].share is None and _became(one, territory, day))
        if heir != one and heir in now and moved and (own is None or own.share is None):
            found[heir] = found.pop(one)
    return found


def _became(one: str, territory: Territory, day: str) -> bool:
    """Whether it goes by another id on this day, and its own is nobody's."""
    return territory.heir(one, day) != one and not territory.existed(one, day)
