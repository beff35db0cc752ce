"""Bars: one line a thing with its share, and one line a time with its parts."""

from collections.abc import Sequence
from fractions import Fraction

from shared.pictures.svg import Caption, framed, lines, tag, words, wrapped
from shared.pictures.tones import INK, LINE, NONE, Box, Mark, absent, filled, sign, textures

WIDTH = 320
LABEL, BAR, GAP = 16, 16, 12
LETTERS = 42
FULL = 214
ASIDE = 226
SLOT, LEGEND = 32, 18


def bars(rows: Sequence[tuple[str, Mark]], caption: Caption) -> str:
    """A bar for every labelled mark; nothing is drawn by its own sign, zero as a line at the origin."""
    y, drawn = 4, [textures(caption.name)]
    for label, mark in rows:
        told = wrapped(label, LETTERS)
        drawn.append(lines(0, y + 12, told, step=LABEL, font_size=13, fill=INK))
        y += LABEL * len(told) + 2
        drawn.append(_bar(y, mark, caption.name))
        y += BAR + GAP
    return framed(caption, "".join(drawn), (WIDTH, y))


def _bar(y: int, mark: Mark, name: str) -> str:
    at = ASIDE if mark.nothing is None else SLOT + 10
    said = words(at, y + 13, mark.words, font_size=13, font_weight="bold", fill=INK)
    if mark.nothing is not None:
        return absent(Box(Fraction(1, 2), y, SLOT, BAR), mark.nothing, name) + said
    share = min(mark.share or Fraction(0), Fraction(1))
    rest = tag("rect", x=0, y=y, width=FULL, height=BAR, fill="none", stroke=LINE)
    origin = tag("path", d=f"M0 {y - 2}v{BAR + 4}", stroke=INK, stroke_width=3)
    body = filled(Box(0, y, FULL * share, BAR), mark.tone, name) if share else ""
    step = "" if mark.step is None else sign(ASIDE + 82, y + 8, mark)
    return rest + body + origin + said + step


def stacks(rows: Sequence[tuple[str, Sequence[tuple[Mark, int]]]], caption: Caption) -> str:
    """A bar for every label, divided among its marks by their counts; the marks of the first row are the legend."""
    drawn, y = [textures(caption.name)], 4
    for label, parts in rows:
        drawn.append(words(0, y + 12, label, font_size=13, fill=INK) + _stack(y + LABEL + 2, parts, caption.name))
        y += LABEL + BAR + GAP + 2
    for mark, _ in rows[0][1] if rows else ():
        drawn.append(_key(y, mark, caption.name))
        y += LEGEND
    return framed(caption, "".join(drawn), (WIDTH, y + 4))


def _stack(y: int, parts: Sequence[tuple[Mark, int]], name: str) -> str:
    total, before, drawn = sum(count for _, count in parts), 0, []
    if not total:
        return tag("rect", x=0, y=y, width=WIDTH - 2, height=BAR, fill="none", stroke=LINE)
    for mark, count in parts:
        box = Box(Fraction(before * (WIDTH - 2), total), y, Fraction(count * (WIDTH - 2), total), BAR)
        if count:
            drawn.append(_part(box, mark, name) + _count(box, count))
        before += count
    return "".join(drawn)


def _part(box: Box, mark: Mark, name: str) -> str:
    return filled(box, mark.tone, name) if mark.nothing is None else absent(box, mark.nothing, name)


def _count(box: Box, count: int) -> str:
    """The number inside a part, where there is room for it."""
    x, y = box.middle
    pad = 4 + 4 * len(str(count))
    plate = tag("rect", x=x - pad, y=y - 6, width=2 * pad, height=12, rx=3, fill="#ffffff")
    told = words(x, y + 4, str(count), font_size=11, font_weight="bold", fill=INK, text_anchor="middle")
    return plate + told if box.width > 2 * pad else ""


def _key(y: int, mark: Mark, name: str) -> str:
    part = _part(Box(0, y + 2, 24, 12), mark, name)
    frame = tag("rect", x=0, y=y + 2, width=24, height=12, fill="none", stroke=NONE)
    return frame + part + words(32, y + 13, mark.words, font_size=13, fill=INK)
