"""Texts that people write, as bodies take them: something visible, and nothing that no page or paper can carry."""

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

from shared.texts import blank, sign_at, unreadable


def _readable(text: str) -> str:
    at = unreadable(text)
    if at is not None:
        sign, where = sign_at(text, at)
        raise PydanticCustomError("unreadable_text", "unreadable character", {"sign": sign, "where": where})
    if blank(text):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


# After the limits of a `str` in its annotation.
READABLE = AfterValidator(_readable)
