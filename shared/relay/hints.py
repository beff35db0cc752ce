"""Hints that other processes wrote into the outbox: followed at once, and under load many of them at a time."""

import math
import time


class Hints:
    """Remembers that a hint was heard until it is followed, and when that was done last."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._followed = -math.inf
        self.heard = False

    @property
    def wait(self) -> float:
        """Seconds until a hint is to be followed: 0 or less means now, infinity that there is none."""
        return self._followed + self._pace - time.monotonic() if self.heard else math.inf

    def note(self) -> None:
        """Something was written."""
        self.heard = True

    def follow(self) -> None:
        """What was written is read from now on."""
        self.heard, self._followed = False, time.monotonic()
