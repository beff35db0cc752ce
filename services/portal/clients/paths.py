"""Addresses of other services made of what a visitor has named."""

from urllib.parse import quote


def path(*parts: str) -> str:
    """The address of these parts; each is percent-encoded, so that what was named stays one part of it."""
    return "/" + "/".join(quote(part, safe="") for part in parts)
