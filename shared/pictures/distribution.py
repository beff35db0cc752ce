"""The distribution: how often each whole number was given, with the borders between kinds of it."""

from collections.abc import Collection, Mapping
from fractions import Fraction

from shared.pictures.svg import Caption, framed, tag, words
from shared.pictures.tones import ACCENT, INK, LINE, SOFT, Box, path, textures

WIDTH, LEFT, RIGHT = 320, 40, 308
TOP, BOTTOM = 30, 160
HEIGHT = 200
# More numbers than this are labelled at the ends and at the borders only.
FEW = 12
# A border's word nearer than this to the one before goes a line lower.
APART = 40


def distribution(
    values: Mapping[int, int],
    boundaries: Mapping[int, str],
    caption: Caption,
    *,
    marked: Collection[int] = (),
    axis: str = "",
) -> str:
    """A column for each whole number from the first to the last of `values` (number → how often).

    `boundaries`: before which number a border stands, and its word. `marked` columns are outlined and hatched. `axis`
    says what the numbers are.
    """
    first, last = (min(values), max(values)) if values else (0, 0)
    wide = Fraction(RIGHT - LEFT, last - first + 1)
    most = max([*values.values(), 1])
    drawn = [
        textures(caption.name),
        _axes(most),
        *(
            _column(Box(LEFT + wide * (one - first), 0, wide, Fraction(count, most)), one in marked, caption.name)
            for one, count in sorted(values.items())
        ),
        *_borders(boundaries, first, wide),
        *_numbers(first, last, wide, boundaries),
        words(RIGHT, HEIGHT - 6, axis, font_size=12, fill=SOFT, text_anchor="end"),
    ]
    return framed(caption, "".join(drawn), (WIDTH, HEIGHT))


def _axes(most: int) -> str:
    ticks = "".join(
        tag("path", d=path(("M", LEFT, y), ("H", RIGHT)), stroke=LINE)
        + words(LEFT - 5, y + 4, str(told), font_size=11, fill=SOFT, text_anchor="end")
        for told, y in ((0, BOTTOM), (most, TOP))
    )
    return ticks + tag("path", d=path(("M", LEFT, BOTTOM), ("H", RIGHT)), stroke=INK)


def _column(box: Box, marked: bool, name: str) -> str:  # noqa: FBT001 - one of two looks
    high = (BOTTOM - TOP) * Fraction(box.height)
    gap = min(Fraction(box.width) / 5, Fraction(3))
    place = {"x": box.x + gap / 2, "y": BOTTOM - high, "width": box.width - gap, "height": high}
    body = tag("rect", **place, fill=ACCENT)
    if not marked:
        return body
    over = tag("rect", **place, fill=f"url(#{name}-stripes)", stroke=INK, stroke_width=2)
    star = words(box.x + Fraction(box.width) / 2, BOTTOM - high - 4, "*", font_size=14, font_weight="bold", fill=INK,
                 text_anchor="middle")  # fmt: skip
    return body + over + star


def _borders(boundaries: Mapping[int, str], first: int, wide: Fraction) -> list[str]:
    drawn, before, lower = [], Fraction(-APART), False
    for one, word in sorted(boundaries.items()):
        x = LEFT + wide * (one - first)
        lower = x - before < APART and not lower
        line = tag("path", d=path(("M", x, 16), ("V", BOTTOM)), stroke=INK, stroke_dasharray="4 3")
        drawn.append(line + words(x + 3, 26 if lower else 12, word, font_size=11, fill=INK))
        before = x
    return drawn


def _numbers(first: int, last: int, wide: Fraction, boundaries: Mapping[int, str]) -> list[str]:
    every = range(first, last + 1)
    shown = every if len(every) <= FEW else sorted({first, last, *(one for one in boundaries if one in every)})
    return [
        words(LEFT + wide * (one - first) + wide / 2, BOTTOM + 16, str(one), font_size=11, fill=INK,
              text_anchor="middle")
        for one in shown
    ]  # fmt: skip
