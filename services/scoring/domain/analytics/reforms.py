"""Reforms between two periods: a municipality with another territory is not measured by the same method."""

from collections.abc import Iterable

from services.scoring.domain.territory import SAME, Territory
from services.scoring.domain.trends.views import Calls, reform_words
from services.scoring.domain.trends.window import last_day


def reformed(territory: Territory, whose: Iterable[str], periods: tuple[str, str], calls: Calls) -> dict[str, str]:
    """Which of these another joined or left between the ends of two periods, the earlier first, and how, in words.

    A new name, code or kind leaves the territory as it was.
    """
    first, last = map(last_day, periods)
    found = {one: [each for each in territory.changes({one}, first, last) if each.kind not in SAME] for one in whose}
    return {one: "; ".join(reform_words(each, calls) for each in some) for one, some in found.items() if some}
