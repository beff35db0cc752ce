"""Heavy work in a process of its own: the service stays lean and answers meanwhile; bytes in, bytes out."""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

import orjson

from shared.aside_child import BROKEN, REFUSED, STREAMED, StreamWork, Work
from shared.kernel import Refused, Unavailable
from shared.telemetry import log
from shared.turns import Turns

SECONDS = 60.0
# Who would wait behind so many readers' wishes is told so at once.
WAITING = 16
TAIL = 2_000
# For whom: an act that somebody waits for, any number of readers, or nobody in particular.
Who = Literal["act", "readers", "nobody"]
_turns: dict[tuple[asyncio.AbstractEventLoop, Who], Turns] = {}


async def aside(work: Work, data: bytes = b"", *, seconds: float = SECONDS, who: Who = "act") -> bytes:
    """What a module's function makes of `data`, computed in a new process that ends with it.

    A `Refused` of the work is raised here too. Unavailable when it takes longer than `seconds`, with the wait (it is
    ended), or when the process dies. Turns are taken by those for `who` it is, each among their own, so that neither a
    crowd of readers nor long work in the background holds up a publication; readers get Unavailable too where too many
    wait.
    """
    return await _within(_name(work), _one(data), seconds=seconds, who=who)


async def aside_stream(
    work: StreamWork, chunks: AsyncIterator[bytes], *, seconds: float = SECONDS, small: int = 0, who: Who = "act"
) -> bytes:
    """The same for more than should stand in memory here: the work reads `chunks` one after another as they come.

    Of at most `small` bytes it is done here, in a thread: starting a process costs more than that.
    """
    if not small:
        return await _within(_name(work), chunks, STREAMED, seconds=seconds, who=who)
    kept = bytearray()
    async for chunk in chunks:
        kept += chunk
        if len(kept) > small:
            return await _within(_name(work), _behind(bytes(kept), chunks), STREAMED, seconds=seconds, who=who)
    return await asyncio.to_thread(work, io.BytesIO(kept))


async def _behind(first: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in chunks:
        yield chunk


async def told_first(told: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A stream whose first line (which has no line breaks) says what is to be done with the rest."""
    async for chunk in _behind(told + b"\n", chunks):
        yield chunk


def _name(work: Callable[[Any], bytes]) -> str:
    return f"{work.__module__}:{work.__qualname__}"


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _within(name: str, chunks: AsyncIterator[bytes], *words: str, seconds: float, who: Who) -> bytes:
    turns = _turns.setdefault(
        (asyncio.get_running_loop(), who), Turns("aside", most=WAITING if who == "readers" else None)
    )
    try:
        async with asyncio.timeout(seconds), turns.turn():
            return await _run(name, chunks, *words)
    except TimeoutError:
        raise Unavailable(f"aside: {name} took longer than {seconds:g} s") from None


async def _run(name: str, chunks: AsyncIterator[bytes], *words: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "shared.aside_child",
        name,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        made, said, _ = await asyncio.gather(_all(process.stdout), _all(process.stderr), _feed(process.stdin, chunks))
        await process.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    told = _told(said) if process.returncode in {REFUSED, BROKEN} else {}
    if process.returncode == REFUSED and told:
        raise Refused(told["code"], told["title"], told["detail"])
    if process.returncode:
        log.error("aside.failed", work=name, code=process.returncode, said=told.get("broken", "")[-TAIL:])
        raise Unavailable(f"aside: {name} ended with {process.returncode}")
    return made


def _told(said: bytes) -> dict[str, str]:
    """What the child said last; libraries may have said something before and after, that nobody knows whom it names.

    Nothing where only they spoke: a library ended the process with a code that is ours too.
    """
    last = next((line for line in reversed(said.splitlines()) if line.startswith(b'{"')), b"{}")
    told: dict[str, str] = orjson.loads(last)
    return told


async def _all(pipe: asyncio.StreamReader | None) -> bytes:
    return await pipe.read() if pipe else b""


async def _feed(pipe: asyncio.StreamWriter | None, chunks: AsyncIterator[bytes]) -> None:
    """Write as fast as the work reads; where it has ended before the end, its code says why."""
    if pipe is None:
        return
    try:
        async for chunk in chunks:
            # The work may have ended while we waited for the chunk, and uvloop writes to no pipe that is closed.
            if pipe.is_closing():
                return
            pipe.write(chunk)
            await pipe.drain()
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        pipe.close()
