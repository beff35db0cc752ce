"""Files of an edition as another process makes them of its packed content: CSV of each table, spreadsheet, PDF."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import ConfigDict, TypeAdapter

from services.scoring.domain.publication import Edition, Packed, canonical, digest
from services.scoring.domain.publication import manifest as signed
from services.scoring.domain.publication.passport import Field
from services.scoring.domain.publication.sheets import paper, sheets
from services.scoring.domain.publication.writing import File
from services.scoring.domain.tables import rating_csv
from shared.texts import safe_cell
from shared.works.pdf import Paper, compile_pdf, template, told
from shared.works.sheets import Sheet, workbook

TEMPLATE = template(Path(__file__).with_name("rating.typ"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which edition with which content; `fields` are those of its passport, once it is published."""

    edition: Edition
    body: Packed
    fields: Sequence[Field] = ()

    def document(self) -> Mapping[str, Any]:
        """The content, read whole; ValueError where it is not that of the edition."""
        whole = self.body.whole()
        if digest(whole) != self.edition.sha256:
            raise ValueError(f"a content that is not that of the edition: {self.edition.id}")
        document: Mapping[str, Any] = orjson.loads(whole)
        return document


# Bytes as base64: pydantic takes that for a list of dataclasses, not for one.
_PLAIN = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
WANTED = TypeAdapter(list[Wanted], config=_PLAIN)
FILES = TypeAdapter(list[File], config=_PLAIN)


def passport_files(fields: Sequence[Field]) -> list[File]:
    """The passport, as CSV and JSON."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["property", "name", "value"])
    out.writerows([safe_cell(cell) for cell in one] for one in fields)
    plain = canonical({one.property: {"name": one.name, "value": one.value} for one in fields})
    return [
        File(f"{signed.PASSPORT}.csv", signed.CSV_TYPE, Packed.of(text.getvalue().encode())),
        File(f"{signed.PASSPORT}.json", signed.JSON_TYPE, Packed.of(plain)),
    ]


def write_tables(data: bytes) -> bytes:
    """Every table as CSV, and all of them as one spreadsheet."""
    [wanted] = WANTED.validate_json(data)
    edition, document = wanted.edition, wanted.document()
    tables = [(f"{one['group']}.csv", rating_csv(one)) for one in document["ratings"]]
    shown = [Sheet(name, header, lines) for name, header, lines in sheets(document, wanted.fields)]
    book = workbook(shown, title=edition.title, made_at=edition.as_of)
    files = [File(name, signed.CSV_TYPE, Packed.of(body)) for name, body in tables]
    return FILES.dump_json([*files, File(signed.BOOK, signed.XLSX_TYPE, Packed.of(book))])


def write_paper(data: bytes) -> bytes:
    """The printed edition."""
    [wanted] = WANTED.validate_json(data)
    shown = Paper(TEMPLATE, paper(wanted.edition, wanted.document()), wanted.edition.as_of)
    return FILES.dump_json([File(signed.PAPER, signed.PDF_TYPE, Packed.of(compile_pdf(told(shown))))])
