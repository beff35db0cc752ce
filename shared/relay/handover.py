"""Rows of this process's own commits, in memory from the commit until the broker has them."""

from collections import Counter
from collections.abc import Sequence

from shared.mongo import Document
from shared.telemetry import log

# What waits in memory at most, rows and about their bytes, and of how many streams the last sent number is remembered.
WAITING_MOST, WAITING_BYTES = 5000, 16 * 1024 * 1024
STREAMS_MOST = 50_000
# Why rows are held; tried again after so many seconds, what is too large more seldom.
TOO_LARGE, UNKNOWN, FORBIDDEN = "too-large", "topic-unknown", "topic-forbidden"
HELD_SECONDS, TOO_LARGE_SECONDS = 5.0, 60.0
Place = tuple[str, int]


class Handover:
    """Knows of each row whether everything before it in its stream has been sent; where it does not, `doubtful`.

    Numbers have no gap within a stream (`shared.mongo.transaction`), so a row that follows the last sent number
    may go at once, whoever else writes or sends. Everything else is read from the outbox, which is the truth.
    """

    def __init__(self) -> None:
        self._waiting: list[Document] = []
        self._bytes = 0
        self._last: dict[str, int] = {}
        self._unswept: dict[Place, None] = {}
        self.held: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self.troubled = False
        self.doubtful = True

    def unswept(self) -> list[Place]:
        """What the broker has and the outbox still holds."""
        return list(self._unswept)

    @property
    def left(self) -> int:
        """How many rows are to be swept."""
        return len(self._unswept)

    def put(self, rows: Sequence[Document]) -> None:
        """Rows that have just been committed; too many at once are left to the outbox."""
        if self.doubtful:
            return
        self._bytes += sum(map(weight, rows))
        if len(self._waiting) + len(rows) > WAITING_MOST or self._bytes > WAITING_BYTES:
            self.doubt()
        else:
            self._waiting.extend(rows)

    def doubt(self) -> None:
        """The outbox may hold what is not known here: read it."""
        self._clear()
        self.doubtful = True

    def trust(self) -> None:
        """From now on what is committed is put here; to be called before the outbox is read."""
        self._clear()
        self.doubtful = False

    def take(self) -> list[Document]:
        """What may be sent now, in order; one row that does not follow makes all that is left doubtful."""
        rows = self.unsent(self._waiting)
        self._clear()
        reached: dict[str, int] = {}
        ready: list[Document] = []
        for row in sorted(rows, key=lambda row: int(row["_id"]["s"])):
            stream, number = place_of(row)
            if number != reached.get(stream, self._last.get(stream, 0)) + 1:
                self.doubt()
                continue
            reached[stream] = number
            ready.append(row)
        return ready

    def unsent(self, rows: Sequence[Document]) -> list[Document]:
        """Those that the broker does not have, as far as is known here, and that may go."""
        return [row for row in rows if place_of(row) not in self._unswept and self._may_go(*place_of(row))]

    def hold(self, rows: Sequence[tuple[Document, str]], now: float) -> None:
        """Kafka does not take these, each for its reason: they and what follows them in their streams wait.

        Nothing is dropped or sent past them. `seal` and `dead_copy` make none that is too large; a topic's limit may be
        lowered, a topic or a right may be missing.
        """
        self.troubled = True
        told = Counter((row["topic"], why) for row, why in rows)
        for row, why in rows:
            stream, number = place_of(row)
            if count := told.pop((row["topic"], why), 0):
                first = {"stream": stream, "number": number, "size": weight(row)}
                log.critical("relay.held", why=why, topic=row["topic"], rows=count, **first)
            # On two topics two rows of a stream may be stuck: all from the first one on waits.
            if number <= self.held.get(stream, number):
                self.held[stream] = number
                self._until[stream] = now + (TOO_LARGE_SECONDS if why == TOO_LARGE else HELD_SECONDS)

    def leave(self) -> None:
        """Another one leads, who finds out for itself what is in trouble."""
        self.held, self._until, self.troubled = {}, {}, False

    def settle(self) -> None:
        """All of the outbox was tried: what is held now is all that is in trouble."""
        self.troubled = bool(self.held)

    def release(self, now: float) -> bool:
        """Let go again what has waited long enough; whether the outbox must be read, for this or another reason."""
        for stream in [stream for stream, until in self._until.items() if until <= now]:
            del self.held[stream], self._until[stream]
            self.doubt()
        return self.doubtful

    def _clear(self) -> None:
        self._waiting, self._bytes = [], 0

    def _may_go(self, stream: str, number: int) -> bool:
        return number < self.held.get(stream, number + 1)

    def sent(self, rows: Sequence[Document]) -> None:
        """The broker has these; of a stream that goes to several topics a later one may have come before."""
        for row in rows:
            stream, number = place_of(row)
            self._unswept[stream, number] = None
            self._last[stream] = max(number, self._last.pop(stream, 0))
        while len(self._last) > STREAMS_MOST:
            del self._last[next(iter(self._last))]

    def swept(self, places: Sequence[Place]) -> None:
        """The outbox holds these no more."""
        for place in places:
            self._unswept.pop(place, None)


def place_of(row: Document) -> Place:
    """The stream and number of a row of the outbox."""
    return row["_id"]["k"], int(row["_id"]["s"])


def weight(row: Document) -> int:
    """About how many bytes of memory a row takes: copies of dead letters are large by their value and raw headers."""
    raw = row.get("raw_headers", ())
    return len(row.get("value") or b"") + sum(len(name) + len(value or b"") for name, value in raw)
