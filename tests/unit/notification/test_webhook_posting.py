"""What a receiver can do to us: nothing beyond ten seconds, four kilobytes, sixteen requests and its own address."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.notification.api.webhooks import Posting
from services.notification.domain.webhooks import Rules
from shared.testing import eventually

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class World:
    """A receiver on this machine and who posts to it."""

    url: str
    posting: Posting
    came: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def world(answer: Answer, *, over: asyncio.Event | None = None, seconds: float = 10.0) -> AsyncIterator[World]:
    """A receiver that answers like this, without keeping connections; whoever still answers may end."""
    over = over or asyncio.Event()
    answering: set[asyncio.Task[None] | None] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.current_task())
        found.came.append(await reader.readuntil(b"\r\n\r\n"))
        try:
            await answer(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = World(f"http://127.0.0.1:{port}/hook", Posting(Rules(private=True), seconds=seconds))
        try:
            yield found
        finally:
            await found.posting._close(list(found.posting._kept))
            over.set()
            await asyncio.gather(*(one for one in answering if one))


def saying(head: bytes, body: bytes = b"") -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 " + head + b"\r\nconnection: close\r\n\r\n" + body)
        await writer.drain()

    return answer


async def test_only_the_beginning_of_a_long_answer_is_read():
    async with world(saying(b"200 OK", b"x" * 1_000_000)) as found:
        answer = await found.posting.post(found.url, {}, "{}")
    assert (answer.status, answer.excerpt) == (200, "x" * 4096)


async def test_a_packed_answer_is_not_unpacked():
    async with world(saying(b"200 OK\r\ncontent-encoding: gzip", b"\x1f\x8b not really")) as found:
        answer = await found.posting.post(found.url, {}, "{}")
    assert (answer.status, answer.excerpt) == (200, "\x1f\ufffd not really")


async def test_a_redirect_is_not_followed():
    async with world(saying(b"307 Temporary Redirect\r\nlocation: /elsewhere")) as found:
        answer = await found.posting.post(found.url, {}, "{}")
        assert len(found.came) == 1
    assert (answer.reason, answer.taken) == ("http-307", False)


async def test_cookies_are_neither_kept_nor_sent():
    async with world(saying(b"200 OK\r\nset-cookie: a=b")) as found:
        for _ in range(2):
            await found.posting.post(found.url, {}, "{}")
        assert all(b"cookie" not in request.lower() for request in found.came)


async def test_the_receivers_wish_to_wait_is_read():
    async with world(saying(b"503 Busy\r\nretry-after: 120")) as found:
        assert (await found.posting.post(found.url, {}, "{}")).retry_after == 120
    async with world(saying(b"503 Busy\r\nretry-after: Wed, 21 Oct 2026 07:28:00 GMT")) as found:
        assert (await found.posting.post(found.url, {}, "{}")).retry_after is None


async def test_who_says_nothing_or_drips_is_left_in_time():
    over = asyncio.Event()

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.is_set():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async def silent(_: asyncio.StreamWriter) -> None:
        await over.wait()

    for answer in (silent, drip):
        over.clear()
        async with world(answer, over=over, seconds=0.2) as found:
            posted = await found.posting.post(found.url, {}, "{}")
        assert (posted.reason, posted.status) == ("timed-out", None)


async def test_who_hangs_up_or_speaks_no_http_is_no_surprise():
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.close()

    for answer in (hang_up, saying(b"nonsense\x00")):
        async with world(answer) as found:
            assert (await found.posting.post(found.url, {}, "{}")).reason == "broken-off"


async def test_interim_answers_without_end_are_not_read_on():
    over = asyncio.Event()

    async def early(writer: asyncio.StreamWriter) -> None:
        while not over.is_set():
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)
            await writer.drain()

    async with world(early, over=over, seconds=5.0) as found:
        assert (await found.posting.post(found.url, {}, "{}")).reason == "broken-off"


async def test_some_interim_answers_are_no_trouble_on_any_request_of_a_connection():
    async def early(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000)
        await saying(b"204 No Content")(writer)

    async with world(early) as found:
        for _ in range(3):
            assert (await found.posting.post(found.url, {}, "{}")).status == 204


async def test_a_host_has_so_many_requests_at_once_and_no_more():
    opened = asyncio.Event()

    async def hold(writer: asyncio.StreamWriter) -> None:
        await opened.wait()
        await saying(b"204 No Content")(writer)

    async with world(hold) as found:
        posts = [asyncio.create_task(found.posting.post(f"{found.url}/{n}", {}, "{}")) for n in range(20)]
        await eventually(lambda: len(found.came) == 16)
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(found.came) == 16
        opened.set()
        assert all(one.taken for one in await asyncio.gather(*posts))
