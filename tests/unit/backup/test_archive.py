"""The file of a backup: whole or refused, and never under its name before it is whole."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import bson
import pytest
from bson.raw_bson import RawBSONDocument

from deploy.backup.archive import DOCUMENT, RECORD, Writer, checked, frames
from deploy.local import Failed

AT = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
RECORD_OF = {"topic": "t.v1", "partition": 0, "offset": 7, "timestamp": 1, "key": b"k", "value": None, "headers": []}


def written(path: Path, documents: int = 3) -> Path:
    with Writer.to(path, at=AT) as writer:
        for number in range(documents):
            writer.document("scoring", "facts", RawBSONDocument(bson.encode({"_id": number, "exact": "1/3"})))
        writer.record(RECORD_OF)
    return path


def test_what_was_written_is_read_as_it_was(tmp_path: Path):
    path = written(tmp_path / "a.backup")

    assert checked(path) == AT
    assert [dict(frame["document"]) for frame in frames(path, DOCUMENT)] == [
        {"_id": number, "exact": "1/3"} for number in range(3)
    ]
    assert [frame["record"]["value"] for frame in frames(path, RECORD)] == [None]
    assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(Failed, match="файл не создать") as told:
        written(tmp_path / "nowhere" / "a.backup")
    assert "каталоге" in told.value.remedy


@pytest.mark.parametrize("keep", [0.2, 0.9, 0.999])
def test_a_torn_file_is_refused(tmp_path: Path, keep: float):
    path = written(tmp_path / "a.backup", documents=500)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])

    with pytest.raises(Failed, match=r"повреждён|обрывается"):
        checked(path)


def test_a_file_without_its_end_is_refused(tmp_path: Path):
    path = tmp_path / "a.backup"
    head = bson.encode({"what": "backup", "format": 1, "at": AT})
    path.write_bytes(gzip.compress(head + bson.encode({"what": "document", "document": {}})))

    with pytest.raises(Failed, match="обрывается"):
        checked(path)


@pytest.mark.parametrize("content", [b"", b"not a backup at all", gzip.compress(b"something else")])
def test_another_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "a.backup"
    path.write_bytes(content)

    with pytest.raises(Failed, match=r"a\.backup"):
        checked(path)


def test_a_backup_of_another_format_is_refused(tmp_path: Path):
    path = tmp_path / "a.backup"
    path.write_bytes(gzip.compress(bson.encode({"what": "backup", "format": 2, "at": AT})))

    with pytest.raises(Failed, match="другой версией"):
        checked(path)


def test_a_backup_that_breaks_off_has_no_file_of_its_name(tmp_path: Path):
    path = tmp_path / "a.backup"

    with pytest.raises(Failed, match="Kafka"), Writer.to(path, at=AT):
        raise Failed("Kafka away")

    assert list(tmp_path.iterdir()) == []
