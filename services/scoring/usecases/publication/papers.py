"""The files of an edition: JSON, CSV of every table, the passport, a spreadsheet, a PDF, and the signed manifest."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from services.scoring.domain.publication import FROZEN, OPEN_TO_ALL, PUBLISHED, Edition, canonical
from services.scoring.domain.publication import manifest as signed
from services.scoring.domain.publication.edition import day_of
from services.scoring.domain.publication.passport import Field, Publisher, passport
from services.scoring.domain.publication.sheets import paper, sheets
from services.scoring.domain.publication.writing import Content, File
from services.scoring.domain.tables import rating_csv
from services.scoring.usecases.ports import Keeps, Signs
from services.scoring.usecases.publication.published import Open, stage_of
from shared.kernel import Conflict, NotFound
from shared.papers import Paper, Sheet, spreadsheet, typeset
from shared.papers.typeset import template

TEMPLATE = template(Path(__file__).with_name("rating.typ"))


@dataclass(frozen=True, slots=True)
class Publishing:
    """What a platform publishes with: its signature (none: it cannot publish) and what it says of itself."""

    signer: Signs | None = None
    publisher: Publisher = field(default_factory=Publisher)


class Papers:
    """Makes the files of an edition."""

    def __init__(self, store: Keeps, publishing: Publishing) -> None:
        self._store = store
        self._publishing = publishing

    async def made(self, edition: Edition, found: Open) -> tuple[File, ...]:
        """Every file of an edition that is being published, the manifest signed; Conflict where there is no key."""
        signer = self._publishing.signer
        if signer is None:
            detail = "Администратору: задайте RSOKO_SIGNING_KEY (или RSOKO_SIGNING_KEY_FILE) службе баллов."
            raise Conflict("publication-without-key", "Публикация на этой платформе не настроена", detail)
        document, fields = found.document, await self._fields(edition)
        files = [
            File(signed.CONTENT, signed.JSON_TYPE, found.content.body),
            *_csv_files(document),
            *_passport_files(fields),
            await _book(edition, document, fields),
            await _paper(edition, document),
        ]
        await self._store.keep_signing_key(signer.public(), edition.as_of)
        token = signer.sign(signed.manifest(edition, document, files))
        return (*files, File(signed.MANIFEST, signed.TEXT_TYPE, token.encode()))

    async def one(self, edition: Edition, name: str) -> File:
        """One file of an edition: as it was published, else made now; NotFound where there is none of this name."""
        if edition.state in OPEN_TO_ALL:
            found = await self._store.file(edition.id, name)
        else:
            found = await self._now(edition, name)
        if found is None:
            detail = f"«{name[:100]}»: имена файлов редакции — в поле files ответа {edition.url}."
            raise NotFound("file-not-found", "Такого файла у редакции нет", detail)
        return found

    async def _now(self, edition: Edition, name: str) -> File | None:
        """A file of what is not published: whoever may see the draft may take it along, unsigned."""
        content = await self._content(edition)
        if name == signed.CONTENT:
            return File(name, signed.JSON_TYPE, content.body)
        document = orjson.loads(content.body)
        if name == signed.BOOK:
            return await _book(edition, document, ())
        if name == signed.PAPER:
            return await _paper(edition, document)
        return next((one for one in _csv_files(document) if one.name == name), None)

    async def _content(self, edition: Edition) -> Content:
        content = await self._store.content(edition.id, stage_of(edition))
        if content is None:
            raise LookupError(f"an edition without its content: {edition.id} {FROZEN}")
        return content

    async def _fields(self, edition: Edition) -> list[Field]:
        issued = edition.at(PUBLISHED) or edition.as_of
        earlier = await self._store.editions_of({"period": edition.period, "state": {"$in": list(OPEN_TO_ALL)}})
        first = min((at for one in earlier if (at := one.at(PUBLISHED))), default=issued)
        return passport(edition, self._publishing.publisher, issued=day_of(issued), first_issued=day_of(first))


def _csv_files(document: Mapping[str, Any]) -> list[File]:
    return [File(f"{one['group']}.csv", signed.CSV_TYPE, rating_csv(one)) for one in document["ratings"]]


def _passport_files(fields: Sequence[Field]) -> list[File]:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow(["property", "name", "value"])
    out.writerows(fields)
    plain = canonical({one.property: {"name": one.name, "value": one.value} for one in fields})
    return [
        File(f"{signed.PASSPORT}.csv", signed.CSV_TYPE, text.getvalue().encode()),
        File(f"{signed.PASSPORT}.json", signed.JSON_TYPE, plain),
    ]


async def _book(edition: Edition, document: Mapping[str, Any], fields: Sequence[Field]) -> File:
    made = [Sheet(name, header, lines) for name, header, lines in sheets(document, fields)]
    body = await spreadsheet(made, title=edition.title, made_at=edition.as_of)
    return File(signed.BOOK, signed.XLSX_TYPE, body)


async def _paper(edition: Edition, document: Mapping[str, Any]) -> File:
    body = await typeset(Paper(TEMPLATE, paper(edition, document), edition.as_of))
    return File(signed.PAPER, signed.PDF_TYPE, body)
