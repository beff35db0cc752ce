"""Reads documents as the server sent them (`Reads.raw`), one by one from a stream, in whatever process."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from bson import decode_file_iter


def documents(stream: BinaryIO) -> Iterator[dict[str, Any]]:
    """The documents that follow one another to the end of the stream."""
    yield from decode_file_iter(stream)
