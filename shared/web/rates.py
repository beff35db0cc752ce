"""How many requests one client may make: a sliding window of two counters in memory, cheap at any rate.

`limits` parses the rate; its own memory storage keeps a record per request and a timer thread per ten
milliseconds, which would cost more than the answers it guards.
"""

import ipaddress
from collections import OrderedDict

from limits import parse

REMEMBERED = 20_000


def client_of(address: str) -> str:
    """Whose an address is: of IPv6 a whole network of 64 bits, for that is what one client is given."""
    if ":" not in address:
        return address
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    network = ipaddress.IPv6Network((int(found) >> 64 << 64, 64))
    return str(found.ipv4_mapped or network)


class Rates:
    """Counts the requests of each client; the window slides by weighing the counter before.

    Of too many clients those are forgotten that have not asked for the longest time.
    """

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
            self._counts.move_to_end(client)
            return self.window * (1.0 - passed) if count >= self.limit else self.window / self.limit
        self._counts[client] = (window, before, count + 1)
        self._counts.move_to_end(client)
        if len(self._counts) > REMEMBERED:
            self._counts.popitem(last=False)
        return None
