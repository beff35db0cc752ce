"""Scores and ranks in plain fractions, written from the rules of the region and from nothing of the product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tests.faults.catalogue import GROUPS, OVERALL_MAXIMUM, exempt, municipalities, procedures
from tests.faults.history import Content, Key

LEVELS = ((90, "high"), (60, "above_average"), (30, "medium"), (0, "low"))
Scores = dict[str, "Score"]


@dataclass(frozen=True, slots=True)
class Score:
    """A group's score; points are None where nothing is scored."""

    points: Fraction | None
    maximum: Fraction

    @property
    def share(self) -> Fraction | None:
        """Points over the applicable maximum."""
        return None if self.points is None else self.points / self.maximum

    @property
    def percent(self) -> int | None:
        """Rounded half up, shown as 100 at most."""
        share = self.share
        return None if share is None else min(100, (share * 200 + 1).__floor__() // 2)

    @property
    def level(self) -> str | None:
        """By the rounded percent."""
        percent = self.percent
        return None if percent is None else next(name for least, name in LEVELS if percent >= least)


def score(contents: Mapping[str, Content], municipality: str, period: str) -> Scores:
    """The scores of one municipality and period from what its results say now, by group and `overall`."""
    points: dict[str, list[Fraction]] = {group: [] for group in GROUPS}
    maxima = dict.fromkeys(GROUPS, 0)
    away = 0
    for key, procedure in procedures().items():
        content = contents.get(key)
        absent = (municipality, period, key) in exempt() if content is None or content.withdrawn else content.exempt
        if absent:
            away += procedure.maximum
            continue
        maxima[procedure.group] += procedure.maximum
        known = [Fraction(text) for text in (content.values or {}).values() if text is not None] if content else []
        if known:
            points[procedure.group].append(sum(known, Fraction(0)))
    found = {group: _sum(points[group], maxima[group]) for group in GROUPS}
    found["overall"] = _sum([one for group in GROUPS for one in points[group]], OVERALL_MAXIMUM - away)
    return found


def _sum(points: Iterable[Fraction], maximum: int) -> Score:
    known = list(points)
    return Score(sum(known, Fraction(0)) if known else None, Fraction(maximum))


def tables(contents: Mapping[Key, Content], periods: Iterable[str]) -> dict[tuple[str, str], Scores]:
    """The scores of every municipality in every one of these periods."""
    by_card: dict[tuple[str, str], dict[str, Content]] = {}
    for key, content in contents.items():
        by_card.setdefault((key.municipality, key.period), {})[key.procedure] = content
    return {
        (municipality, period): score(by_card.get((municipality, period), {}), municipality, period)
        for period in periods
        for municipality in municipalities()
    }


def ranks(shares: Mapping[str, Fraction | None]) -> dict[str, int]:
    """Dense ranks: the number of distinct greater shares and one more; those without a share have none."""
    order = sorted({share for share in shares.values() if share is not None}, reverse=True)
    places = {share: place for place, share in enumerate(order, start=1)}
    return {name: places[share] for name, share in shares.items() if share is not None}
