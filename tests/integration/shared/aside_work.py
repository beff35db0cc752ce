"""Work that the tests of shared.aside do in another process."""

import os
import threading

from shared.kernel import Refused


def shout(data: bytes) -> bytes:
    return data.upper()


def refuse(data: bytes) -> bytes:
    raise Refused("too-quiet", "Слишком тихо", data.decode())


def fall(data: bytes) -> bytes:
    os.abort()


def linger(data: bytes) -> bytes:
    threading.Event().wait(60)
    return data
