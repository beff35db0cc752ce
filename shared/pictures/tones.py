"""What tells things apart in every picture: four tones with texture and sign, three kinds of nothing, zero.

A tone is told by its lightness, its texture and its sign; hue only helps. `tests/unit/shared/pictures/test_tones.py`
holds the contrasts and the distances as people who see fewer hues, and printers without colour, get them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from shared.pictures.svg import Number, plain, tag

Nothing = Literal["no_data", "not_applicable", "did_not_exist"]
INK, SOFT, LINE, PAPER, ACCENT, NONE = "#16202b", "#4a5663", "#c9d1da", "#ffffff", "#0b5394", "#e3e7ec"


@dataclass(frozen=True, slots=True)
class Tone:
    """One of the ordered steps: the fill, the ink that is read on it, the texture over it."""

    key: str
    fill: str
    ink: str
    texture: str


STEPS: Sequence[Tone] = (
    Tone("low", "#8f1d14", PAPER, "stripes"),
    Tone("medium", "#e8954a", INK, "dots"),
    Tone("above_average", "#ffe27a", INK, "rules"),
    Tone("high", "#2a7543", PAPER, ""),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn: a share of the whole with its step and words, or a kind of nothing with its words.

    `derived` marks a share that was made of others; it is drawn as a diamond.
    """

    words: str
    share: Fraction | None = None
    step: int | None = None
    nothing: Nothing | None = None
    derived: bool = False

    @property
    def tone(self) -> Tone | None:
        """The tone of its step; None where it has none."""
        return None if self.step is None else STEPS[self.step]


def textures(name: str) -> str:
    """The definitions that `filled` and `absent` refer to; `name` keeps pictures of one page apart."""
    return tag(
        "defs",
        _texture(name, "stripes", tag("path", d="M-1 1l2-2M0 6l6-6M5 7l2-2", stroke=PAPER, stroke_width=1)),
        _texture(name, "dots", tag("circle", cx=3, cy=3, r=1, fill=INK)),
        _texture(name, "rules", tag("path", d="M0 3h6", stroke=INK, stroke_width=Fraction(1, 2))),
        _texture(name, "hatch", tag("path", d="M-1 5l2 2M0 0l6 6M5-1l2 2", stroke=SOFT, stroke_width=Fraction(1, 2))),
    )


def _texture(name: str, key: str, inside: str) -> str:
    return tag("pattern", inside, id=f"{name}-{key}", width=6, height=6, patternUnits="userSpaceOnUse")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: Number
    y: Number
    width: Number
    height: Number

    @property
    def middle(self) -> tuple[Fraction, Fraction]:
        """Its centre."""
        return Fraction(self.x) + Fraction(self.width) / 2, Fraction(self.y) + Fraction(self.height) / 2


def _rect(box: Box, **attributes: str | Number | None) -> str:
    return tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, **attributes)


def filled(box: Box, tone: Tone | None, name: str) -> str:
    """A box in a tone with its texture; in the accent where there is no tone."""
    if tone is None:
        return _rect(box, fill=ACCENT)
    over = _rect(box, fill=f"url(#{name}-{tone.texture})") if tone.texture else ""
    return _rect(box, fill=tone.fill, stroke=INK, stroke_width=Fraction(1, 2)) + over


def absent(box: Box, nothing: Nothing, name: str) -> str:
    """A kind of nothing in a box: hatched (unknown), a dash in a frame (does not apply), a cross alone (was not)."""
    x, y = box.middle
    reach = min(Fraction(5), Fraction(box.width) / 2 - 1)
    if nothing == "no_data":
        return _rect(box, fill=f"url(#{name}-hatch)", stroke=SOFT, stroke_dasharray="3 2")
    if nothing == "not_applicable":
        dash = tag("path", d=path(("M", x - reach, y), ("H", x + reach)), stroke=INK, stroke_width=2)
        return _rect(box, fill=PAPER, stroke=SOFT) + dash
    cross = path(
        ("M", x - reach, y - reach),
        ("L", x + reach, y + reach),
        ("M", x - reach, y + reach),
        ("L", x + reach, y - reach),
    )
    return tag("path", d=cross, stroke=INK, stroke_width=2, fill="none")


def path(*steps: tuple[str | Number, ...]) -> str:
    """The steps of a path as its attribute."""
    return " ".join(one if isinstance(one, str) else plain(one) for step in steps for one in step)


def sign(x: Number, y: Number, mark: Mark) -> str:
    """The sign of a step at a place: a circle as full as the step is high; a diamond where the mark is derived."""
    tone = mark.tone
    fill = tone.fill if tone else ACCENT
    if mark.derived:
        diamond = path(("M", x, y - 8), ("L", x + 8, y), ("L", x, y + 8), ("L", x - 8, y), ("Z",))
        return tag("path", d=diamond, fill=fill, stroke=INK, stroke_width=Fraction(3, 2))
    ring = tag("circle", cx=x, cy=y, r=7, fill=PAPER, stroke=INK, stroke_width=Fraction(3, 2))
    return ring + _full(x, y, mark.step, fill)


def _full(x: Number, y: Number, step: int | None, fill: str) -> str:
    if step == 0:
        return tag("circle", cx=x, cy=y, r=Fraction(9, 2), fill=PAPER, stroke=fill, stroke_width=Fraction(5, 2))
    if step in {1, 2}:
        large, end = (0, (Fraction(x) + 6, Fraction(y))) if step == 1 else (1, (Fraction(x) - 6, Fraction(y)))
        pie = path(("M", x, y), ("L", x, Fraction(y) - 6), ("A", 6, 6, 0, large, 1, *end), ("Z",))
        return tag("path", d=pie, fill=fill, stroke=INK, stroke_width=Fraction(1, 2))
    return tag("circle", cx=x, cy=y, r=6, fill=fill)
