"""Where a person goes after signing in: back to the page asked for, and only to pages of ours."""

from urllib.parse import unquote, urlencode

from fastapi import Request
from starlette.routing import Match

from services.portal.clients.paths import here_of, parts_of

HOME = "/"
LONGEST = 2000


def safe_next(told: str | None) -> str:
    """A path of this portal, the start page for anything else: another host, a scheme, a control sign."""
    path = told or HOME
    parts = parts_of(path) if path.isprintable() and len(path) <= LONGEST else None
    if parts is None or parts.scheme or parts.netloc or "\\" in path or not path.startswith("/"):
        return HOME
    return HOME if path.startswith(("//", "/login", "/logout")) else path


def page_of(request: Request, told: str | None) -> str:
    """The page to open instead of what is told: where only forms are sent to, the nearest above that can be opened."""
    path = safe_next(told)
    parts = parts_of(path)
    above = parts.path if parts else HOME
    if _opens(request, above) is not Match.PARTIAL:
        return path
    while _opens(request, above) is not Match.FULL:
        above = above.rpartition("/")[0] or HOME
    return above


def _opens(request: Request, path: str) -> Match:
    """Whether an address of ours can be opened: partly, where it is there only for what is sent to it."""
    scope = {"type": "http", "method": "GET", "path": unquote(path), "root_path": "", "headers": []}
    found: list[Match] = [one.matches(scope)[0] for one in request.app.routes]
    return max(found, key=lambda one: one.value)


def login_address(request: Request) -> str:
    """The address of the sign-in that leads back: to this page, or for what no browser can repeat to its referrer."""
    here = here_of(request)
    if request.method != "GET" or "hx-request" in request.headers:
        asked = parts_of(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
        here = asked.path + (f"?{asked.query}" if asked.query else "") if asked else HOME
    return sign_in_address(page_of(request, here))


def sign_in_address(wanted: str) -> str:
    """The address of the sign-in that leads to a page of ours."""
    return f"/login?{urlencode({'next': wanted})}"
