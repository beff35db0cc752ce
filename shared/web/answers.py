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


def cached(
    request: Request,
    body: bytes,
    *,
    etag: str | None = None,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """These bytes with their strong ETag, or 304 where the reader has them; always to be revalidated."""
    tag = etag or etag_of(body)
    told = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Authorization", **(headers or {})}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=told)
    return Response(body, media_type=media_type, headers=told)


def revision_tag(revision: int) -> str:
    """The ETag of a thing that counts its revisions."""
    return f'"{revision}"'


def created(content: Any, *, location: str, revision: int | None = None) -> Response:
    """201 with the address of what was made, and its ETag where it counts revisions."""
    headers = {"Location": location} | ({"ETag": revision_tag(revision)} if revision is not None else {})
    return JsonAnswer(content, status_code=201, headers=headers)


def shown(request: Request, content: Any, *, revision: int) -> Response:
    """One thing with the ETag of its revision, or 304."""
    return cached(request, write(content), etag=revision_tag(revision))


def page(request: Request, items: Sequence[Any], *, following: str | None) -> Response:
    """`{"items": [...], "next": cursor or null}` and a Link to the next page."""
    headers: dict[str, str] = {}
    if following is not None:
        others = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        headers["Link"] = f'<{request.url.path}?{urlencode([*others, ("cursor", following)])}>; rel="next"'
    return JsonAnswer({"items": list(items), "next": following}, headers=headers)
