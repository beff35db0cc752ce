"""The way out: a signed POST to a checked and pinned address, bounded in time, size and number."""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from services.notification.api.webhooks.limited import limit
from services.notification.domain.webhooks import (
    Answer,
    Rules,
    Target,
    pinned,
    read_url,
    refused_host,
    unresolved_host,
)
from shared.kernel import Refused

SECONDS = 10.0
READ_MOST = 4096
PER_HOST = 16
RESOLVERS = 32
REST_SECONDS = 60.0
LEAVE_SECONDS = 3.0
Resolve = Callable[[str, int], Awaitable[Collection[str]]]


class Resolver:
    """Asks the system for the addresses of a host, in threads of its own: a slow name server stops nobody else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Every address of the host; none where it has none."""
        with suppress(ValueError):
            return [str(ip_address(host))]
        return await asyncio.get_running_loop().run_in_executor(self._threads, _addresses, host, port)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Posting:
    """Posts to webhooks: each has connections of its own, each host at most so many requests at once."""

    def __init__(self, rules: Rules, resolve: Resolve | None = None, *, seconds: float = SECONDS) -> None:
        self._rules = rules
        self._resolve = resolve or Resolver()
        self._seconds = seconds
        self._trusted = ssl.create_default_context()
        self._kept: dict[str, _Kept] = {}
        self._rooms: dict[tuple[str, int], asyncio.Semaphore] = {}
        self._rested = time.monotonic()

    async def check(self, url: str) -> None:
        """Refused for an address that may not be a webhook's."""
        target = read_url(url, self._rules)
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._resolve(target.host, target.port)
        except TimeoutError:
            found = []
        if not found:
            raise unresolved_host(target.host)
        if pinned(found, self._rules) is None:
            raise refused_host(target.host)

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """One POST, without following redirects; whatever happens is an answer with a stable reason."""
        try:
            target = read_url(url, self._rules)
        except Refused:
            return Answer("address-refused")
        await self._rest()
        async with self._rooms.setdefault((target.host, target.port), asyncio.Semaphore(PER_HOST)):
            began = time.monotonic()
            answer = await self._in_time(target, headers, body)
            return replace(answer, milliseconds=round((time.monotonic() - began) * 1000))

    async def hold(self) -> None:
        """Wait to be cancelled, then close all connections when what is on its way has ended."""
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_SECONDS):
                    await self._ended()
            await self._close(list(self._kept))

    async def _ended(self) -> None:
        while any(one.busy for one in self._kept.values()):  # noqa: ASYNC110 - its caller has a deadline
            await asyncio.sleep(0.02)

    async def _in_time(self, target: Target, headers: Mapping[str, str], body: str) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._posted(target, headers, body)
        except TimeoutError:
            return Answer("timed-out")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return Answer(_reason(error))

    async def _posted(self, target: Target, headers: Mapping[str, str], body: str) -> Answer:
        found = await self._resolve(target.host, target.port)
        if not found:
            return Answer("host-not-resolved")
        address = pinned(found, self._rules)
        if address is None:
            return Answer("address-refused")
        kept = self._kept.get(target.url) or self._kept.setdefault(target.url, _Kept(self._trusted))
        with kept.used():
            return await kept.sent(_request(target, address, headers, body, seconds=self._seconds))

    async def _rest(self) -> None:
        """Now and then close the connections of those to whom nothing has been sent for a while."""
        now = time.monotonic()
        if now - self._rested > REST_SECONDS:
            self._rested = now
            idle = [url for url, one in self._kept.items() if not one.busy and now - one.last > REST_SECONDS]
            await self._close(idle)

    async def _close(self, urls: Collection[str]) -> None:
        for url in urls:
            await self._kept.pop(url).close()


class _Kept:
    """Connections of one webhook: one that was proved for another name is never used for this one."""

    def __init__(self, trusted: ssl.SSLContext) -> None:
        # The bare transport: no redirects, no cookies, no proxies from the environment.
        self._transport = limit(httpx.AsyncHTTPTransport(verify=trusted, trust_env=False))
        self.busy = 0
        self.last = time.monotonic()

    async def sent(self, request: httpx.Request) -> Answer:
        """One request and what came of it."""
        response = await self._transport.handle_async_request(request)
        try:
            return _answer(response, await _beginning(response))
        finally:
            await response.aclose()

    @contextmanager
    def used(self) -> Iterator[None]:
        """Count a request while it lasts."""
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1
            self.last = time.monotonic()

    async def close(self) -> None:
        """Close them."""
        await self._transport.aclose()


def _request(target: Target, address: str, headers: Mapping[str, str], body: str, *, seconds: float) -> httpx.Request:
    """A request to the very address that was checked; the name stays in Host and in TLS, which proves it."""
    told = {**headers, "host": _named(target), "accept-encoding": "identity"}
    waits = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
    extensions = {"sni_hostname": target.host, "timeout": waits}
    return httpx.Request("POST", _at(target, address), content=body.encode(), headers=told, extensions=extensions)


def _at(target: Target, address: str) -> str:
    parts = urlsplit(target.url)
    host = f"[{address}]" if ":" in address else address
    query = f"?{parts.query}" if parts.query else ""
    return f"{target.scheme}://{host}:{target.port}{parts.path or '/'}{query}"


def _named(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = target.port == {"https": 443, "http": 80}[target.scheme]
    return host if usual else f"{host}:{target.port}"


async def _beginning(response: httpx.Response) -> bytes:
    """The first bytes of the body as they come, unpacked by nobody."""
    found = b""
    async for chunk in response.aiter_raw():
        found += chunk
        if len(found) >= READ_MOST:
            break
    return found[:READ_MOST]


def _answer(response: httpx.Response, body: bytes) -> Answer:
    status = response.status_code
    asked = response.headers.get("retry-after", "")
    seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None  # noqa: PLR2004 - a week
    return Answer(f"http-{status}", status, 0, seconds, body.decode("utf-8", "replace"))


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.ConnectError):
        return "tls-failed" if isinstance(error.__context__, ssl.SSLError) or "SSL" in str(error) else "not-connected"
    return "timed-out" if isinstance(error, httpx.TimeoutException) else "broken-off"
