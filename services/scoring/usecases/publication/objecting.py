"""The right of reply: municipalities object to their own scores in a draft, the operator answers each objection."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from services.scoring.domain import Fact
from services.scoring.domain.applicability import Applicability
from services.scoring.domain.league import region_of
from services.scoring.domain.period import period_words
from services.scoring.domain.publication import (
    DRAFT,
    Complaint,
    Correction,
    Edition,
    Objection,
    Reply,
    Signature,
    answered,
    check_about,
    check_applied,
    check_correction,
    check_draft,
    check_takes_replies,
    raised,
    touched,
)
from services.scoring.domain.publication.writing import Content, Decided, Seen
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.naming import By, Shown, seen_by, show_objection
from services.scoring.usecases.publication.published import edition_unknown
from services.scoring.usecases.state import State
from shared.kernel import FieldError, NotFound, Refused
from shared.policy import Actor, scope_of

READ = "objection.read"
Check = Callable[[Objection, Edition], None]


class Objecting:
    """Objections to drafts."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state

    async def listed(self, edition: str, actor: Actor) -> list[Shown]:
        """The objections to an edition that the reader may see: a municipality its own."""
        scope = scope_of(actor, READ)
        found = seen_by(await self._store.edition(edition), edition, actor)
        listed = await self._store.objections(edition, dict(scope.attributes))
        return [self._shown(one, found.period, actor) for one in listed]

    async def raise_one(self, edition: str, complaint: Complaint, by: By) -> Mapping[str, Any]:
        """Object to a score of one's own, until the end of the day that the draft names."""

        def decide(seen: Seen) -> Decided:
            before = seen_by(seen.edition, edition, by.actor)
            check_takes_replies(before, now=seen.now)
            self._check(complaint, before)
            after = touched(before, raised=1)
            change = raised(
                complaint,
                f"{before.id}-{after.objections}",
                edition=before.id,
                period=before.period,
                signed=Signature(by.account, seen.now),
            )
            return Decided(after, change.events, objection=change.state)

        return await self._store.decide_edition(
            edition=edition, decide=decide, cause=by.cause, repeat=by.repeat, answer=partial(self._answer, by.actor)
        )

    async def answer(self, edition: str, objection: str, reply: Reply, by: By) -> Mapping[str, Any]:
        """Accept an objection, with the correction as soon as there is one, or decline it with a reason."""
        check = await self._check_of(edition, reply.correction)

        def decide(seen: Seen) -> Decided:
            before = seen_by(seen.edition, edition, by.actor)
            found = _found(seen.objection, objection, before)
            check_draft(before)
            change = answered(found, reply, Signature(by.account, seen.now))
            if not change.events:
                return Decided(before, objection=found)
            if check is not None:
                check(found, before)
            return Decided(touched(before), change.events, objection=change.state)

        return await self._store.decide_edition(
            edition=edition,
            objection=objection,
            decide=decide,
            cause=by.cause,
            repeat=by.repeat,
            answer=partial(self._answer, by.actor),
        )

    def _check(self, complaint: Complaint, edition: Edition) -> None:
        """Refused where what it is about, or who objects, is not in the edition: it would only hold up the freeze."""
        check_about(complaint.about, self._state.methodologies[edition.methodology])
        names, mirror, whose = self._state.names, self._state.mirror, complaint.municipality
        known = names.knows(whose) or mirror.get(whose, edition.period) is not None
        if not known or region_of(whose) != edition.region:
            message = f"Вашего муниципалитета нет в рейтинге за {period_words(edition.period)}."
            remedy = "Сообщите администратору: учётная запись указывает не на тот муниципалитет."
            raise _not_taken("unknown-municipality", message, remedy)
        if not names.existed(whose, edition.period):
            why = names.lived(whose, edition.period)
            message = f"Вашего муниципалитета в периоде рейтинга ({period_words(edition.period)}) не было: {why}."
            remedy = "Оценки за этот период у него нет. Если дата неверна, сообщите оператору: её исправят в реестре."
            raise _not_taken("did-not-exist", message, remedy)

    async def _check_of(self, edition: str, correction: Correction | None) -> Check | None:
        """What decides whether a correction is one, of what it names as that is stored now."""
        if correction is None:
            return None
        if correction.applicability is not None:
            await self._state.load_registers()
            acts = self._state.rules.acts
            named = next((one for one in acts if one.id == correction.applicability), None)
            return partial(self._check_applied, named)
        name = f"{correction.result}:{correction.revision}"
        fact = (await self._store.facts_named([name])).get(name)
        # A draft's content is made with it and stays: what is read here is what the decision finds.
        return partial(self._check_corrected, fact, await self._store.content(edition, DRAFT))

    def _check_applied(self, act: Applicability | None, one: Objection, edition: Edition) -> None:
        since = edition.at(DRAFT) or edition.as_of
        check_applied(one, act, drafted_at=since, methodology=self._state.methodologies[edition.methodology])

    def _check_corrected(self, fact: Fact | None, draft: Content | None, one: Objection, edition: Edition) -> None:
        if draft is None:
            raise edition_unknown(edition.id)
        drafted = draft.inputs.revision_of(fact.result) if fact else None
        check_correction(one, fact, drafted=drafted, methodology=self._state.methodologies[edition.methodology])

    def _answer(self, reader: Actor, decided: Decided) -> Mapping[str, Any]:
        if decided.objection is None:
            raise LookupError("a decision about an objection without one")
        return {"item": self._shown(decided.objection, decided.edition.period, reader), "made": bool(decided.events)}

    def _shown(self, one: Objection, period: str, reader: Actor) -> Shown:
        return show_objection(one, self._state.names.of(one.municipality, period), reader=reader)


def _not_taken(code: str, message: str, remedy: str) -> Refused:
    wrong = FieldError("", code, message, remedy)
    return Refused("invalid-objection", "Возражение не принято", message, errors=[wrong])


def _found(one: Objection | None, named: str, edition: Edition) -> Objection:
    if one is None:
        detail = f"«{named[:100]}»: возьмите id из {edition.url}/objections."
        raise NotFound("objection-not-found", "Такого возражения нет", detail)
    return one
