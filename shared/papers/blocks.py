"""A paper made of blocks: headings, paragraphs, lists, tables, pictures; as PDF and as DOCX from the same blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.works.pdf import Paper, template

TEMPLATE = Path(__file__).resolve().parent / "blocks.typ"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the title of the paper stands above level 1."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a header row; `widths` are the shares of its columns."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (SVG) and what it says in words."""

    svg: str
    words: str


Block = Heading | Paragraph | Bullets | Grid | Picture


@dataclass(frozen=True, slots=True)
class Blocks:
    """A paper: its title, its blocks, and the only time in it."""

    title: str
    blocks: Sequence[Block]
    made_at: datetime

    def paper(self) -> Paper:
        """The same as a template's data, for `typeset`."""
        pictures = {f"picture-{number}.svg": one.svg for number, one in self._pictures()}
        return Paper(template(TEMPLATE), self.plain(), self.made_at, pictures)

    def plain(self) -> dict[str, Any]:
        """The paper as plain data."""
        blocks = [_plain(one, number) for number, one in enumerate(self.blocks)]
        return {"title": self.title, "blocks": blocks}

    def _pictures(self) -> list[tuple[int, Picture]]:
        return [(number, one) for number, one in enumerate(self.blocks) if isinstance(one, Picture)]


def _plain(one: Block, number: int) -> dict[str, Any]:
    if isinstance(one, Heading):
        return {"kind": "heading", "text": one.text, "level": one.level}
    if isinstance(one, Paragraph):
        return {"kind": "paragraph", "text": one.text}
    if isinstance(one, Bullets):
        return {"kind": "bullets", "items": list(one.items)}
    if isinstance(one, Grid):
        widths = list(one.widths) or [1] * len(one.header)
        rows = [list(row) for row in one.rows]
        return {"kind": "grid", "header": list(one.header), "rows": rows, "widths": widths}
    return {"kind": "picture", "file": f"picture-{number}.svg", "words": one.words}
