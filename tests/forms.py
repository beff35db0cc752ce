"""Every form of the portal with odd text in all of its fields: what a browser never sends and anybody else may."""

import re
from pathlib import Path

from services.portal import page

# Fields are written by macros that take the name first, or by hand.
FIELD = re.compile(r"""\b\w+\("([a-z_]+)"|(?<!-)name="([a-z_]+)\"""")
ODD = {
    "letters": "ключ",
    "another line": "1\r\nX-Role: ministry",
    "a figure that is no digit": "²",
    "digits of others": "٣",
    "more digits than a number has": "9" * 5000,
    "half a character": b"\xff\xfe",
    "nothing but zeros": "\0\0",
}


def fields() -> list[str]:
    """The names of all fields in all templates, and those that are made of what the services tell."""
    told = "\n".join(one.read_text(encoding="utf-8") for one in Path(page.HERE, "templates").rglob("*.html"))
    found = {first or second for first, second in FIELD.findall(told)}
    assert {"key", "revision", "correction"} <= found
    return sorted(found | {"value-i1"})


def filled(odd: str | bytes) -> dict[str, str | bytes]:
    """A form with the same odd text everywhere."""
    return dict.fromkeys(fields(), odd)
