"""An objection of a municipality to its own score in a draft, and the answer to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.scoring.domain.methodology import OVERALL, Methodology
from services.scoring.events import ObjectionAnswered, ObjectionRaised
from shared.kernel import Change, Conflict, FieldError, Refused

OPEN, ACCEPTED, DECLINED, CLOSED = "open", "accepted", "declined", "closed"
WORDS = {OPEN: "ждёт ответа", ACCEPTED: "принято", DECLINED: "отклонено", CLOSED: "закрыто: редакция отозвана"}


@dataclass(frozen=True, slots=True)
class About:
    """Which score is objected to: a group (or `overall`), or a procedure and perhaps one of its indicators."""

    group: str | None = None
    procedure: str | None = None
    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a municipality says: about which of its scores, why, and where the evidence is."""

    municipality: str
    about: About
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What corrects what was objected to: a revision of a result, or an applicability act (recorded, or withdrawn)."""

    result: str | None = None
    revision: int | None = None
    applicability: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: accepted (with the correction as soon as there is one) or declined with a reason."""

    decision: str
    reason: str | None = None
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection and its answer; accepted without a correction it is not settled yet.

    `closed_at`: when its edition was withdrawn with the objection unsettled.
    """

    id: str
    edition: str
    period: str
    complaint: Complaint
    by: str
    at: datetime
    state: str = OPEN
    reply: Reply | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def municipality(self) -> str:
        """Whose objection it is."""
        return self.complaint.municipality

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do: declined, accepted and corrected, or closed with its edition."""
        if self.state == ACCEPTED and self.closed_at is None:
            return self.reply is not None and self.reply.correction is not None
        return self.state != OPEN


@dataclass(frozen=True, slots=True)
class Signature:
    """Who does something, and when."""

    by: str
    at: datetime


def check_about(about: About, methodology: Methodology) -> None:
    """Refused (`invalid-objection`) where the methodology has no such group, procedure or indicator."""
    if (about.group is None) == (about.procedure is None):
        message = "Нужна группа или процедура: одно из двух."
        raise _wrong("/group", "one-of-two", message, "Уберите лишнее или назовите то, с чем не согласны.")
    if about.group is not None:
        groups = (OVERALL, *(one.key for one in methodology.groups))
        _check_known("/group", "unknown-group", about.group, groups)
        if about.indicator is not None:
            message = "Показатель называют вместе с процедурой."
            raise _wrong("/indicator", "needs-procedure", message, "Замените группу процедурой.")
        return
    _check_known("/procedure", "unknown-procedure", about.procedure or "", tuple(methodology.procedures))
    if about.indicator is not None:
        keys = methodology.procedures[about.procedure or ""].keys
        _check_known("/indicator", "unknown-indicator", about.indicator, keys)


def raised(complaint: Complaint, named: str, *, edition: str, period: str, signed: Signature) -> Change[Objection]:
    """A new objection; its texts stay here, the event names only what it is about."""
    made = Objection(named, edition, period, complaint, signed.by, signed.at)
    about = complaint.about
    told = ObjectionRaised(
        objection=named,
        edition=edition,
        period=period,
        municipality=complaint.municipality,
        group=about.group,
        procedure=about.procedure,
        indicator=about.indicator,
        url=f"/v1/editions/{edition}/objections",
    )
    return Change(made, (told,))


def answered(one: Objection, reply: Reply, signed: Signature) -> Change[Objection]:
    """The answer to an open objection, or the correction of an accepted one; the same again changes nothing.

    A correction without a reason keeps the one that was given before.
    """
    check_reply(reply)
    reply = _keeping(one.reply, reply)
    if one.reply == reply:
        return Change(one)
    if one.state != OPEN and (one.settled or reply.correction is None):
        may = "" if one.settled else "; к принятому добавляют только исправление"
        detail = f"Возражение «{one.id}» уже «{WORDS[one.state]}»; ответ не меняют{may}."
        raise Conflict("objection-answered", "На возражение уже ответили", detail, extra={"state": one.state})
    done = replace(one, state=reply.decision, reply=reply, answered_by=signed.by, answered_at=signed.at)
    told = ObjectionAnswered(
        objection=one.id,
        edition=one.edition,
        period=one.period,
        municipality=one.municipality,
        decision="accepted" if reply.decision == ACCEPTED else "declined",
        result=reply.correction.result if reply.correction else None,
        revision=reply.correction.revision if reply.correction else None,
        applicability=reply.correction.applicability if reply.correction else None,
        url=f"/v1/editions/{one.edition}/objections",
    )
    return Change(done, (told,))


def closed(one: Objection, *, at: datetime) -> Objection:
    """An unsettled objection whose edition is withdrawn: nobody answers or corrects it; what was accepted stays so."""
    return replace(one, state=CLOSED if one.state == OPEN else one.state, closed_at=at)


def _keeping(before: Reply | None, reply: Reply) -> Reply:
    """The reply with the reason of the one before where it accepts, too, and gives none."""
    if before is None or (before.decision, reply.decision, reply.reason) != (ACCEPTED, ACCEPTED, None):
        return reply
    return replace(reply, reason=before.reason)


def check_reply(reply: Reply) -> None:
    """Refused (`invalid-answer`) where a refusal has no reason, or corrects something."""
    if reply.decision != DECLINED:
        return
    if reply.reason is None:
        message = "Отказ без причины не принимается."
        raise _unanswered("/reason", "missing-reason", message, "Напишите, почему возражение отклонено.")
    if reply.correction is not None:
        message = "При отказе исправления нет."
        raise _unanswered("/correction", "needs-acceptance", message, "Уберите исправление или примите возражение.")


def concerns(about: About, procedure: str, methodology: Methodology) -> bool:
    """Whether a procedure is part of what is objected to."""
    if about.procedure is not None:
        return about.procedure == procedure
    group = methodology.group_of.get(procedure)
    return group is not None and about.group in {OVERALL, group}


def _check_known(pointer: str, code: str, told: str, known: tuple[str, ...]) -> None:
    if told not in known:
        raise _wrong(pointer, code, f"«{told[:100]}» в методике нет.", f"Есть: {', '.join(known)}.")


def _wrong(pointer: str, code: str, message: str, remedy: str) -> Refused:
    error = FieldError(pointer, code, message, remedy)
    return Refused("invalid-objection", "Возражение не принято", message, errors=[error])


def _unanswered(pointer: str, code: str, message: str, remedy: str) -> Refused:
    error = FieldError(pointer, code, message, remedy)
    return Refused("invalid-answer", "Ответ не принят", message, errors=[error])
