"""A webhook: whose it is, what it wants to hear, its secrets, how far in the feed it is; decided purely."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.kernel import Conflict

ACTIVE, PAUSED, DISABLED = "active", "paused", "disabled"
GONE = "gone"
MOST_OF_ONE = 20


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a webhook is: a municipality's, a system's (by its client), with neither the region's staff's."""

    municipality: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Secret:
    """A key that messages are signed with; `until` says when one that was replaced ends."""

    text: str = field(repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of the feed that were no longer kept when the webhook came to them."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: where to, which kinds (none: all that may be told), whose changes (None: everybody's)."""

    url: str
    kinds: tuple[str, ...]
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A registered address; `place` is the last number of the feed that was turned into deliveries (or passed by)."""

    id: str
    url: str
    kinds: tuple[str, ...]
    municipality: str | None
    holder: Holder
    secrets: tuple[Secret, ...]
    place: int
    created_at: datetime
    changed_at: datetime
    state: str = ACTIVE
    why: str | None = None
    gap: Gap | None = None
    revision: int = 1

    def wants(self, kind: str, municipality: str | None) -> bool:
        """Whether a row of the feed goes here; what concerns nobody in particular goes to all."""
        return kind in self.kinds and (self.municipality is None or municipality in {None, self.municipality})

    def signing(self, now: datetime) -> tuple[str, ...]:
        """The secrets to sign with, the newest first: replaced ones too, until their time is over."""
        return tuple(one.text for one in self.secrets if one.until is None or one.until > now)

    def check_signs(self, now: datetime) -> None:
        """Conflict where there is nothing to sign with: none of the platform's keys opens the secret."""
        if not self.signing(now):
            detail = "Ключ платформы заменён или не тот. Смените секрет: POST /v1/webhooks/{id}/rotate."
            raise Conflict("webhook-sealed", "Секрет вебхука не открыть", detail)


def register(wanted: Wanted, holder: Holder, *, id: str, secret: str, place: int, now: datetime) -> Webhook:  # noqa: A002 - what it is
    """A new webhook, which hears what comes behind `place`."""
    return Webhook(
        id=id,
        url=wanted.url,
        kinds=wanted.kinds,
        municipality=wanted.municipality,
        holder=holder,
        secrets=(Secret(secret),),
        place=place,
        created_at=now,
        changed_at=now,
    )


def check_room(already: int) -> None:
    """Refused where one holder has as many webhooks as there may be."""
    if already >= MOST_OF_ONE:
        detail = f"У одного получателя не больше {MOST_OF_ONE} вебхуков. Удалите ненужный и повторите."
        raise Conflict("too-many-webhooks", "Вебхуков уже слишком много", detail)


def put(webhook: Webhook, state: str, *, now: datetime, why: str | None = None) -> Webhook:
    """The webhook active, paused or disabled; the very same where it is so already."""
    if webhook.state == state:
        return webhook
    return replace(webhook, state=state, why=why, changed_at=now, revision=webhook.revision + 1)


def resumed(before: Webhook, after: Webhook) -> bool:
    """Whether it is sent to again: then what waited meanwhile has its whole day before it, and is tried at once."""
    return before.state != ACTIVE and after.state == ACTIVE


def rotate(webhook: Webhook, secret: str, *, overlap: timedelta, now: datetime) -> Webhook:
    """A new secret; the present one signs beside it for so long, none of the old ones where that is nothing.

    A present one that no key opens any more signs no more either: then the new one stands alone.

    Conflict where an earlier overlap still lasts: its end would be moved unseen by whoever relies on it.
    """
    present = [one for one in webhook.secrets if one.until is None]
    lasting = [one for one in webhook.secrets if one.until is not None and one.until > now]
    if lasting and overlap:
        until = max(one.until for one in lasting if one.until is not None)
        detail = (
            f"Прежний секрет ещё подписывает до {until.isoformat()}. Дождитесь или смените без срока: overlap_hours 0."
        )
        raise Conflict("rotation-unfinished", "Прошлая смена секрета ещё не закончилась", detail)
    kept = [replace(one, until=now + overlap) for one in present] if overlap else []
    secrets = (Secret(secret), *kept)
    return replace(webhook, secrets=secrets, changed_at=now, revision=webhook.revision + 1)


def gap_before(place: int, following: int) -> Gap | None:
    """What is missing between a webhook's place and the next number kept; numbers have no gaps of their own."""
    return Gap(place + 1, following - 1) if following > place + 1 else None
