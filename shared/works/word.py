"""A paper of blocks as DOCX: real headings, tables with header rows, pictures with their words."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from shared.texts import readable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EARLIEST = (1980, 1, 1, 0, 0, 0)
DOTS = 200.0
WIDTH_CM = 12.0
# No property of a DOCX is longer; the title above the text is whole.
LONGEST_PROPERTY = 255
FRAME = """#set page(width: auto, height: auto, margin: 4pt)
#image("picture.svg", width: 320pt)"""


def write_word(told: bytes) -> bytes:
    """The DOCX; without characters that no XML may have."""
    import docx

    from shared.works.legible import throughout

    paper = orjson.loads(told)
    data = throughout(paper["data"], readable)
    made = docx.Document()
    _describe(made, data["title"], datetime.fromtimestamp(paper["made_at"], UTC))
    made.add_heading(data["title"], level=0)
    for one in data["blocks"]:
        if one["kind"] == "picture":
            _picture(made, paper["pictures"][one["file"]], one["words"])
        else:
            _WRITERS[one["kind"]](made, one)
    out = io.BytesIO()
    made.save(out)
    return _timeless(out.getvalue())


def _describe(made: Any, title: str, at: datetime) -> None:
    """The paper's own title, language and time; nobody's name."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    known = made.core_properties
    known.title = title[:LONGEST_PROPERTY]
    known.language, known.author, known.comments = "ru-RU", "", ""
    known.created = known.modified = at.replace(tzinfo=None)
    default = made.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = default.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        default.append(language)
    language.set(qn("w:val"), "ru-RU")


def _heading(made: Any, one: dict[str, Any]) -> None:
    made.add_heading(one["text"], level=one["level"])


def _paragraph(made: Any, one: dict[str, Any]) -> None:
    made.add_paragraph(one["text"])


def _bullets(made: Any, one: dict[str, Any]) -> None:
    for item in one["items"]:
        made.add_paragraph(item, style="List Bullet")


def _grid(made: Any, one: dict[str, Any]) -> None:
    """A table whose first row is its header, repeated on every page."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    table = made.add_table(rows=1 + len(one["rows"]), cols=len(one["header"]))
    table.style = "Table Grid"
    whole = sum(one["widths"])
    for column, width in zip(table.columns, one["widths"], strict=True):
        column.width = Cm(16.5 * width / whole)
    for row, texts in zip(table.rows, [one["header"], *one["rows"]], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    # python-docx has no word for a header row, and none for what a picture says.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - see above
    made.add_paragraph()


_WRITERS = {"heading": _heading, "paragraph": _paragraph, "bullets": _bullets, "grid": _grid}


def _picture(made: Any, svg: str, words: str) -> None:
    from docx.shared import Cm

    shown = made.add_picture(io.BytesIO(raster(svg)), width=Cm(WIDTH_CM))
    shown._inline.docPr.set("descr", words)  # noqa: SLF001 - see `_grid`


def raster(svg: str) -> bytes:
    """A picture as PNG."""
    import typst

    from shared.works.legible import legible_picture

    with TemporaryDirectory() as folder:
        Path(folder, "main.typ").write_text(FRAME, encoding="utf-8")
        Path(folder, "picture.svg").write_text(legible_picture(svg), encoding="utf-8")
        made: bytes = typst.compile(
            Path(folder, "main.typ"), root=Path(folder), format="png", ppi=DOTS, ignore_system_fonts=True
        )
    return made


def _timeless(archive: bytes) -> bytes:
    """The same archive without the times of its writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            written.writestr(zipfile.ZipInfo(name, EARLIEST), read.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
