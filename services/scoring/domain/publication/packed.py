"""Bytes as they are kept and handed on: packed, for a country's content is twelve megabytes whole and half a one so."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Packed:
    """Some bytes packed (zlib), with the size and the hash of the whole."""

    packed: bytes
    size: int
    sha256: str

    @classmethod
    def of(cls, whole: bytes) -> "Packed":
        """The same bytes packed, always in the same way."""
        return cls(zlib.compress(whole, 9), len(whole), digest(whole))

    def whole(self) -> bytes:
        """The bytes themselves."""
        return zlib.decompress(self.packed)

    def pieces(self, chunk: int) -> Iterator[bytes]:
        """The bytes themselves, piece by piece."""
        unpacking, left = zlib.decompressobj(), self.packed
        while left:
            yield unpacking.decompress(left, chunk)
            left = unpacking.unconsumed_tail
        yield unpacking.flush()
