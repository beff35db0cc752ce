"""Answers: exact JSON, strong ETags with 304, pages with a link to the next."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response

from shared.exactjson import write

JSON = "application/json"


class JsonAnswer(Response):
    """JSON whose Decimals and Fractions are exact strings."""

    media_type = JSON

    def render(self, content: Any) -> bytes:
        return write(content)


def etag_of(body: bytes) -> str:
    """The strong ETag of these bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match header names this ETag (weak comparison, RFC 9110 §13.1.2)."""
    if not if_none_match:
        return False
    if if_none_match == etag:
        return True
    named = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return "*" in named or etag in named


class _Ready(Response):
    """An answer whose headers are already bytes."""

    def __init__(self, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code, self.body, self.raw_headers, self.background = status, body, headers, None


class Prepared:
    """Bytes that are answered often: headers made once, 304 for a reader who has them."""

    def __init__(
        self,
        body: bytes,
        *,
        etag: str | None = None,
        media_type: str = JSON,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.body, self.etag = body, etag or etag_of(body)
        told = {"etag": self.etag, "cache-control": "no-cache", "vary": "Accept, Authorization"}
        told |= {name.lower(): value for name, value in (headers or {}).items()}
        typed = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        self._unchanged = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
        full = {"content-type": typed, "content-length": str(len(body))}
        self._whole = [*self._unchanged, *((name.encode(), value.encode()) for name, value in full.items())]

    def answer(self, request: Request) -> Response:
        """The whole, or 304."""
        if matches(_header(request, b"if-none-match"), self.etag):
            return _Ready(304, b"", self._unchanged)
        return _Ready(200, self.body, self._whole)


def _header(request: Request, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in request.scope["headers"] if key == name), None)


def cached(
    request: Request,
    body: bytes,
    *,
    etag: str | None = None,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """These bytes with their strong ETag, or 304 where the reader has them."""
    return Prepared(body, etag=etag, media_type=media_type, headers=headers).answer(request)


def revision_tag(revision: int) -> str:
    """The ETag of a thing that counts its revisions."""
    return f'"{revision}"'


def created(content: Any, *, location: str, revision: int | None = None) -> Response:
    """201 with the address of what was made, and its ETag where it counts revisions."""
    headers = {"Location": location} | ({"ETag": revision_tag(revision)} if revision is not None else {})
    return JsonAnswer(content, status_code=201, headers=headers)


def shown(request: Request, content: Any, *, revision: int) -> Response:
    """One thing of which everything moves its revision: with the ETag of that, or 304."""
    return cached(request, write(content), etag=revision_tag(revision))


def composed(content: Any, *, revision: int) -> Response:
    """One thing with what others say of it (names, the calendar): its ETag is for If-Match, and 304 is never answered.

    Its revision does not move with that: who has the bytes of this revision may have other words.
    """
    return JsonAnswer(content, headers={"ETag": revision_tag(revision), "Cache-Control": "no-store"})


def page(
    request: Request, items: Sequence[Any], *, following: str | None, beside: Mapping[str, Any] | None = None
) -> Response:
    """`{"items": [...], "next": cursor or null}` (and what stands `beside`) and a Link to the next page."""
    headers: dict[str, str] = {}
    if following is not None:
        others = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        headers["Link"] = f'<{request.url.path}?{urlencode([*others, ("cursor", following)])}>; rel="next"'
    return JsonAnswer({"items": list(items), "next": following, **(beside or {})}, headers=headers)
