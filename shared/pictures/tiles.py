"""The tile map: one square a place, neighbours beside one another; each square is a link with its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from shared.pictures.svg import Caption, tag, words
from shared.pictures.tones import INK, LINE, NONE, PAPER, SOFT, Mark, Nothing

ACROSS, DOWN = 80, 76
SQUARE = (Fraction(3, 2), Fraction(3, 2), 77, 73)
FRAMES: Mapping[Nothing, tuple[str, str, str | None]] = {
    "no_data": (NONE, SOFT, "6 4"),
    "not_applicable": (PAPER, SOFT, None),
    "did_not_exist": (PAPER, SOFT, "1 5"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A square: where it stands, what it is called, what it shows; `out` where the reader has left it out.

    `short` is what it is called where the map is so small that only a few letters can be read.
    """

    id: str
    href: str
    column: int
    row: int
    title: str
    name: str
    kind: str
    mark: Mark
    beside: str = ""
    short: str = ""
    out: bool = False


def tiles(some: Sequence[Tile], caption: Caption, size: tuple[int, int] = (640, 684)) -> str:
    """The map; a group of links, so that each square is reached by keyboard and read by itself."""
    return tag(
        "svg",
        *(_tile(one) for one in some),
        viewBox=f"0 0 {size[0]} {size[1]}",
        role="group",
        aria_label=f"{caption.title}: {caption.desc}",
    )


def _tile(tile: Tile) -> str:
    ink = _ink(tile)
    texts = [
        (18, "name", 12, tile.name), (33, "kind", 11, tile.kind), (67, "date", 11, tile.beside),
        (29, "short", 20, tile.short),
    ]  # fmt: skip
    return tag(
        "a",
        tag("title", escape(tile.title)),
        _square(tile),
        *(
            words(40, y, told, class_=kind, font_size=size, text_anchor="middle", fill=ink)
            for y, kind, size, told in texts
            if told
        ),
        words(40, 51, tile.mark.words, class_="value", font_size=Fraction(29, 2), font_weight="bold",
              text_anchor="middle", fill=ink),
        id=f"tile-{tile.id}",
        href=tile.href,
        class_=f"tile {_class(tile)}",
        transform=f"translate({tile.column * ACROSS} {tile.row * DOWN})",
    )  # fmt: skip


def _class(tile: Tile) -> str:
    if tile.out:
        return "out"
    tone = tile.mark.tone
    return tone.key if tone else tile.mark.nothing or "none"


def _ink(tile: Tile) -> str:
    if tile.out:
        return SOFT
    return tile.mark.tone.ink if tile.mark.tone else INK


def _square(tile: Tile) -> str:
    """The square: in its tone, or framed by what kind of nothing it is: dashes, a line, dots."""
    x, y, width, height = SQUARE
    tone, nothing = tile.mark.tone, tile.mark.nothing
    fill, stroke, dashes = (tone.fill if tone else NONE), PAPER, None
    if tile.out:
        fill, stroke = PAPER, LINE
    elif nothing is not None:
        fill, stroke, dashes = FRAMES[nothing]
    return tag("rect", x=x, y=y, width=width, height=height, rx=4, fill=fill, stroke=stroke, stroke_dasharray=dashes)
