"""The slope: how one thing went from time to time, with its gaps and with what makes neighbours hard to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from shared.pictures.svg import Caption, framed, lines, tag, words, wrapped
from shared.pictures.tones import INK, LINE, PAPER, SOFT, Box, Mark, absent, path, sign, textures

WIDTH, LEFT, RIGHT = 320, 36, 304
TOP, BOTTOM = 34, 154
MIDDLE = (TOP + BOTTOM) // 2
GRID = (0, 50, 100)
LETTERS = 44
LINE_STEP = 15
# Columns narrower than this keep their signs and leave the words of nothing to the table.
NARROW = 60
# Labels nearer than this to one another are left out, from the last one backwards.
APART = 46


@dataclass(frozen=True, slots=True)
class Break:
    """What stands between column `after` and the next one: a letter, and its words (if any) under the picture."""

    after: int
    letter: str
    words: str


def slope(columns: Sequence[tuple[str, Mark]], caption: Caption, *, breaks: Sequence[Break] = ()) -> str:
    """Marks from left to right, joined where both neighbours are known: by a dashed line across a break."""
    wide = Fraction(RIGHT - LEFT, max(len(columns), 1))
    every = -(-APART // wide)
    places = [LEFT + wide * number + wide / 2 for number in range(len(columns))]
    notes = [line for one in breaks if one.words for line in wrapped(f"{one.letter} — {one.words}", LETTERS)]
    drawn = [
        textures(caption.name),
        _grid(),
        *(_joined(columns, places, at, breaks) for at in range(len(columns) - 1)),
        *(_break(places, one.after, _letters(breaks, one.after)) for one in breaks),
        *(
            _column(x, one, wide, caption.name) + (_said(x, one) if (len(columns) - 1 - at) % every == 0 else "")
            for at, (x, one) in enumerate(zip(places, columns, strict=True))
        ),
        lines(0, BOTTOM + 40, notes, step=LINE_STEP, font_size=12, fill=SOFT),
    ]
    return framed(caption, "".join(drawn), (WIDTH, BOTTOM + 30 + LINE_STEP * len(notes)))


def _height(share: Fraction) -> Fraction:
    return BOTTOM - (BOTTOM - TOP) * min(share, Fraction(1))


def _grid() -> str:
    return "".join(
        tag("path", d=path(("M", LEFT, y), ("H", RIGHT)), stroke=LINE)
        + words(LEFT - 4, y + 4, f"{told}", font_size=11, fill=SOFT, text_anchor="end")
        for told in GRID
        for y in [_height(Fraction(told, 100))]
    )


def _letters(breaks: Sequence[Break], after: int) -> str:
    """The letters of everything that stands at this place, once each."""
    return " ".join(dict.fromkeys(one.letter for one in breaks if one.after == after))


def _joined(columns: Sequence[tuple[str, Mark]], places: Sequence[Fraction], at: int, breaks: Sequence[Break]) -> str:
    first, second = columns[at][1].share, columns[at + 1][1].share
    if first is None or second is None:
        return ""
    way = path(("M", places[at], _height(first)), ("L", places[at + 1], _height(second)))
    dashes = "5 4" if any(one.after == at for one in breaks) else None
    return tag("path", d=way, stroke=INK, stroke_width=2, stroke_dasharray=dashes, fill="none")


def _break(places: Sequence[Fraction], after: int, letters: str) -> str:
    x = (places[after] + places[after + 1]) / 2
    line = tag("path", d=path(("M", x, 18), ("V", BOTTOM)), stroke=SOFT, stroke_dasharray="1 3", stroke_width=2)
    return line + words(x, 13, letters, font_size=12, font_weight="bold", fill=INK, text_anchor="middle")


def _column(x: Fraction, column: tuple[str, Mark], wide: Fraction, name: str) -> str:
    mark = column[1]
    if mark.nothing is None:
        return sign(x, _height(mark.share or Fraction(0)), mark)
    slot = absent(Box(x - 12, MIDDLE - 12, 24, 24), mark.nothing, name)
    told = wrapped(mark.words, int(wide / 7)) if wide >= NARROW else []
    return slot + lines(x, MIDDLE + 26, told, step=13, font_size=12, fill=INK, text_anchor="middle")


def _said(x: Fraction, column: tuple[str, Mark]) -> str:
    """The label under a column and, where it is known, the words at its mark, readable over the line."""
    label, mark = column
    below = words(x, BOTTOM + 20, label, font_size=12, fill=INK, text_anchor="middle")
    if mark.nothing is not None:
        return below
    y = _height(mark.share or Fraction(0))
    over = y - 12 if y > TOP + 14 else y + 22
    return below + words(
        x, over, mark.words, font_size=13, font_weight="bold", fill=INK, text_anchor="middle",
        stroke=PAPER, stroke_width=4, paint_order="stroke",
    )  # fmt: skip
