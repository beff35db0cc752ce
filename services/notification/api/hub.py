"""The hub: one reader of the feed per process, which hands each new row to every open stream it concerns."""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import Sequence
from datetime import datetime

from services.notification.api.frames import entry_frame
from services.notification.domain import Entry, for_each
from services.notification.usecases import Joined, Telling
from services.notification.usecases.metrics import STREAMS_OPEN
from shared.kernel import TooMany, Unavailable
from shared.policy import Scope

STREAMS_MOST = 2000
QUEUE_MOST = 1000
POLL_SECONDS = 1.0
BACK_SECONDS = 5
PAGE = 500
TOO_SLOW = "too-slow"
DRAINING = "draining"


class Connection:
    """One open stream: the rows not yet sent to it, in order, each once."""

    def __init__(
        self, scope: Scope, *, reader: str, floor: int, missed: tuple[int, int] | None, reset: str | None
    ) -> None:
        self.scope = scope
        self.reader = reader
        self.floor = floor
        self.missed = missed
        self.reset = reset
        self.closed: str | None = None
        self._queue: deque[tuple[bytes, datetime]] = deque()
        self._wake = asyncio.Event()

    def wants(self, entry: Entry) -> bool:
        """Whether this row is to be sent here."""
        if entry.number <= self.floor or self.closed or not self.lists(entry):
            return False
        return entry.municipality is None or self.scope.covers({"municipality": entry.municipality})

    def lists(self, entry: Entry) -> bool:
        """Whether its inbox would list this row: who sees all municipalities is told of a step of all of them once."""
        return not (self.scope.everything and for_each(entry.told))

    def offer(self, frame: bytes, at: datetime) -> None:
        """Put a row into the queue; a client that has not taken so many is let go, to come back and resume."""
        if len(self._queue) >= QUEUE_MOST:
            self._queue.clear()
            self.close(TOO_SLOW)
            return
        self._queue.append((frame, at))
        self._wake.set()

    def close(self, why: str) -> None:
        """End the stream after what is queued."""
        self.closed = self.closed or why
        self._wake.set()

    async def take(self, seconds: float) -> list[tuple[bytes, datetime]]:
        """What waits to be sent; nothing after so many seconds or when the stream is closed."""
        if not self._queue and not self.closed:
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
        found = list(self._queue)
        self._queue.clear()
        return found


class Hub:
    """All open streams of this process and how far the feed has been handed to them."""

    def __init__(self, telling: Telling, draining: asyncio.Event, *, each: int) -> None:
        self._telling = telling
        self._each = each
        self._held: Counter[str] = Counter()
        self._draining = draining
        self._open: set[Connection] = set()
        self._position = 0
        self._wake = asyncio.Event()
        self._told: list[Entry] = []
        self._doubtful = True
        telling.on_told(self._hear)

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._open)

    async def open(self, scope: Scope, last: int | None, *, reader: str) -> Connection:
        """A stream from now on, or behind the last id that its reader has.

        `reader`: the subject of who asks. TooMany where they hold `each` already, Unavailable where all hold too many.
        """
        self._check_room(reader)
        reset = await self._telling.why_not_behind(last) if last is not None else None
        end = await self._telling.end()
        self._check_room(reader)
        if not self._open:
            self._position = max(self._position, end)
        if last is None or reset:
            connection = Connection(scope, reader=reader, floor=self._position, missed=None, reset=reset)
        else:
            missed = (last, self._position) if last < self._position else None
            floor = max(last, self._position)
            connection = Connection(scope, reader=reader, floor=floor, missed=missed, reset=None)
        self._open.add(connection)
        self._held[reader] += 1
        self._doubt()
        STREAMS_OPEN.set(len(self._open))
        return connection

    def close(self, connection: Connection) -> None:
        """The stream has ended."""
        if connection not in self._open:
            return
        self._open.remove(connection)
        self._held[connection.reader] -= 1
        if not self._held[connection.reader]:
            del self._held[connection.reader]
        STREAMS_OPEN.set(len(self._open))

    def reached(self, connection: Connection) -> int:
        """The number up to which everything of this stream has been queued; a safe place to resume behind."""
        return max(connection.floor, self._position)

    async def missed(self, connection: Connection) -> list[bytes]:
        """The next page of what a resuming reader missed; empty when nothing is left."""
        wanted: list[Entry] = []
        while connection.missed is not None and not wanted:
            after, upto = connection.missed
            entries = await self._telling.behind(after, scope=connection.scope, upto=upto, limit=PAGE)
            connection.missed = (entries[-1].number, upto) if len(entries) == PAGE else None
            wanted = [entry for entry in entries if connection.lists(entry)]
        joined = await self._telling.joined(wanted)
        return [entry_frame(entry, joined) for entry in wanted]

    async def run(self) -> None:
        """Hand on what is new: at once what this process committed, the rest on a hint, or within a second."""
        woken = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                woken = await self._wake.wait()
        self._wake.clear()
        told, self._told = self._told, []
        doubtful, self._doubtful = self._doubtful or not woken or not self._follows(told), False
        try:
            if not doubtful:
                await self._hand_on(told)
            while self._open and doubtful:
                doubtful = await self._read_on() == PAGE
        except BaseException:
            self._doubtful = True
            raise

    async def listen(self) -> None:
        """Wake up for what other processes store."""
        async for _ in self._telling.changes():
            self._doubt()

    async def drain(self) -> None:
        """End every stream as soon as the process is told to stop."""
        await self._draining.wait()
        for connection in self._open:
            connection.close(DRAINING)
        await asyncio.get_running_loop().create_future()

    def _hear(self, entries: Sequence[Entry]) -> None:
        """Hand on at once what this process has just committed, where nothing needs to be read for it."""
        joined = self._telling.at_hand(entries)
        if joined is not None and self._follows(entries):
            self._offer(entries, joined)
            return
        if self._open:
            self._told.extend(entries)
        self._wake.set()

    def _doubt(self) -> None:
        """The feed may be longer than what this process has told: read it."""
        self._doubtful = True
        self._wake.set()

    def _follows(self, told: Sequence[Entry]) -> bool:
        """Whether nothing is between what has been handed on and these; numbers have no gap in the order of commits."""
        reached = self._position
        for entry in told:
            if entry.number > reached + 1:
                return False
            reached = max(reached, entry.number)
        return True

    async def _read_on(self) -> int:
        entries = await self._telling.behind(self._position, limit=PAGE)
        await self._hand_on(entries)
        return len(entries)

    async def _hand_on(self, entries: Sequence[Entry]) -> None:
        if entries:
            self._offer(entries, await self._telling.joined(entries))

    def _offer(self, entries: Sequence[Entry], joined: Joined) -> None:
        for entry in entries:
            if entry.number <= self._position:
                continue
            wanting = [connection for connection in self._open if connection.wants(entry)]
            if wanting:
                frame = entry_frame(entry, joined)
                for connection in wanting:
                    connection.offer(frame, entry.at)
            self._position = entry.number

    def _check_room(self, reader: str) -> None:
        if self._draining.is_set() or len(self._open) >= STREAMS_MOST:
            raise Unavailable("streams", retry_after=BACK_SECONDS)
        if self._held[reader] >= self._each:
            detail = f"Открыто лент: {self._held[reader]}, больше одному нельзя. Закройте ненужные и повторите."
            extra = {"retry_after": BACK_SECONDS}
            raise TooMany("too-many-streams", "Открыто слишком много живых лент", detail, extra=extra)
