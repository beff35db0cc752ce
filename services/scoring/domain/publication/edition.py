"""An edition of a rating on its way: draft, right of reply, frozen, published by act, superseded; or withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from services.scoring.domain.league import League
from services.scoring.domain.period import period_words
from services.scoring.domain.publication.act import Act, check_act, invalid
from services.scoring.domain.publication.course import Course, Plan
from services.scoring.domain.publication.objection import ACCEPTED, Objection
from services.scoring.events import EditionDrafted, EditionFrozen, EditionPublished, EditionWithdrawn
from shared.calendar import ZONE, day_of
from shared.kernel import Change, Conflict

DRAFT, FROZEN, PUBLISHED, SUPERSEDED, WITHDRAWN = "draft", "frozen", "published", "superseded", "withdrawn"
STATES = (DRAFT, FROZEN, PUBLISHED, SUPERSEDED, WITHDRAWN)
UNDER_WAY = (DRAFT, FROZEN)
OPEN_TO_ALL = (PUBLISHED, SUPERSEDED)
WORDS = {
    DRAFT: "проект",
    FROZEN: "зафиксирована",
    PUBLISHED: "опубликована",
    SUPERSEDED: "заменена новой",
    WITHDRAWN: "отозвана",
}
LONGEST_REPLY = timedelta(days=366)
NAMED = 5


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state: to which, by whom (role and account), when, and why where a reason was given."""

    state: str
    by: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the rating of a region and period; `revision` grows with every change, also with every objection.

    `as_of` and `sha256` are those of the draft until it is frozen, then fixed. `previous` is the edition that was
    published when this one was drafted.
    """

    id: str
    period: str
    number: int
    title: str
    reply_until: date
    as_of: datetime
    methodology: str
    sha256: str
    state: str = DRAFT
    revision: int = 1
    objections: int = 0
    previous: str | None = None
    superseded_by: str | None = None
    act: Act | None = None
    steps: tuple[Step, ...] = ()
    region: str = ""

    @property
    def league(self) -> League:
        """Whose rating it is of."""
        return League(self.region, self.period)

    @property
    def replies_end(self) -> datetime:
        """The first instant at which it is too late to object: the end of that day in the region."""
        return datetime.combine(self.reply_until + timedelta(days=1), time(), ZONE)

    @property
    def public(self) -> bool:
        """Whether everybody may read it."""
        return self.state in OPEN_TO_ALL

    @property
    def url(self) -> str:
        """Where the whole of it is."""
        return f"/v1/editions/{self.id}"

    def at(self, state: str) -> datetime | None:
        """When it last came into a state."""
        return next((step.at for step in reversed(self.steps) if step.state == state), None)


@dataclass(frozen=True, slots=True)
class Made:
    """A rating as it was computed for an edition: as of when, by which methodology, the hash of its content."""

    as_of: datetime
    methodology: str
    sha256: str


def draft(course: Course, plan: Plan, made: Made, *, by: str) -> Change[Edition]:
    """Send the rating as it stands to the municipalities for reply."""
    if course.under_way is not None:
        detail = (
            f"Сначала опубликуйте или отзовите редакцию «{course.under_way}»: она за тот же период того же региона."
        )
        raise Conflict("edition-under-way", "Редакция уже готовится", detail, extra={"edition": course.under_way})
    check_reply(plan.reply_until, today=day_of(made.as_of))
    of_whom = "" if course.at_home else f" региона {course.region}"
    edition = Edition(
        id=course.following,
        region=course.region,
        period=plan.period,
        number=course.count + 1,
        title=plan.title or f"Рейтинг муниципалитетов{of_whom} за {period_words(plan.period)}",
        reply_until=plan.reply_until,
        as_of=made.as_of,
        methodology=made.methodology,
        sha256=made.sha256,
        previous=course.last,
        steps=(Step(DRAFT, by, made.as_of),),
    )
    return Change(edition, (_told_draft(edition),))


def check_reply(until: date, *, today: date) -> None:
    """Refused where the last day of reply has passed, or lies more than a year ahead."""
    if until < today:
        raise invalid("/reply_until", "in-the-past", "Этот день уже прошёл.", f"Не раньше {today:%d.%m.%Y}.")
    if until > today + LONGEST_REPLY:
        last = today + LONGEST_REPLY
        raise invalid("/reply_until", "too-far", "Срок ответа больше года.", f"Не позже {last:%d.%m.%Y}.")


def check_takes_replies(edition: Edition, *, now: datetime) -> None:
    """Conflict where the edition is no draft (any more), or its time of reply is over."""
    _check_state(edition, DRAFT)
    if now >= edition.replies_end:
        detail = f"Возражения принимались до {edition.reply_until:%d.%m.%Y} включительно (время Екатеринбурга)."
        raise Conflict("reply-closed", "Срок возражений истёк", detail)


def check_draft(edition: Edition) -> None:
    """Conflict where the edition is no draft (any more)."""
    _check_state(edition, DRAFT)


def freeze(edition: Edition, unsettled: Sequence[Objection], made: Made, *, by: str) -> Change[Edition]:
    """Fix the instant and the content, once the time of reply is over and every objection is settled."""
    if edition.state == FROZEN:
        return Change(edition)
    _check_state(edition, DRAFT)
    if made.as_of < edition.replies_end:
        detail = f"Муниципалитеты могут возражать до {edition.reply_until:%d.%m.%Y} включительно."
        raise Conflict("reply-open", "Срок возражений ещё не истёк", detail)
    check_methodology(edition, made)
    check_settled(unsettled)
    step = Step(FROZEN, by, made.as_of)
    fixed = replace(_next(edition, step), as_of=made.as_of, sha256=made.sha256)
    told = EditionFrozen(
        edition=fixed.id,
        period=fixed.period,
        region=fixed.region or None,
        number=fixed.number,
        as_of=fixed.as_of,
        methodology=fixed.methodology,
        sha256=fixed.sha256,
        url=fixed.url,
    )
    return Change(fixed, (told,))


def check_methodology(edition: Edition, made: Made) -> None:
    """Conflict where the rating is computed by another methodology by now: nobody could object to what it gives."""
    if made.methodology == edition.methodology:
        return
    detail = (
        f"Проект составлен по методике «{edition.methodology}», за период действует уже «{made.methodology}»: "
        "против её оценок никто не мог возразить. Отзовите проект и направьте новый."
    )
    raise Conflict("methodology-differs", "Методика стала другой", detail, extra={"methodology": made.methodology})


def check_settled(unsettled: Sequence[Objection]) -> None:
    """Conflict naming the objections that nobody answered, or whose correction is not recorded."""
    if not unsettled:
        return
    named = ", ".join(f"{one.id} ({_lacks(one)})" for one in unsettled[:NAMED])
    more = f" и ещё {len(unsettled) - NAMED}" if len(unsettled) > NAMED else ""
    raise Conflict(
        "objections-open",
        "Есть нерешённые возражения",
        f"Ответьте на каждое и запишите исправления по принятым: {named}{more}.",
        extra={"objections": [one.id for one in unsettled[:100]]},
    )


def publish(edition: Edition, act: Act, *, by: str, now: datetime) -> Change[Edition]:
    """Publish a frozen edition by an act; the same act again changes nothing."""
    if edition.state == PUBLISHED and edition.act == act:
        return Change(edition)
    _check_state(edition, FROZEN)
    check_act(act, today=day_of(now))
    done = replace(_next(edition, Step(PUBLISHED, by, now)), act=act)
    told = EditionPublished(
        edition=done.id,
        period=done.period,
        region=done.region or None,
        number=done.number,
        act_number=act.number,
        act_date=act.on,
        as_of=done.as_of,
        methodology=done.methodology,
        sha256=done.sha256,
        previous=done.previous,
        url=done.url,
    )
    return Change(done, (told,))


def supersede(edition: Edition, newer: str, *, by: str, now: datetime) -> Edition:
    """A published edition beside which a newer one was published; it stays readable."""
    return replace(_next(edition, Step(SUPERSEDED, by, now, f"опубликована редакция {newer}")), superseded_by=newer)


def withdraw(edition: Edition, reason: str, *, by: str, now: datetime) -> Change[Edition]:
    """Take back an edition that is not published yet; the same reason again changes nothing."""
    if edition.state == WITHDRAWN and edition.steps[-1].reason == reason:
        return Change(edition)
    _check_state(edition, DRAFT, FROZEN)
    done = _next(edition, Step(WITHDRAWN, by, now, reason))
    region = done.region or None
    told = EditionWithdrawn(edition=done.id, period=done.period, region=region, number=done.number, url=done.url)
    return Change(done, (told,))


def touched(edition: Edition, *, raised: int = 0) -> Edition:
    """The edition after something about its objections changed: whoever has read it before must read it again."""
    return replace(edition, revision=edition.revision + 1, objections=edition.objections + raised)


def _next(edition: Edition, step: Step) -> Edition:
    return replace(edition, state=step.state, revision=edition.revision + 1, steps=(*edition.steps, step))


def _told_draft(edition: Edition) -> EditionDrafted:
    return EditionDrafted(
        edition=edition.id,
        period=edition.period,
        region=edition.region or None,
        number=edition.number,
        reply_until=edition.reply_until,
        as_of=edition.as_of,
        methodology=edition.methodology,
        url=edition.url,
    )


def _lacks(one: Objection) -> str:
    return "нет исправления" if one.state == ACCEPTED else "нет ответа"


def _check_state(edition: Edition, *allowed: str) -> None:
    if edition.state in allowed:
        return
    needed = " или ".join(f"«{WORDS[state]}»" for state in allowed)
    detail = f"Редакция «{edition.id}» сейчас «{WORDS[edition.state]}», а нужно состояние {needed}."
    raise Conflict("edition-state-differs", "Сейчас этого сделать нельзя", detail, extra={"state": edition.state})
