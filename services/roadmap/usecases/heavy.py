"""Turns at what looks at all activities of all years: one at a time, and a crowd of strangers waits for itself."""

from contextlib import AbstractAsyncContextManager

from shared.policy import Actor
from shared.turns import Turns

WAITING, OF_ANYBODY = 8, 3


class Heavy:
    """Who is signed in does not wait behind the crowd of those who are not."""

    def __init__(self) -> None:
        self._turns = Turns("all activities", most=WAITING)
        self._of_anybody = Turns("all activities for anybody", most=OF_ANYBODY)

    def turn(self, actor: Actor) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn; TooMany behind two of one's own, Unavailable behind too many of all."""
        return (self._of_anybody if actor.public else self._turns).turn()
