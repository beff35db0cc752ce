"""The other process of `shared.aside`: does one piece of work and ends; imports little, for it is started often."""

import importlib
import os
import sys
from collections.abc import Callable
from typing import BinaryIO

import orjson

from shared.kernel import Refused
from shared.lean import without_terminals

Work = Callable[[bytes], bytes]
StreamWork = Callable[[BinaryIO], bytes]
STREAMED = "--streamed"
REFUSED = 3
NICE = 5


def main(name: str, *words: str) -> int:
    """Do the named work on what stands in the standard input; its answer goes to the standard output."""
    os.nice(NICE)
    without_terminals()
    module, _, function = name.partition(":")
    work = getattr(importlib.import_module(module), function)
    try:
        made: bytes = work(sys.stdin.buffer if STREAMED in words else sys.stdin.buffer.read())
    except Refused as refused:
        said = {"code": refused.code, "title": refused.title, "detail": refused.detail}
        sys.stderr.buffer.write(orjson.dumps(said))
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
