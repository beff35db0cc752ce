"""Reads a content table by table: all of a country's tables at once would be a hundred megabytes of objects."""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from services.scoring.domain.publication.content import Document
from services.scoring.domain.publication.packed import Packed

# A content is canonical: "ratings" is its last key, "flags" the first key of each table and of nothing else in it; in
# a text no quotation mark stands without a backslash.
START = b'{"flags":'
NAMED = re.compile(rb'"group":("(?:[^"\\]|\\.)*"),"kind":"([a-z]+)"')
CHUNK, FAST = 2**18, 1


class Label(NamedTuple):
    """Which table: its group or procedure, and of which kind it is."""

    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tables(Mapping[str, Document]):
    """The tables of a content by group or procedure; each is read when it is asked for."""

    texts: Mapping[Label, bytes]

    def __getitem__(self, group: str) -> Document:
        text = next((text for label, text in self.texts.items() if label.group == group), None)
        if text is None:
            raise KeyError(group)
        table: Document = orjson.loads(zlib.decompress(text))
        return table

    def __iter__(self) -> Iterator[str]:
        return (label.group for label in self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __contains__(self, group: object) -> bool:
        return any(label.group == group for label in self.texts)


def read_content(body: Packed, *, chunk: int = CHUNK) -> tuple[Document, Tables]:
    """What a content says of itself, and its tables."""
    parts = _parts(body, chunk)
    front = next(parts)
    tables = {_label(text): zlib.compress(text, FAST) for text in parts}
    head: Document = orjson.loads(front + b"]}" if tables else front)
    return head, Tables(tables)


def head_of(body: Packed) -> Document:
    """What a content says of itself, read no further than to its first table."""
    parts = _parts(body, CHUNK)
    front = next(parts)
    head: Document = orjson.loads(front + b"]}" if next(parts, None) is not None else front)
    return head


def table_in(body: Packed, group: str) -> Document:
    """One table of a content, which is read no further than to its end."""
    parts = _parts(body, CHUNK)
    next(parts)
    table: Document = orjson.loads(next(text for text in parts if _label(text).group == group))
    return table


def _parts(body: Packed, chunk: int) -> Iterator[bytes]:
    """The text up to the first table, then the text of each table."""
    held, start = b"", b""
    for piece in body.pieces(chunk):
        *before, held = (held + piece).split(START)
        for text in before:
            yield start + text.removesuffix(b",")
            start = START
    yield start + (held.removesuffix(b"]}") if start else held)


def _label(text: bytes) -> Label:
    found = NAMED.search(text)
    if found is None:
        raise ValueError(f"a table without its name: {text[:200]!r}")
    return Label(orjson.loads(found[1]), found[2].decode())
