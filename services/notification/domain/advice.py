"""What is next for a municipality, as an inbox says it: its recommendations that are open, its nearest deadlines."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from services.notification.domain.deadlines import OVERDUE, NearDeadline
from services.notification.domain.editions import EditionFact
from services.notification.domain.facts import ScoreFact
from services.notification.domain.issued import IssuedFact
from services.notification.domain.schools import SchoolFact
from services.notification.domain.words import group_words, period_words

RECOMMENDATION_DRAFTED = "recommendation_drafted"
OPEN = ("drafted", "issued", "considered")
DISCARDED = "discarded"
STATES = {
    "drafted": "проект, ещё не направлена",
    "issued": "направлена, ещё не рассмотрена",
    "considered": "рассмотрена, решения ещё нет",
    "accepted": "принята",
    "declined": "отклонена",
}
MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class AdviceFact:
    """A recommendation as last told; it follows from one revision of one score, which is one item of the inbox."""

    id: str
    municipality: str
    period: str
    group: str
    score_revision: int
    state: str
    revision: int
    before_level: str | None = None
    after_level: str | None = None
    deadlines: tuple[NearDeadline, ...] = ()

    @property
    def item(self) -> str:
        """The id of the item that it belongs to, whether that is there already or not."""
        return f"{self.municipality}:{self.period}:{self.score_revision}"

    def document(self) -> dict[str, Any]:
        """A plain document of it."""
        return asdict(self)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The fact behind a document."""
        named = {name: document[name] for name in cls.__dataclass_fields__ if name != "deadlines"}
        return cls(**named, deadlines=tuple(NearDeadline(**one) for one in document["deadlines"]))


@dataclass(frozen=True, slots=True)
class Following:
    """What comes next after a change: recommendations that follow from it or are open, and the nearest deadlines."""

    recommendations: tuple[AdviceFact, ...] = ()
    deadlines: tuple[NearDeadline, ...] = ()


NOTHING = Following()
# So many of a municipality are held in memory, the newest: three are named.
HELD = 50


class Advised:
    """Recommendations by municipality as they were last told, without what is not named at an item."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, AdviceFact]] = {}

    def hear(self, facts: Iterable[AdviceFact]) -> None:
        """Take what is newer than what is known."""
        for fact in facts:
            mine = self._held.setdefault(fact.municipality, {})
            if fact.id not in mine or fact.revision > mine[fact.id].revision:
                mine[fact.id] = replace(fact, deadlines=())
            if len(mine) > HELD:
                del mine[min(mine, key=lambda name: (mine[name].state in OPEN, *_age(mine[name])))]

    def of(self, municipality: str) -> list[AdviceFact]:
        """Those of a municipality."""
        return list(self._held.get(municipality, {}).values())


def newest_advice(facts: Iterable[AdviceFact], known: Mapping[str, int]) -> list[AdviceFact]:
    """The last revision of each that is newer than the known one; a repeat is none."""
    found: dict[str, AdviceFact] = {}
    for fact in facts:
        held = found[fact.id].revision if fact.id in found else known.get(fact.id, 0)
        if fact.revision > held:
            found[fact.id] = fact
    return list(found.values())


def following(
    item: ScoreFact | EditionFact | SchoolFact | IssuedFact,
    advice: Iterable[AdviceFact],
    deadlines: tuple[NearDeadline, ...] = (),
) -> Following:
    """What is next after a change: what was recommended because of it, in whatever state, then the newest others open.

    These are the municipality's as they are when asked, of whichever change and period; so are the deadlines, which
    its road maps give. A draft that was discarded is named no more. Nothing follows from a step of publication: no
    score changed by it. An issued recommendation names itself as it is now.
    """
    if isinstance(item, IssuedFact):
        return Following(tuple(one for one in advice if one.id == item.recommendation))
    if not isinstance(item, ScoreFact):
        return NOTHING
    whose = [one for one in advice if one.municipality == item.municipality]
    own = [one for one in whose if one.item == item.id and one.state != DISCARDED]
    others = [one for one in whose if one.item != item.id and one.state in OPEN]
    others.sort(key=_age, reverse=True)
    return Following((*sorted(own, key=lambda one: one.group), *others[:MOST_OTHERS]), deadlines)


def _age(one: AdviceFact) -> tuple[str, int, str]:
    return one.period, one.score_revision, one.group


def next_steps(found: Following, period: str) -> list[str]:
    """What comes next in words, a line each, after a change of this period; none where there is nothing."""
    lines = [
        f"Что дальше: рекомендация ({_about(one, period)}, изменение оценки № {one.score_revision}) — "
        f"{STATES.get(one.state, one.state)}."
        for one in found.recommendations
    ]
    coming = [_deadline(one) for one in found.deadlines if one.state != OVERDUE]
    missed = [_deadline(one) for one in found.deadlines if one.state == OVERDUE]
    lines += [f"Ближайшие сроки: {'; '.join(coming)}."] if coming else []
    return lines + ([f"Просрочено без подтверждения: {'; '.join(missed)}."] if missed else [])


def _about(one: AdviceFact, period: str) -> str:
    """Of another period it says which."""
    return group_words(one.group).lower() + ("" if one.period == period else f" {period_words(one.period)}")


def _deadline(one: NearDeadline) -> str:
    title = f"«{one.title}»" if one.title else "(название утрачено)"
    return f"до {date.fromisoformat(one.due):%d.%m.%Y} — № {one.number} {title}"
