"""The file of a backup: gzipped BSON, a head, then documents and records, then an end that counts them."""

from __future__ import annotations

import errno
import gzip
import os
import zlib
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self, cast

import bson
from bson.codec_options import CodecOptions
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument

from deploy.local import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import IO

FORMAT = 1
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
DOCUMENT, RECORD = "document", "record"
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument, tz_aware=True)
TORN = "сделайте копию заново или возьмите другую; в этой потеряно неизвестно что"


class Writer:
    """Writes a backup beside its final name, which it gets when it is whole and on the disk."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.counts: Counter[str] = Counter()

    @classmethod
    @contextmanager
    def to(cls, path: Path, *, at: datetime) -> Iterator[Self]:
        """Open; nothing bears the name of a backup unless the block ends well."""
        part = path.with_name(f"{path.name}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise Failed(f"{path}: файл не создать: {error.strerror}", "назовите файл в имеющемся каталоге") from error
        with _removed_on_failure(part), _disk_trouble_said(path), os.fdopen(descriptor, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6) as file:
                writer = cls(cast("IO[bytes]", file))
                writer._write({"what": "backup", "format": FORMAT, "at": at})
                yield writer
                writer._write({"what": "end", "counts": dict(writer.counts)})
            raw.flush()
            os.fsync(raw.fileno())
        part.rename(path)

    def document(self, database: str, collection: str, document: RawBSONDocument) -> None:
        """Keep a document, byte for byte."""
        self._count(DOCUMENT, {"database": database, "collection": collection, "document": document})

    def record(self, record: Mapping[str, Any]) -> None:
        """Keep a record of Kafka: topic, partition, offset, timestamp, key, value, headers."""
        self._count(RECORD, {"record": record})

    def _count(self, what: str, frame: dict[str, Any]) -> None:
        self.counts[what] += 1
        self._write({"what": what, **frame})

    def _write(self, frame: dict[str, Any]) -> None:
        self._file.write(bson.encode(frame))


@contextmanager
def _disk_trouble_said(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in DISK:
            raise
        raise Failed(f"{path}: не записать: {error.strerror}", "освободите место или назовите другой диск") from error


@contextmanager
def _removed_on_failure(part: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def frames(path: Path, *what: str) -> Iterator[RawBSONDocument]:
    """The frames of these kinds, one after another; Failed where the file is no backup or is damaged."""
    try:
        with gzip.open(path, "rb") as file:
            for frame in bson.decode_file_iter(cast("IO[bytes]", file), RAW):
                if frame["what"] in what:
                    yield frame
    except FileNotFoundError:
        raise Failed(f"нет файла {path}") from None
    except (gzip.BadGzipFile, zlib.error, EOFError, InvalidBSON, KeyError) as torn:
        raise _torn(path) from torn
    except OSError as error:
        raise Failed(f"файл {path} не читается: {error.strerror}", "назовите файл копии") from error


def _torn(path: Path) -> Failed:
    return Failed(f"файл {path.name} повреждён или это не резервная копия", TORN)


def checked(path: Path) -> datetime:
    """Read the whole file and compare it with the counts at its end; when it was taken."""
    try:
        return _checked(path)
    except (KeyError, TypeError, ValueError) as torn:
        raise _torn(path) from torn


def _checked(path: Path) -> datetime:
    counts: Counter[str] = Counter()
    head: datetime | None = None
    told: dict[str, int] | None = None
    for frame in frames(path, "backup", DOCUMENT, RECORD, "end"):
        if frame["what"] == "backup":
            head = _head(path, frame)
        elif frame["what"] == "end":
            told = dict(frame["counts"])
        else:
            counts[frame["what"]] += 1
    if head is None or told != counts:
        raise Failed(f"файл {path.name} обрывается", TORN)
    return head


def _head(path: Path, frame: RawBSONDocument) -> datetime:
    if frame["format"] != FORMAT:
        raise Failed(f"файл {path.name} сделан другой версией платформы", f"восстановите той, чей формат {FORMAT}")
    at: datetime = frame["at"]
    return at
