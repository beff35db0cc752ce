"""Work that the tests of shared.aside do in another process."""

import atexit
import os
import sys
import threading
from typing import BinaryIO

from shared.kernel import Refused


def shout(data: bytes) -> bytes:
    return data.upper()


def refuse(data: bytes) -> bytes:
    raise Refused("too-quiet", "Слишком тихо", data.decode())


def refuse_and_mutter(data: bytes) -> bytes:
    sys.stderr.write('{"event": "a library logs"}\n')
    atexit.register(sys.stderr.write, "Exception ignored in: a library\n")
    return refuse(data)


def quote(data: bytes) -> bytes:
    try:
        return {}[data.decode()]
    except KeyError:
        raise ValueError(data.decode()) from None


def fall(data: bytes) -> bytes:
    os.abort()


def leave_without_a_word(data: bytes) -> bytes:
    os._exit(int(data))


def count(stream: BinaryIO) -> bytes:
    return str(sum(len(line) for line in stream)).encode()


def where(stream: BinaryIO) -> bytes:
    return f"{os.getpid()} {len(stream.read())}".encode()


def leave(stream: BinaryIO) -> bytes:
    return stream.read(3)


def turn_away(stream: BinaryIO) -> bytes:
    raise Refused("not-for-us", "Не сюда")


def linger(data: bytes) -> bytes:
    threading.Event().wait(60)
    return data
