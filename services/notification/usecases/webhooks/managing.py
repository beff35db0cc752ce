"""Managing webhooks: register, look, pause, rotate the secret, test, replay, remove."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from services.notification.domain import Entry, Names
from services.notification.domain.webhooks import (
    SECRET_BYTES,
    TEST,
    Answer,
    Asked,
    Delivery,
    Holder,
    New,
    Told,
    Wanted,
    Webhook,
    body_of,
    headers_of,
    put,
    rotate,
)
from services.notification.usecases.ports import KeepsFeed
from services.notification.usecases.telling import Telling
from services.notification.usecases.webhooks.hearing import checked_kinds
from services.notification.usecases.webhooks.ports import KeepsDeliveries, KeepsWebhooks, Posts, Render
from services.notification.usecases.webhooks.rendering import delivery_of
from shared.calendar import day_of
from shared.kernel import FieldError, Forbidden, NotFound, Refused, Repeat
from shared.policy import EVERYTHING, Scope
from shared.ports import Clock, Ids

T = TypeVar("T")
REPLAY_MOST = 500


@dataclass(frozen=True, slots=True)
class Outside:
    """What comes in from outside: time, identities, randomness, the sender, how a row of the feed looks."""

    clock: Clock
    ids: Ids
    random_bytes: Callable[[int], bytes]
    posts: Posts
    render: Render


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay began: how many deliveries, of which numbers; `following` is where to go on, None at the end."""

    deliveries: int
    first: int | None
    last: int | None
    following: int | None


