"""Addresses: of other services, made of what a visitor has named; and what a browser says is one, taken apart."""

from urllib.parse import SplitResult, quote, urlsplit

from starlette.requests import Request

from shared.kernel import NotFound


def path(*parts: str) -> str:
    """The address of these parts; each is percent-encoded, so that what was named stays one part of it.

    NotFound for a part by which an address leads elsewhere.
    """
    if not {".", ".."}.isdisjoint(parts):
        raise NotFound("page-not-found", "Такой страницы нет", "По этому адресу ничего нет.")
    return "/" + "/".join(quote(part, safe="") for part in parts)


def here_of(request: Request) -> str:
    """Path and query of a request as the browser wrote them: decoded, a sign of a name could part the address anew."""
    raw: bytes = request.scope.get("raw_path") or quote(request.url.path).encode()
    return raw.decode("latin-1") + (f"?{request.url.query}" if request.url.query else "")


def parts_of(address: str) -> SplitResult | None:
    """The parts of an address; None for what is none, such as a bracket that is not closed."""
    try:
        return urlsplit(address)
    except ValueError:
        return None
