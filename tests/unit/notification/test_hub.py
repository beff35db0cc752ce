"""The hub without a server: every stream gets each of its rows once, whatever the hub has read already."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from services.notification.api import hub as hub_module
from services.notification.api.hub import Hub
from services.notification.domain import Entry, Names, RatingFact
from services.notification.usecases import Coming, Joined, Telling
from shared.kernel import TooMany, Unavailable
from shared.policy import EVERYTHING, Scope
from shared.testing import NOON

JOINED = Joined(Names(), Coming(None, clock=lambda: NOON))


class Feed(Telling):
    """A feed in memory; `told` is the end that a read of the counter gives."""

    def __init__(self, rows: int) -> None:
        self.reads = 0
        self.held: Joined | None = None
        self.entries = [entry(number) for number in range(1, rows + 1)]
        self.told = rows

    def on_told(self, listener: Callable[[Sequence[Entry]], None]) -> None:
        self.tell = listener

    async def end(self) -> int:
        return self.told

    async def why_not_behind(self, last: int) -> str | None:
        return "unknown-id" if last > len(self.entries) else None

    async def behind(
        self, number: int, *, scope: Scope = EVERYTHING, upto: int | None = None, limit: int = 500
    ) -> list[Entry]:
        del scope
        self.reads += 1
        return [one for one in self.entries if number < one.number <= (upto or one.number)][:limit]

    async def joined(self, _: Sequence[Entry]) -> Joined:
        return JOINED

    def at_hand(self, _: Sequence[Entry]) -> Joined | None:
        return self.held

    async def changes(self) -> AsyncIterator[None]:
        yield


def entry(number: int) -> Entry:
    return Entry(number, None, RatingFact(f"e{number}", "2022", NOON, 1), NOON)


def numbers(taken: list[tuple[bytes, object]]) -> list[int]:
    return [int(frame.split(b"\n")[0].removeprefix(b"id: ")) for frame, _ in taken]


async def handed_on(hub: Hub) -> None:
    """One round of the hub's reader, woken by another process."""
    hub._doubt()
    await hub.run()


async def test_a_reader_ahead_of_this_process_gets_nothing_twice() -> None:
    feed = Feed(3)
    hub = Hub(feed, asyncio.Event(), each=9)
    first = await hub.open(EVERYTHING, None, reader="a")
    feed.entries += [entry(4), entry(5)]
    ahead = await hub.open(EVERYTHING, 4, reader="a")
    assert await hub.missed(ahead) == []
    await handed_on(hub)
    assert numbers(await first.take(0)) == [4, 5]
    assert numbers(await ahead.take(0)) == [5]


async def test_a_reader_behind_gets_the_missed_and_then_the_new() -> None:
    feed = Feed(3)
    hub = Hub(feed, asyncio.Event(), each=9)
    behind = await hub.open(EVERYTHING, 1, reader="a")
    feed.entries.append(entry(4))
    await handed_on(hub)
    missed = [(frame, NOON) for frame in await hub.missed(behind)]
    assert numbers(missed) == [2, 3]
    assert await hub.missed(behind) == []
    assert numbers(await behind.take(0)) == [4]


async def test_a_hub_without_streams_reads_nothing_and_begins_at_the_end() -> None:
    feed = Feed(3)
    hub = Hub(feed, asyncio.Event(), each=9)
    await handed_on(hub)
    feed.told = 2
    stream = await hub.open(EVERYTHING, None, reader="a")
    assert (stream.floor, hub.reached(stream)) == (2, 2)
    await handed_on(hub)
    assert numbers(await stream.take(0)) == [3]
    assert hub.reached(stream) == 3


async def test_a_stream_that_cannot_resume_begins_anew() -> None:
    stream = await Hub(Feed(3), asyncio.Event(), each=9).open(EVERYTHING, 9, reader="a")
    assert (stream.reset, stream.missed, stream.floor) == ("unknown-id", None, 3)


