"""Recommendations as an inbox names them: which belong to an item, which deadlines are near, in which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from services.notification.domain.editions import EditionFact
from services.notification.domain.facts import ScoreFact
from services.notification.domain.issued import IssuedFact
from services.notification.domain.schools import SchoolFact
from services.notification.domain.words import group_words

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
MOST_EARLIER = 3
MOST_DEADLINES = 3


@dataclass(frozen=True, slots=True)
class NearDeadline:
    """A deadline of a road map that was not met when the recommendation was drafted; `due` is an ISO day."""

    activity: str
    roadmap: str
    number: str
    title: str | None
    due: str
    state: str


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
    """What comes next after a change: recommendations that are open or follow from it, and the nearest deadlines.

    Deadlines are those of the day of drafting; `on` is the day on which they are read.
    """

    recommendations: tuple[AdviceFact, ...] = ()
    deadlines: tuple[NearDeadline, ...] = ()
    on: date = date.min


NOTHING = Following()


def newest_advice(facts: Iterable[AdviceFact], known: Mapping[str, int]) -> list[AdviceFact]:
    """The last revision of each that is newer than the known one; a repeat is none."""
    found: dict[str, AdviceFact] = {}
    for fact in facts:
        held = found[fact.id].revision if fact.id in found else known.get(fact.id, 0)
        if fact.revision > held:
            found[fact.id] = fact
    return list(found.values())


def following(
    item: ScoreFact | EditionFact | SchoolFact | IssuedFact, advice: Sequence[AdviceFact], *, on: date
) -> Following:
    """Those that follow from this very change, in whatever state, then the newest earlier ones that are still open.

    A draft that was discarded is named no more. Nothing follows from a step of publication: no score changed by it.
    An issued recommendation names itself as it is now.
    """
    if isinstance(item, IssuedFact):
        return Following(tuple(one for one in advice if one.id == item.recommendation), (), on)
    if not isinstance(item, ScoreFact):
        return NOTHING
    own = [one for one in advice if one.item == item.id and one.state != DISCARDED]
    earlier = [one for one in advice if _open_before(one, item)]
    earlier.sort(key=lambda one: (one.score_revision, one.group), reverse=True)
    named = (*sorted(own, key=lambda one: one.group), *earlier[:MOST_EARLIER])
    near = {(one.activity, one.due): one for advice_ in named[:1] for one in advice_.deadlines}
    return Following(named, tuple(near.values())[:MOST_DEADLINES], on)


def next_steps(found: Following) -> list[str]:
    """What comes next in words, a line each; none where there is nothing."""
    lines = [
        f"Что дальше: рекомендация ({group_words(one.group)}, изменение оценки № {one.score_revision}) — "
        f"{STATES.get(one.state, one.state)}."
        for one in found.recommendations
    ]
    today = found.on.isoformat()
    coming = [_deadline(one) for one in found.deadlines if one.due >= today]
    over = [_deadline(one) for one in found.deadlines if one.due < today]
    lines += [f"Ближайшие сроки: {'; '.join(coming)}."] if coming else []
    # What has been done since is not known here: a deadline of the day of drafting is not said to be missed.
    return lines + ([f"Сроки, которые уже прошли (исполнение — в дорожной карте): {'; '.join(over)}."] if over else [])


def _deadline(one: NearDeadline) -> str:
    title = one.title or "название утрачено"
    return f"до {date.fromisoformat(one.due):%d.%m.%Y} — № {one.number} «{title}»"


def _open_before(one: AdviceFact, item: ScoreFact) -> bool:
    same = (one.municipality, one.period) == (item.municipality, item.period)
    return same and one.state in OPEN and one.score_revision < item.revision
