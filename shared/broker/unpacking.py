"""What a compressed batch unpacks to, in parts: some kilobytes on the wire may be gigabytes.

A topic's limit is one of compressed bytes, and aiokafka unpacks a batch whole, whatever that takes.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Any

import cramjam

NONE, GZIP, SNAPPY, LZ4, ZSTD = range(5)
_FROM_GZIP_HEADER = 31
_WINDOW = 4 * 1024
# Java's clients write snappy in blocks behind this; others write one block.
_XERIAL = b"\x82SNAPPY\x00"
_XERIAL_HEADER = 16
_SIZE = struct.Struct(">i")
# No three bytes of snappy say more than 64: a block that claims more is no snappy, and its room is not made.
_SNAPPY_MOST = 64
# What cramjam says where the room that it was given is full.
_FULL = "failed to write whole buffer"


def part(codec: int, packed: bytes, start: int, size: int) -> bytes:
    """What is unpacked from `start` on, so many bytes at most; fewer where it ends.

    Everything before is unpacked again each time, so that nothing of it is kept between two parts.
    """
    if codec == NONE:
        return packed[start : start + size]
    if codec == GZIP:
        return _gzip(packed, start, size)
    if codec == SNAPPY:
        return _snappy(packed, start, size)
    return _into_room(cramjam.lz4 if codec == LZ4 else cramjam.zstd, packed, start, size)


def _gzip(packed: bytes, start: int, size: int) -> bytes:
    """Window by window: of every one of thousands of empty members zlib copies all that is behind it."""
    found, at, passed = [], 0, 0
    while passed < len(packed) and at < start + size:
        member = zlib.decompressobj(_FROM_GZIP_HEADER)
        while not member.eof and at < start + size:
            window = packed[passed : passed + _WINDOW]
            piece = member.decompress(window, min(size, start + size - at))
            taken = len(window) - len(member.unconsumed_tail) - len(member.unused_data)
            if not (piece or taken or member.eof):
                raise EOFError("the compressed data end too early")
            found.append(piece[max(0, start - at) :])
            at += len(piece)
            passed += taken
        while packed.startswith(b"\0", passed):
            passed += 1
    return b"".join(found)


def _into_room(codec: Any, packed: bytes, start: int, size: int) -> bytes:
    room = bytearray(start + size)
    try:
        filled = codec.decompress_into(packed, room)
    except cramjam.DecompressionError as error:
        if _FULL not in str(error):
            raise
        filled = len(room)
    return bytes(memoryview(room)[start:filled])


def _snappy(packed: bytes, start: int, size: int) -> bytes:
    found, at = [], 0
    for block in _blocks(packed):
        if at >= start + size:
            break
        length = cramjam.snappy.decompress_raw_len(block)
        if length > _SNAPPY_MOST * len(block):
            raise ValueError(f"{len(block)} bytes of snappy say that they are {length}")
        if at + length > start:
            piece = memoryview(cramjam.snappy.decompress_raw(block))
            found.append(bytes(piece[max(0, start - at) : start + size - at]))
        at += length
    return b"".join(found)


def _blocks(packed: bytes) -> Iterator[bytes]:
    if not packed.startswith(_XERIAL):
        yield packed
        return
    at = _XERIAL_HEADER
    while at < len(packed):
        (length,) = _SIZE.unpack_from(packed, at)
        at += _SIZE.size
        if not 0 < length <= len(packed) - at:
            raise ValueError(f"a block of snappy of {length} bytes where {len(packed) - at} are left")
        yield packed[at : at + length]
        at += length