class Webhooks:
    """What holders of webhooks can do with them; every call is within the caller's scope."""

    def __init__(
        self,
        store: KeepsWebhooks,
        deliveries: KeepsDeliveries,
        feed: KeepsFeed,
        telling: Telling,
        *,
        outside: Outside,
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._feed = feed
        self._telling = telling
        self._outside = outside

    async def register(self, wanted: Wanted, scope: Scope, repeat: Repeat | None = None) -> Told:
        """A new webhook of the caller with its secret.

        Refused for a wrong address, Forbidden for foreign changes and for kinds that the caller may not read.
        A repeat is given the earlier answer before anything else is asked: name servers answer now so, now so.
        """
        if repeat is not None and (told := await self._store.recall(repeat)) is not None:
            return told
        holder = Holder(**scope.attributes)
        kinds = checked_kinds(wanted.kinds, holder)
        place = await self._place(wanted.municipality, holder)
        await self._outside.posts.check(wanted.url)
        new = New(self._outside.ids(), self._secret())
        return await self._store.add(replace(wanted, kinds=kinds, municipality=place), holder, new, repeat)

    async def page(self, scope: Scope, *, after: str | None, limit: int) -> list[Webhook]:
        """Webhooks of the caller, the oldest first; one more than `limit` where there are more."""
        return await self._store.page(scope, after=after, limit=limit + 1)

    async def one(self, scope: Scope, webhook: str) -> Webhook:
        """A webhook of the caller."""
        return _found(await self._store.one(scope, webhook), webhook)

    async def called(self) -> tuple[Names, date]:
        """How municipalities are called today, for what is shown."""
        return (await self._telling.joined([])).names, day_of(self._outside.clock())

    async def put(self, scope: Scope, webhook: str, state: str, *, expected: int) -> Webhook:
        """Pause or resume; doing so twice changes nothing."""

        def decide(found: Webhook, now: datetime) -> Webhook:
            return put(found, state, now=now)

        return _found(await self._store.change(scope, webhook, decide, expected=expected), webhook)

    async def rotate(
        self, scope: Scope, webhook: str, *, overlap: timedelta, expected: int, repeat: Repeat | None = None
    ) -> Told:
        """A new secret over the revision that was read; both sign until the overlap ends."""
        secret = self._secret()

        def decide(found: Webhook, now: datetime) -> Webhook:
            return rotate(found, secret, overlap=overlap, now=now)

        rotated = await self._store.rotate(scope, webhook, decide, secret=secret, expected=expected, repeat=repeat)
        return _found(rotated, webhook)

    async def remove(self, scope: Scope, webhook: str, *, expected: int | None = None) -> Webhook:
        """Forget a webhook and its deliveries, in this revision where one is `expected`; what it was."""
        return _found(await self._store.remove(scope, webhook, expected=expected), webhook)

    async def test(self, scope: Scope, webhook: str) -> Answer:
        """Send one signed message of the kind `test` now, whatever the webhook's state; what the receiver answered.

        Conflict where no secret of it can be opened: an unsigned message proves nothing.
        """
        found = await self.one(scope, webhook)
        now = self._outside.clock()
        found.check_signs(now)
        body = body_of(TEST, now, {"webhook": found.id})
        message = f"msg_{found.id}_test_{self._outside.ids()}"
        headers = headers_of(message, body, found.signing(now), now=now)
        return await self._outside.posts.post(found.url, headers, body)

    async def replay(self, scope: Scope, webhook: str, *, since: int | datetime, limit: int = REPLAY_MOST) -> Replayed:
        """Deliver again from a number of the feed or a moment on, at most so many rows of the feed."""
        found = await self.one(scope, webhook)
        first = await self._number(since)
        entries = await self._feed.feed(EVERYTHING, after=first - 1, limit=limit + 1) if first else []
        taken = [entry for entry in entries[:limit] if entry.number <= found.place]
        rows = await self._rendered(found, taken)
        made = await self._deliveries.replay(rows)
        more = len(taken) == limit and len(entries) > limit
        return Replayed(
            deliveries=made,
            first=taken[0].number if taken else None,
            last=taken[-1].number if taken else None,
            following=taken[-1].number + 1 if more else None,
        )

    async def deliveries(self, scope: Scope, asked: Asked) -> list[Delivery]:
        """Deliveries of the caller's webhooks, the newest first; one more than asked where there are more."""
        if asked.webhook is not None:
            await self.one(scope, asked.webhook)
        return await self._deliveries.deliveries(scope, replace(asked, limit=asked.limit + 1))

    async def _rendered(self, webhook: Webhook, entries: list[Entry]) -> list[Delivery]:
        joined, now = await self._telling.joined(entries), self._outside.clock()
        found = (delivery_of(webhook, entry, joined, render=self._outside.render, now=now) for entry in entries)
        return [one for one in found if one is not None]

    async def _number(self, since: int | datetime) -> int | None:
        """The number to begin at, None where nothing was told since; Refused for what is no longer kept."""
        if isinstance(since, datetime):
            return await self._deliveries.number_since(since)
        begin, end = await self._feed.feed_begin(), await self._feed.feed_end()
        if since > end or begin is None or since < begin:
            kept = f"от {begin} до {end}" if begin is not None else "нет ни одного"
            error = FieldError("/from", "out-of-range", f"Событие {since} не хранится.", f"Хранятся: {kept}.")
            raise Refused("invalid-replay", "Повторить нечего", f"{error.message} {error.remedy}", errors=[error])
        return since

    async def _place(self, asked: str | None, holder: Holder) -> str | None:
        """The municipality by id: the caller's own where the caller has one."""
        if asked is None:
            return holder.municipality
        names = (await self._telling.joined([])).names
        found = names.id_of(asked, day_of(self._outside.clock()))
        if holder.municipality not in {None, found}:
            raise Forbidden("forbidden", "Недостаточно прав", "Муниципалитет может слушать только свои изменения.")
        if not names.knows(found):
            remedy = "Нужен id или код ОКТМО из /v1/municipalities; null — изменения всех."
            error = FieldError("/municipality", "unknown-municipality", f"Муниципалитета «{asked}» нет.", remedy)
            raise Refused("invalid-webhook", "Вебхук не принят", error.message, errors=[error])
        return found

    def _secret(self) -> str:
        return f"whsec_{base64.b64encode(self._outside.random_bytes(SECRET_BYTES)).decode()}"


def _found(found: T | None, webhook: str) -> T:
    if found is None:
        detail = f"Вебхука «{webhook[:100]}» нет среди доступных вам. Возьмите id из /v1/webhooks."
        raise NotFound("webhook-not-found", "Вебхук не найден", detail)
    return found
