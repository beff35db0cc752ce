"""A recommendation on its way: drafted by the platform, issued or discarded, considered, accepted or declined."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.roadmap.events import (
    NearestDeadline,
    RecommendationAccepted,
    RecommendationConsidered,
    RecommendationDeclined,
    RecommendationDiscarded,
    RecommendationIssued,
    RecommendationState,
)
from shared.calendar import day_of
from shared.kernel import Change, Conflict, FieldError, Refused

DRAFTED, ISSUED, CONSIDERED, ACCEPTED, DECLINED = "drafted", "issued", "considered", "accepted", "declined"
DISCARDED = "discarded"
STATES = (DRAFTED, ISSUED, CONSIDERED, ACCEPTED, DECLINED, DISCARDED)
WORDS = {
    DRAFTED: "проект, ещё не направлена",
    ISSUED: "направлена, ещё не рассмотрена",
    CONSIDERED: "рассмотрена",
    ACCEPTED: "принята",
    DECLINED: "отклонена",
    DISCARDED: "снята, адресату не направлялась",
}
LEVEL_FELL = "level_fell"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a recommendation follows from: the level of a group fell with this revision of a score."""

    score_revision: int
    group: str
    before_level: str
    after_level: str
    before_percent: int
    after_percent: int
    kind: str = LEVEL_FELL


@dataclass(frozen=True, slots=True)
class Recovered:
    """That the level rose back, before anybody had issued the draft."""

    score_revision: int
    level: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a person did with it and when; `on` and `note` as far as the step has them (meeting, reason)."""

    state: str
    by: str
    at: datetime
    note: str | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation and the way it went; `deadlines` are those nearest to the day it was drafted."""

    id: str
    municipality: str
    period: str
    basis: Basis
    text_key: str
    text: str
    created_at: datetime
    state: str = DRAFTED
    revision: int = 1
    deadlines: tuple[NearestDeadline, ...] = ()
    recovered: Recovered | None = None
    steps: tuple[Step, ...] = ()

    def told(self, kind: type[RecommendationState]) -> RecommendationState:
        """What is told of it: identifiers and facts; texts of people stay here."""
        return kind(
            recommendation=self.id,
            municipality=self.municipality,
            addressee=self.municipality,
            score_revision=self.basis.score_revision,
            text_key=self.text_key,
            period=self.period,
            group=self.basis.group,
            state=self.state,
            revision=self.revision,
            before_level=self.basis.before_level,
            after_level=self.basis.after_level,
            deadlines=self.deadlines,
        )


def issue(one: Recommendation, step: Step, *, text: str | None) -> Change[Recommendation]:
    """A person issues the draft, in these words where others are given; once issued, the words stay."""
    return _go(one, step, {DRAFTED}, text=text or one.text, tells=RecommendationIssued)


def discard(one: Recommendation, step: Step) -> Change[Recommendation]:
    """A person finds the draft not needed, and says why: it is never issued."""
    return _go(one, step, {DRAFTED}, tells=RecommendationDiscarded)


def consider(one: Recommendation, step: Step, *, today: date) -> Change[Recommendation]:
    """The addressee considered it at a meeting, on a day that has come, not before the day on which it was issued."""
    if step.on is not None and step.on > today:
        raise _wrong("/held_on", "in-the-future", "Это заседание ещё не состоялось.", f"Не позже {today:%d.%m.%Y}.")
    issued = next((day_of(each.at) for each in one.steps if each.state == ISSUED), None)
    if step.on is not None and issued is not None and step.on < issued:
        message = "Заседание прошло раньше, чем рекомендация была направлена."
        raise _wrong("/held_on", "before-issued", message, f"Не раньше {issued:%d.%m.%Y}.")
    return _go(one, step, {ISSUED}, tells=RecommendationConsidered)


def accept(one: Recommendation, step: Step) -> Change[Recommendation]:
    """The addressee accepts it after considering it."""
    return _go(one, step, {CONSIDERED}, tells=RecommendationAccepted)


def decline(one: Recommendation, step: Step) -> Change[Recommendation]:
    """The addressee declines it after considering it, and says why."""
    return _go(one, step, {CONSIDERED}, tells=RecommendationDeclined)


def _go(
    one: Recommendation, step: Step, allowed: set[str], *, tells: type[RecommendationState], text: str | None = None
) -> Change[Recommendation]:
    last = one.steps[-1] if one.steps else None
    same_words = text in {None, one.text}
    if one.state == step.state and last and same_words and (last.note, last.on) == (step.note, step.on):
        return Change(one)
    if one.state not in allowed:
        needed = " или ".join(f"«{WORDS[state]}»" for state in sorted(allowed))
        detail = f"Рекомендация сейчас «{WORDS[one.state]}», а нужно состояние {needed}."
        raise Conflict(
            "recommendation-state-differs", "Сейчас этого сделать нельзя", detail, extra={"state": one.state}
        )
    after = replace(one, state=step.state, revision=one.revision + 1, steps=(*one.steps, step), text=text or one.text)
    return Change(after, (after.told(tells),))


def _wrong(pointer: str, code: str, message: str, remedy: str) -> Refused:
    error = FieldError(pointer, code, message, remedy)
    return Refused("invalid-recommendation-step", "Сведения не приняты", message, errors=[error])
