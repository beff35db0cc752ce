"""Analytics documents: drafted, written section by section and finished by people, read by the signed-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from services.scoring.domain import analytics as decisions
from services.scoring.domain import instant_text
from services.scoring.domain.analytics import (
    BY_KEY,
    Block,
    Document,
    Draft,
    Step,
)
from services.scoring.domain.analytics.document import DRAFT, FINISHED
from services.scoring.domain.period import period_year
from services.scoring.usecases.analytics.figures import Figures
from services.scoring.usecases.ports import KeepsAnalytics
from services.scoring.usecases.state import State
from shared.kernel import Cause, Change, NotFound, Repeat
from shared.policy import Actor, actor_may
from shared.ports import Clock

WRITE = "analytics.write"
Asked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A document, its revision as the writer has read it, and who writes."""

    document: str
    expected: int
    actor: Actor
    cause: Cause


class Analytics:
    """What people do with analytics documents."""

    def __init__(self, store: KeepsAnalytics, state: State, *, clock: Clock) -> None:
        self._store = store
        self._state = state
        self._clock = clock
        self._figures = Figures(store, state)

    async def create(self, wanted: Draft, *, repeat: Repeat | None) -> Asked:
        """The draft of a procedure and period: its first version, or the next one with its reason."""
        self._figures.rules(wanted.procedure, wanted.period)
        if wanted.before is not None:
            period_year(wanted.before)

        def shown(made: Document) -> Asked:
            return {"id": made.id, "revision": made.revision}

        given = await self._store.draft_document(
            wanted.procedure,
            wanted.period,
            lambda versions: decisions.draft(wanted, versions),
            answer=shown,
            repeat=repeat,
        )
        return await self._whole(await self._found(given["id"]))

    async def page(
        self, *, actor: Actor, condition: dict[str, str], place: Sequence[Any] | None, limit: int
    ) -> tuple[list[Asked], list[Any] | None]:
        """A page of documents, the latest periods and versions first; drafts only for who may write them."""
        where = dict(condition)
        if not actor_may(actor, WRITE, {}):
            if where.get("state") == DRAFT:
                return [], None
            where["state"] = FINISHED
        found = await self._store.analytics_page(where, place=place, limit=limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        shown = [self._head(one) for one in found[:limit]]
        return shown, [last.period, last.procedure, last.version] if last else None

    async def one(self, document: str, *, actor: Actor) -> Asked:
        """A document: a finished one as it was frozen, a draft with its data as of now and what is missing."""
        return await self._whole(await self._readable(document, actor))

    async def bytes_of(self, document: str, *, actor: Actor) -> tuple[bytes, Document]:
        """The content: of a finished one the very bytes that were frozen, of a draft as of now."""
        found = await self._readable(document, actor)
        if found.frozen is not None:
            return found.frozen.content.encode(), found
        data = await self._figures.data(found, self._clock())
        return decisions.frozen_text(found, data).encode(), found

    async def write(self, named: Named, section: str, blocks: tuple[Block, ...]) -> Asked:
        """Put a section's text; no blocks take it away."""
        if section not in BY_KEY:
            detail = f"«{section[:60]}»: есть {', '.join(BY_KEY)}."
            raise NotFound("section-not-found", "Такого раздела нет", detail)
        step = self._step(named)

        def decided(document: Document | None) -> Change[Document]:
            return Change(decisions.write(_known(document, named.document), section, blocks, step=step))

        return await self._whole(await self._store.change_document(named.document, decided, cause=named.cause))

    async def finish(self, named: Named) -> Asked:
        """Freeze a whole document as of now; Refused with every missing section, or where the procedure is dropped."""
        step = self._step(named)
        found = await self._found(named.document)
        self._figures.rules(found.procedure, found.period)
        data = await self._figures.data(found, step.now)

        def decided(document: Document | None) -> Change[Document]:
            known = _known(document, named.document)
            return decisions.finish(known, data, decisions.frozen_text(known, data), step=step)

        return await self._whole(await self._store.change_document(named.document, decided, cause=named.cause))

    def _step(self, named: Named) -> Step:
        return Step(f"{named.actor.role}:{named.actor.subject}", named.expected, self._clock())

    async def _found(self, document: str) -> Document:
        return _known(await self._store.analytics_document(document), document)

    async def _readable(self, document: str, actor: Actor) -> Document:
        """The document, or NotFound also where it is a draft of somebody else's."""
        found = await self._found(document)
        if found.state == DRAFT and not actor_may(actor, WRITE, {}):
            raise _unknown(document)
        return found

    def _head(self, one: Document) -> Asked:
        frozen = one.frozen
        return {
            "id": one.id,
            "procedure": {"key": one.procedure, "title": self._state.procedures.get(one.procedure, one.procedure)},
            "period": one.period,
            "before": one.before,
            "version": one.version,
            "state": one.state,
            "revision": one.revision,
            "reason": one.reason,
            "created_at": instant_text(one.created_at),
            "finished_at": None if frozen is None else instant_text(frozen.as_of),
            "digest": None if frozen is None else frozen.digest,
        }

    async def _whole(self, one: Document) -> Asked:
        if one.frozen is not None:
            content = orjson.loads(one.frozen.content)
            return self._head(one) | {"missing": [], "sections": content["sections"]}
        data = await self._figures.data(one, self._clock())
        lacking = [section.key for section in decisions.missing(data, one.texts)]
        return self._head(one) | {"missing": lacking, "sections": decisions.content_of(one, data)["sections"]}


def _known(document: Document | None, named: str) -> Document:
    if document is None:
        raise _unknown(named)
    return document


def _unknown(named: str) -> NotFound:
    detail = f"«{named[:200]}» нет среди доступных вам. Возьмите id из /v1/analytics-documents."
    return NotFound("analytics-document-not-found", "Документ не найден", detail)
