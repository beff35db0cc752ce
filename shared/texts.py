"""Texts that people wrote: characters that nothing can carry, the end of a sentence, the cell of a spreadsheet."""

import re
import unicodedata
from typing import Any

# Tabs and line breaks are none of them. Half characters (surrogates) are refused where JSON is read.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
# How much of the text before a character is shown, so that its place is found.
_SHOWN = 20
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# What ends a line in texts that come from a word processor.
_BREAKS = frozenset("\v\f\x85")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A Russian spreadsheet takes ; for the border of cells, whatever this file's is: a formula may begin behind it.
_BORDER = re.compile(r"""([;\t\r\n][\s"']*)([=+\-@])""")
# An exact number below zero begins like a formula and is none.
_NUMBER = re.compile(r"-?[0-9]+([./][0-9]+)?")


def unreadable(text: str) -> int | None:
    """Where the first character stands that nothing can show; None where there is none."""
    found = _UNREADABLE.search(text)
    return None if found is None else found.start()


def sign_at(text: str, at: int) -> tuple[str, str]:
    """How a refusal names the character there: `U+000B`, and where it stands (Russian)."""
    before = text[max(0, at - _SHOWN) : at]
    return f"U+{ord(text[at]):04X}", f"он стоит после «{before}»" if before else "он стоит в начале"


def blank(text: str) -> bool:
    """Whether nothing of the text is to be seen."""
    return all(unicodedata.category(one) in _INVISIBLE for one in text)


def readable(text: str) -> str:
    """The text without such characters; those that end a line become line breaks."""
    return _UNREADABLE.sub(lambda found: "\n" if found[0] in _BREAKS else "", text)


def sentence(text: str) -> str:
    """The words with one full stop: an abbreviation, or what somebody wrote, may end with its own, or with two."""
    return text if text.endswith(("!", "?", "…", "...")) else text.rstrip(". ") + "."


def safe_cell(value: Any) -> Any:
    """No text that a spreadsheet would run as a formula, also where it divides the line by semicolons or tabs."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    harmless = _BORDER.sub(r"\1'\2", value)
    return f"'{harmless}" if harmless.startswith(_FORMULA) else harmless
