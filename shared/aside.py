"""Heavy work in a process of its own: the service stays lean and answers meanwhile; bytes in, bytes out."""

import asyncio
import contextlib
import os
import sys

import orjson

from shared.aside_child import REFUSED, Work
from shared.kernel import Refused, Unavailable
from shared.telemetry import log

SECONDS = 60.0
AT_ONCE = 2
TAIL = 2_000
_free: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}


async def aside(work: Work, data: bytes = b"", *, seconds: float = SECONDS) -> bytes:
    """What a module's function makes of `data`, computed in a new process that ends with it.

    A `Refused` of the work is raised here too. Unavailable when it takes longer than `seconds` (it is ended), when too
    much waits already, or when the process dies. At most two at once; the rest wait within the same time.
    """
    loop = asyncio.get_running_loop()
    free = _free.setdefault(loop, asyncio.Semaphore(AT_ONCE))
    name = f"{work.__module__}:{work.__qualname__}"
    try:
        async with asyncio.timeout(seconds), free:
            return await _run(name, data)
    except TimeoutError:
        raise Unavailable(f"aside: {name} took longer than {seconds:g} s") from None


async def _run(name: str, data: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "shared.aside_child",
        name,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        made, said = await process.communicate(data)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode == REFUSED:
        told = orjson.loads(said)
        raise Refused(told["code"], told["title"], told["detail"])
    if process.returncode:
        log.error("aside.failed", work=name, code=process.returncode, said=said.decode(errors="replace")[-TAIL:])
        raise Unavailable(f"aside: {name} ended with {process.returncode}")
    return made