async def test_a_full_queue_lets_the_client_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "QUEUE_MOST", 2)
    feed = Feed(0)
    hub = Hub(feed, asyncio.Event(), each=9)
    stream = await hub.open(EVERYTHING, None, reader="a")
    feed.entries = [entry(number) for number in (1, 2, 3)]
    await handed_on(hub)
    assert (stream.closed, await stream.take(0)) == ("too-slow", [])


async def test_no_stream_is_opened_while_draining_or_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    draining = asyncio.Event()
    hub = Hub(Feed(0), draining, each=9)
    monkeypatch.setattr(hub_module, "STREAMS_MOST", 1)
    stream = await hub.open(EVERYTHING, None, reader="a")
    with pytest.raises(Unavailable):
        await hub.open(EVERYTHING, None, reader="a")
    hub.close(stream)
    draining.set()
    with pytest.raises(Unavailable):
        await hub.open(EVERYTHING, None, reader="a")


async def test_one_reader_cannot_take_the_places_of_all() -> None:
    hub = Hub(Feed(0), asyncio.Event(), each=2)
    held = [await hub.open(EVERYTHING, None, reader="a") for _ in range(2)]
    with pytest.raises(TooMany) as refused:
        await hub.open(EVERYTHING, None, reader="a")
    assert (refused.value.code, refused.value.extra["retry_after"]) == ("too-many-streams", 5)
    await hub.open(EVERYTHING, None, reader="b")
    hub.close(held[0])
    hub.close(held[0])
    await hub.open(EVERYTHING, None, reader="a")
    with pytest.raises(TooMany):
        await hub.open(EVERYTHING, None, reader="a")


@pytest.mark.parametrize("at_hand", [None, JOINED], ids=["names to be read", "names at hand"])
async def test_rows_of_this_process_are_handed_on_without_a_read(at_hand: Joined | None) -> None:
    feed = Feed(3)
    feed.held = at_hand
    hub = Hub(feed, asyncio.Event(), each=9)
    stream = await hub.open(EVERYTHING, None, reader="a")
    await handed_on(hub)
    reads = feed.reads
    feed.tell([entry(4)])
    feed.tell([entry(5), entry(6)])
    hub._wake.set()
    await hub.run()
    assert numbers(await stream.take(0)) == [4, 5, 6]
    assert feed.reads == reads


@pytest.mark.parametrize("at_hand", [None, JOINED], ids=["names to be read", "names at hand"])
async def test_a_row_behind_one_of_another_process_waits_for_it(at_hand: Joined | None) -> None:
    feed = Feed(3)
    feed.held = at_hand
    hub = Hub(feed, asyncio.Event(), each=9)
    stream = await hub.open(EVERYTHING, None, reader="a")
    await handed_on(hub)
    feed.entries += [entry(4), entry(5)]
    feed.tell([entry(5)])
    await hub.run()
    assert numbers(await stream.take(0)) == [4, 5]
    feed.tell([entry(5)])
    hub._wake.set()
    await hub.run()
    assert await stream.take(0) == []


async def test_a_row_told_while_the_first_stream_opens_is_not_lost() -> None:
    feed = Feed(3)
    hub = Hub(feed, asyncio.Event(), each=9)
    feed.entries.append(entry(4))
    feed.tell([entry(4)])
    stream = await hub.open(EVERYTHING, None, reader="a")
    await hub.run()
    assert numbers(await stream.take(0)) == [4]


async def test_after_a_failed_read_the_feed_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = Feed(3)
    hub = Hub(feed, asyncio.Event(), each=9)
    stream = await hub.open(EVERYTHING, None, reader="a")
    feed.entries.append(entry(4))

    async def away(number: int, **_: object) -> list[Entry]:
        raise Unavailable("mongodb")

    with monkeypatch.context() as broken:
        broken.setattr(feed, "behind", away)
        with pytest.raises(Unavailable):
            await hub.run()
    feed.tell([])
    await hub.run()
    assert numbers(await stream.take(0)) == [4]
