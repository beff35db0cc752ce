"""An analytics document as a page: texts as people type them, shares as percents, the picture as an address."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from services.portal.show.numbers import NBSP

Told = Mapping[str, Any]
BULLET = re.compile(r"^\s*[-•—]\s+")
SIMILAR = (
    "Сходные — сопоставимые муниципалитеты того же вида, население которых отличается не больше чем вдвое (по "
    "реестру); если население муниципалитета неизвестно — только того же вида. В скобках — сколько их."
)
CHANGES = {
    "compared": "сопоставимо",
    "not_comparable": "не сопоставимо",
    "no_data": "нет данных",
    "not_applicable": "не применялась",
    "did_not_exist": "не существовал в одном из периодов",
}


def blocks_of(typed: str) -> list[dict[str, Any]]:
    """Paragraphs are parted by empty lines; lines that begin with a dash are a list."""
    blocks: list[dict[str, Any]] = []
    for part in re.split(r"\n\s*\n", typed.replace("\r\n", "\n")):
        blocks += _part([line.strip() for line in part.splitlines() if line.strip()])
    return blocks


def _part(lines: Sequence[str]) -> Iterable[dict[str, Any]]:
    words: list[str] = []
    items: list[str] = []
    for line in lines:
        bare = BULLET.sub("", line)
        if bare != line:
            yield from _paragraph(words)
            items.append(bare)
        else:
            yield from _list(items)
            words.append(line)
    yield from _paragraph(words)
    yield from _list(items)


def _paragraph(words: list[str]) -> Iterable[dict[str, Any]]:
    if words:
        yield {"paragraph": " ".join(words)}
        words.clear()


def _list(items: list[str]) -> Iterable[dict[str, Any]]:
    if items:
        yield {"list": list(items)}
        items.clear()


def typed_of(blocks: Sequence[Told]) -> str:
    """A text as it is typed: the same that `blocks_of` reads."""
    parts = [
        one["paragraph"] if "paragraph" in one else "\n".join(f"- {item}" for item in one["list"]) for one in blocks
    ]
    return "\n\n".join(parts)


def mark_of(typed: str) -> str:
    """Tells a text as it is typed from another one: what a field was filled from, and whether it was changed since."""
    return hashlib.sha256(typed.replace("\r\n", "\n").encode()).hexdigest()[:16]


def tenths(share: str) -> str:
    """A share as percent with one decimal, rounded half up away from zero."""
    value = Fraction(share) * 1000
    whole = int((abs(value) * 2 + 1) // 2)
    return f"{'−' if value < 0 and whole else ''}{whole // 10},{whole % 10}"


def share_percent(share: str | None) -> str:
    """`33,3 %`, a dash for nothing."""
    return "—" if share is None else f"{tenths(share)}{NBSP}%"


def change_points(change: str | None) -> str:
    """`+12,5 п. п.`, a dash for nothing."""
    if change is None:
        return "—"
    told = tenths(change)
    return f"{'' if told[0] == '−' or told == '0,0' else '+'}{told}{NBSP}п.{NBSP}п."


def picture_address(svg: str) -> str:
    """A picture as the address of an image, which runs nothing."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
