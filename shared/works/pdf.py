"""A PDF (PDF/UA-1, tagged) from a template of Typst and data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Paper:
    """A template's text and what it shows.

    The template reads `json("data.json")`; data are never part of its code. `pictures` are further files (SVG) by
    name. `made_at` is the only time in the file, so that the same paper gives the same bytes.
    """

    template: str
    data: Mapping[str, Any]
    made_at: datetime
    pictures: Mapping[str, str] = field(default_factory=dict)


def told(paper: Paper) -> bytes:
    """A paper as the other process is told of it."""
    return orjson.dumps(
        {
            "template": paper.template,
            "data": paper.data,
            "made_at": int(paper.made_at.timestamp()),
            "pictures": dict(paper.pictures),
        }
    )


def compile_pdf(told: bytes) -> bytes:
    """The PDF; what the fonts do not have is shown by a substitute."""
    import typst

    from shared.works.legible import legible, legible_picture, throughout

    paper = orjson.loads(told)
    with TemporaryDirectory() as folder:
        main = Path(folder, "main.typ")
        main.write_text(paper["template"], encoding="utf-8")
        Path(folder, "data.json").write_bytes(orjson.dumps(throughout(paper["data"], legible)))
        for name, text in paper["pictures"].items():
            Path(folder, name).write_text(legible_picture(text), encoding="utf-8")
        made: bytes = typst.compile(
            main,
            root=Path(folder),
            format="pdf",
            pdf_standards="ua-1",
            ignore_system_fonts=True,
            timestamp=int(paper["made_at"]),
        )
    return made


def template(path: Path) -> str:
    """A template's text, from a file beside the module that uses it."""
    return path.read_text(encoding="utf-8")
