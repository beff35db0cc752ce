"""Tokens that say plainly whose they are, in the place of those that an issuer signs."""

from collections.abc import Callable

from shared.kernel import Unauthenticated
from shared.policy import NOBODY, Actor


class PlainTokens:
    """Believes `Bearer <words>` of whoever `actor_of` finds behind the words."""

    def __init__(self, actor_of: Callable[[str], Actor | None]) -> None:
        self._actor_of = actor_of

    def known(self, authorization: str | None) -> Actor | None:
        """Whose token this is."""
        return self._actor_of(authorization.removeprefix("Bearer ")) if authorization else None

    async def actor(self, authorization: str | None) -> Actor:
        """The same; nobody without a token (a client cannot leave out a header that it always sends: an empty one)."""
        if not authorization:
            return NOBODY
        if (found := self.known(authorization)) is None:
            raise Unauthenticated("invalid-token", "Токен не принят")
        return found
