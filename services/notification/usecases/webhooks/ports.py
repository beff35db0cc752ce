"""What the use cases of webhooks need: a store for them and their deliveries, and somebody who posts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.notification.domain import Entry
from services.notification.domain.webhooks import (
    Answer,
    Asked,
    Attempt,
    Decide,
    Delivery,
    Gap,
    Holder,
    New,
    Told,
    Wanted,
    Webhook,
)
from services.notification.usecases.coming import Joined
from shared.kernel import Repeat
from shared.policy import Scope

Render = Callable[[Entry, Joined], tuple[str, Any]]


class Posts(Protocol):
    """Who sends; refuses what leads to closed addresses, also when a name is turned to one later."""

    async def check(self, url: str) -> None:
        """Refused for an address that may not be a webhook's."""
        ...

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """One POST, without following redirects; whatever happens is an answer."""
        ...


class KeepsWebhooks(Protocol):
    """Webhooks; every read is narrowed to the scope, secrets are sealed."""

    async def recall(self, repeat: Repeat) -> Told | None:
        """What was answered under this key; Refused where it was asked for something else."""
        ...

    async def add(self, wanted: Wanted, holder: Holder, new: New, repeat: Repeat | None) -> Told:
        """Keep a new webhook that begins at the feed's end; the earlier answer where it is a repeat."""
        ...

    async def one(self, scope: Scope, id: str) -> Webhook | None:  # noqa: A002 - what it is
        """The webhook of this id within the scope."""
        ...

    async def page(self, scope: Scope, *, after: str | None, limit: int) -> list[Webhook]:
        """Webhooks of the scope by id, which is by age."""
        ...

    async def change(self, scope: Scope, id: str, decide: Decide, *, expected: int | None = None) -> Webhook | None:  # noqa: A002 - as above
        """Keep what is decided; Stale for another revision than expected, None where there is no such webhook."""
        ...

    async def rotate(
        self,
        scope: Scope,
        id: str,  # noqa: A002 - as above
        decide: Decide,
        *,
        secret: str,
        expected: int,
        repeat: Repeat | None,
    ) -> Told | None:
        """Keep a rotated secret; the earlier answer where it is a repeat, None where there is no such webhook."""
        ...

    async def remove(self, scope: Scope, id: str, *, expected: int | None = None) -> Webhook | None:  # noqa: A002 - as above
        """Forget a webhook and its deliveries; what it was, None where there is none."""
        ...


class KeepsDeliveries(Protocol):
    """Deliveries and how far each webhook is in the feed."""

    async def active(self) -> list[Webhook]:
        """All webhooks that are sent to, without their secrets."""
        ...

    async def opened(self, id: str) -> Webhook | None:  # noqa: A002 - as above
        """An active webhook with its secrets; None where there is nothing to sign with."""
        ...

    async def sealed(self) -> list[str]:
        """The active webhooks that nothing can be signed for."""
        ...

    async def pressing(self, webhooks: Sequence[str]) -> Mapping[str, datetime]:
        """Those of these webhooks for which something is due, and since when."""
        ...

    async def spread(self, webhook: Webhook, upto: int, rows: Sequence[Delivery], gap: Gap | None) -> bool:
        """Move a webhook on in the feed together with the deliveries of that piece; False where it moved meanwhile."""
        ...

    async def due(self, webhook: str, limit: int) -> list[Delivery]:
        """What is to be tried now, the longest due first."""
        ...

    async def settle(self, attempts: Sequence[Attempt]) -> int:
        """Write attempts down; what was given up is told, a webhook that wants no more disabled."""
        ...

    async def replay(self, rows: Sequence[Delivery]) -> int:
        """Deliver these (again); what waits already is left as it is. How many begin anew."""
        ...

    async def number_since(self, at: datetime) -> int | None:
        """The first number of the feed that was told at this moment or later."""
        ...

    async def deliveries(self, scope: Scope, asked: Asked) -> list[Delivery]:
        """Deliveries of the scope's webhooks, the newest first."""
        ...

    async def take(self, webhook: str, owner: str, seconds: float) -> bool:
        """Take or keep the lease on a webhook; False while another process has it."""
        ...

    async def release(self, webhook: str, owner: str) -> None:
        """Give the lease back."""
        ...
