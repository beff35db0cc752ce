"""Texts that people write, as bodies take them: something visible, and nothing that no page or paper can carry."""

import unicodedata

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

from shared.texts import unreadable

# How much of the text before a character is shown, so that its place is found.
SHOWN = 20
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def _readable(text: str) -> str:
    at = unreadable(text)
    if at is not None:
        before = text[max(0, at - SHOWN) : at]
        where = f"он стоит после «{before}»" if before else "он стоит в начале"
        raise PydanticCustomError(
            "unreadable_text", "unreadable character", {"sign": f"U+{ord(text[at]):04X}", "where": where}
        )
    if all(unicodedata.category(one) in INVISIBLE for one in text):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


# After the limits of a `str` in its annotation.
READABLE = AfterValidator(_readable)
