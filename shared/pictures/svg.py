"""SVG as text: elements, numbers, wrapped words, and the frame with a name and a description around every picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import escape

Number = int | Fraction
FONT = "Golos Text, Liberation Sans, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Caption:
    """What a picture is called and says in words; `name` begins its ids and is unique on a page."""

    name: str
    title: str
    desc: str


def plain(number: Number) -> str:
    """A coordinate with at most two decimals, rounded half-up, without a tail of zeros."""
    hundredths = int((Fraction(number) * 200 + 1) // 2)
    whole, rest = divmod(abs(hundredths), 100)
    tail = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if hundredths < 0 else ''}{whole}{tail}"


def tag(name: str, *inside: str, **attributes: str | Number | None) -> str:
    """An element; `stroke_width` is written `stroke-width`, `class_` is written `class`, None is left out."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value if isinstance(value, str) else plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{''.join(inside)}</{name}>" if inside else f"<{name}{told}/>"


def words(x: Number, y: Number, told: str, **attributes: str | Number | None) -> str:
    """A line of text."""
    return tag("text", escape(told), x=x, y=y, **attributes)


def lines(x: Number, y: Number, told: Iterable[str], *, step: int, **attributes: str | Number | None) -> str:
    """Lines of text one under another."""
    return "".join(words(x, y + step * number, line, **attributes) for number, line in enumerate(told))


def wrapped(told: str, width: int) -> list[str]:
    """The words in lines of at most `width` characters; a longer word is cut."""
    made: list[str] = []
    for word in told.split():
        rest = word
        if made and len(made[-1]) + 1 + len(rest) <= width:
            made[-1] += f" {rest}"
            continue
        while len(rest) > width:
            made.append(f"{rest[: width - 1]}-")
            rest = rest[width - 1 :]
        made.append(rest)
    return made


def framed(caption: Caption, inside: str, size: tuple[int, int], **attributes: str | Number | None) -> str:
    """A whole picture of this size, with its title and description; one picture to whoever cannot see it."""
    width, height = size
    title, desc = f"{caption.name}-title", f"{caption.name}-desc"
    given: Mapping[str, str | Number | None] = {"role": "img", "class_": "picture", **attributes}
    return tag(
        "svg",
        tag("title", escape(caption.title), id=title),
        tag("desc", escape(caption.desc), id=desc),
        inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        aria_labelledby=f"{title} {desc}",
        font_family=FONT,
        **given,
    )
