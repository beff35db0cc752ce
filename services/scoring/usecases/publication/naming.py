"""What every step of publication is given: which edition, read in which revision, by whom, under which key."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from services.scoring.domain import instant_text
from services.scoring.domain.publication import Edition, Objection, Step
from services.scoring.domain.publication.writing import Decided
from services.scoring.usecases.publication.published import edition_unknown
from shared.kernel import Cause, Repeat, check_expected
from shared.policy import Actor, account_for, actor_may

READ_UNPUBLISHED = "edition.read-draft"
Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class By:
    """Who asks for a change, what it follows from, and under which idempotency key."""

    actor: Actor
    cause: Cause
    repeat: Repeat | None = None

    @property
    def account(self) -> str:
        """Who it is, as it is kept: role and account."""
        return f"{self.actor.role}:{self.actor.subject}"


@dataclass(frozen=True, slots=True)
class Named:
    """Which edition is changed, from which revision."""

    edition: str
    expected: int


def seen_by(edition: Edition | None, named: str, actor: Actor) -> Edition:
    """The edition, where this reader may know of it; NotFound otherwise."""
    if edition is None or not (edition.public or actor_may(actor, READ_UNPUBLISHED, {})):
        raise edition_unknown(named)
    return edition


def fresh(decided: Decided, before: Edition, named: Named) -> Decided:
    """The decision, unless it changes another revision than the one that was read; a repeat changes none."""
    if decided.events:
        check_expected(named.expected, before.revision, read=before.url)
    return decided


def show_edition(edition: Edition, *, reader: Actor) -> Shown:
    """An edition in the shape of the API; of who did something the role, the account for whoever is shown accounts."""
    act = edition.act
    return {
        "id": edition.id,
        "period": edition.period,
        "region": edition.region,
        "number": edition.number,
        "title": edition.title,
        "state": edition.state,
        "revision": edition.revision,
        "reply_until": edition.reply_until.isoformat(),
        "replies_end": edition.replies_end.isoformat(),
        "as_of": instant_text(edition.as_of),
        "methodology": edition.methodology,
        "sha256": edition.sha256,
        "act": None if act is None else {"number": act.number, "date": act.on.isoformat()},
        "previous": edition.previous,
        "superseded_by": edition.superseded_by,
        "history": [_step(step, reader) for step in edition.steps],
    }


def _step(step: Step, reader: Actor) -> Shown:
    said = {"state": step.state, "by": _role(step.by), "at": instant_text(step.at), "reason": step.reason}
    return said | account_for(reader, step.by)


def show_objection(one: Objection, name: Mapping[str, str | None], *, reader: Actor) -> Shown:
    """An objection in the shape of the API; who raised and who answered it for whoever is shown accounts."""
    about, reply = one.complaint.about, one.reply
    correction = reply.correction if reply else None
    accounts = {"raised_account": one.by} | ({"answered_account": one.answered_by} if one.answered_by else {})
    return {
        "id": one.id,
        "edition": one.edition,
        "municipality": dict(name),
        "group": about.group,
        "procedure": about.procedure,
        "indicator": about.indicator,
        "text": one.complaint.text,
        "evidence": one.complaint.evidence,
        "state": one.state,
        "settled": one.settled,
        "raised_at": instant_text(one.at),
        "reason": reply.reason if reply else None,
        "correction": asdict(correction) if correction else None,
        "answered_by": _role(one.answered_by) if one.answered_by else None,
        "answered_at": instant_text(one.answered_at) if one.answered_at else None,
        "closed_at": instant_text(one.closed_at) if one.closed_at else None,
        **{name: told for name, by in accounts.items() for told in account_for(reader, by).values()},
    }


def answer_of(decided: Decided, *, reader: Actor) -> Mapping[str, Any]:
    """What a change of an edition answers, also to its repeat."""
    return {"item": show_edition(decided.edition, reader=reader), "made": bool(decided.events)}


def _role(account: str) -> str:
    return account.partition(":")[0]
