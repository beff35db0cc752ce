"""The manifest of a published edition: its act, its instant, and the hash of every file; signed by the platform."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.scoring.domain import edition_parts
from services.scoring.domain.facts import instant_text
from services.scoring.domain.publication.content import canonical
from services.scoring.domain.publication.edition import PUBLISHED, Edition
from services.scoring.domain.publication.writing import File

CONTENT, BOOK, PAPER, MANIFEST = "content.json", "rating.xlsx", "rating.pdf", "manifest.jws"
PASSPORT = edition_parts.PASSPORT
OF_PUBLISHED = (f"{PASSPORT}.csv", f"{PASSPORT}.json", MANIFEST)
JSON_TYPE, CSV_TYPE, TEXT_TYPE, PDF_TYPE = "application/json", "text/csv", "text/plain", "application/pdf"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def manifest(edition: Edition, head: Mapping[str, Any], files: Sequence[File]) -> bytes:
    """What is signed: canonical JSON that names every file of the edition with its size and SHA-256.

    `head` is what the content says of itself.
    """
    issued = edition.at(PUBLISHED)
    return canonical(
        {
            "format": 1,
            "edition": edition.id,
            "period": edition.period,
            "region": edition.region,
            "number": edition.number,
            "title": edition.title,
            "act": None if edition.act is None else {"number": edition.act.number, "date": edition.act.on.isoformat()},
            "published_at": None if issued is None else instant_text(issued),
            "as_of": head["as_of"],
            "methodology": head["methodology"],
            "previous": edition.previous,
            "files": [_line(edition, file) for file in sorted(files, key=lambda one: one.name)],
        }
    )


def url_of(edition: str, name: str) -> str:
    """Where a file of an edition is read."""
    root = f"/v1/editions/{edition}"
    if name == MANIFEST:
        return f"{root}/manifest"
    stem, _, kind = name.rpartition(".")
    if stem == PASSPORT:
        return f"{root}/passport?format={kind}"
    return f"{root}/content?format={kind}" + (f"&group={stem}" if kind == "csv" else "")


def _line(edition: Edition, file: File) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": file.body.size,
        "sha256": file.body.sha256,
        "url": url_of(edition.id, file.name),
    }
