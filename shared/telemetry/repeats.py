"""Repeated words of libraries: aiokafka says dozens of times a second that a broker cannot be reached."""

import logging
import time
from collections.abc import Callable, Collection

# The same words are told again after so long; of so many different ones it is remembered.
EVERY, REMEMBERED = 30.0, 500


class Repeats(logging.Filter):
    """Lets the same words of these loggers through now and then only, with the number of those left out."""

    def __init__(self, loggers: Collection[str], monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._loggers = frozenset(loggers)
        self._monotonic = monotonic
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is told."""
        if record.name.partition(".")[0] not in self._loggers:
            return True
        words, now = record.getMessage(), self._monotonic()
        key = record.name, words
        at, left_out = self._told.get(key, (-EVERY, 0))
        if now - at < EVERY:
            self._told[key] = at, left_out + 1
            return False
        if len(self._told) >= REMEMBERED:
            self._told.clear()
        self._told[key] = now, 0
        if left_out:
            record.msg, record.args = f"{words} (and {left_out} times since it was told last)", ()
        return True
