"""The other process of `shared.aside`: does one piece of work and ends; imports little, for it is started often."""

import importlib
import os
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO

import orjson

from shared.kernel import Refused
from shared.lean import without_terminals

Work = Callable[[bytes], bytes]
StreamWork = Callable[[BinaryIO], bytes]
STREAMED = "--streamed"
REFUSED = 3
BROKEN = 4
NICE = 5


def main(name: str, *words: str) -> int:
    """Do the named work on what stands in the standard input; its answer goes to the standard output."""
    os.nice(NICE)
    without_terminals()
    try:
        made = _made(name, *words)
    except Refused as refused:
        return _say({"code": refused.code, "title": refused.title, "detail": refused.detail}, REFUSED)
    except Exception as error:  # noqa: BLE001 - its words may quote the input, and what is said here is logged
        frames = "".join(traceback.format_tb(error.__traceback__))
        return _say({"broken": frames + type(error).__name__}, BROKEN)
    sys.stdout.buffer.write(made)
    return 0


def _made(name: str, *words: str) -> bytes:
    module, _, function = name.partition(":")
    work = getattr(importlib.import_module(module), function)
    made: bytes = work(sys.stdin.buffer if STREAMED in words else sys.stdin.buffer.read())
    return made


def _say(said: dict[str, str], code: int) -> int:
    sys.stderr.buffer.write(b"\n" + orjson.dumps(said) + b"\n")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
