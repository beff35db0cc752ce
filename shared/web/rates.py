"""How many requests one client may make: a sliding window of two counters in memory, cheap at any rate.

`limits` parses the rate; its own memory storage keeps a record per request and a timer thread per ten
milliseconds, which would cost more than the answers it guards.
"""

from collections import OrderedDict

from limits import parse

REMEMBERED = 20_000


class Rates:
    """Counts the requests of each client; the window slides by weighing the counter before."""

    def __init__(self, rate: str) -> None:
        limit = parse(rate)
        self.limit = limit.amount
        self.window = float(limit.get_expiry())
        self._counts: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    def take(self, client: str, now: float) -> float | None:
        """Count one request at `now` (seconds); the seconds to wait where it is one too many, else None."""
        window = int(now // self.window)
        then, before, count = self._counts.get(client, (window, 0, 0))
        if then != window:
            before, count = (count if then == window - 1 else 0), 0
        passed = now / self.window - window
        if count + before * (1.0 - passed) >= self.limit:
            return self.window * (1.0 - passed) if count >= self.limit else self.window / self.limit
        self._counts[client] = (window, before, count + 1)
        if len(self._counts) > REMEMBERED:
            self._counts.popitem(last=False)
        return None
