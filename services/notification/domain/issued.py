"""An issued recommendation as an item of its own: its addressee has something to do, whatever was read before."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from services.notification.domain.facts import GroupChange, ResultCause
from services.notification.domain.names import Names
from services.notification.domain.words import group_words, level_words, period_words

ISSUED = "recommendation_issued"
# What is asked for, or what became of it, by the state that is known when the item is shown.
ASKED = "Рекомендацию нужно рассмотреть и принять или отклонить; текст — на её странице."
NOW = {
    "considered": "Рекомендация рассмотрена; её нужно принять или отклонить, текст — на её странице.",
    "accepted": "Рекомендация принята; текст — на её странице.",
    "declined": "Рекомендация отклонена; текст и причина — на её странице.",
}


@dataclass(frozen=True, slots=True)
class IssuedFact:
    """A recommendation was sent to its addressee; that happens to one of them once."""

    recommendation: str
    municipality: str
    period: str
    group: str
    score_revision: int
    before_level: str | None = None
    after_level: str | None = None
    kind: str = ISSUED

    @property
    def id(self) -> str:
        """The natural identity of the step."""
        return f"{self.recommendation}:issued"

    @property
    def changes(self) -> tuple[GroupChange, ...]:
        """No score changes by it."""
        return ()

    @property
    def causes(self) -> tuple[ResultCause, ...]:
        """The results stand in the item of the change that it follows from."""
        return ()

    @property
    def causes_count(self) -> int:
        """As `causes`."""
        return 0

    def document(self) -> dict[str, Any]:
        """A plain document of it."""
        return asdict(self)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The fact behind a document (fields of an item beside it are left out)."""
        return cls(**{one.name: document[one.name] for one in fields(cls)})


def issued_title(fact: IssuedFact, names: Names) -> str:
    """One line: to whom, about what."""
    name = names.municipality(fact.municipality, fact.period).name
    return f"{name}: направлена рекомендация {period_words(fact.period)} — {group_words(fact.group).lower()}"


def issued_body(fact: IssuedFact, state: str | None = None) -> str:
    """What happened, and what is asked for as long as it was not answered, a line each; no state: just told."""
    fell = f"был «{level_words(fact.before_level)}», стал «{level_words(fact.after_level)}»"
    return "\n".join([
        f"Основание: уровень снизился ({fell}), изменение оценки № {fact.score_revision}.",
        NOW.get(state or "", ASKED),
    ])  # fmt: skip


def issued_of(facts: Iterable[object]) -> list[str]:
    """The recommendations that some of these are about."""
    return [fact.recommendation for fact in facts if isinstance(fact, IssuedFact)]
