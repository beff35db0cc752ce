"""Where a person goes after signing in: back to the page asked for, and only to pages of ours."""

from urllib.parse import urlencode

from fastapi import Request

from services.portal.clients.paths import parts_of

HOME = "/"
LONGEST = 2000


def safe_next(told: str | None) -> str:
    """A path of this portal, the start page for anything else: another host, a scheme, a control sign."""
    path = told or HOME
    parts = parts_of(path) if path.isprintable() and len(path) <= LONGEST else None
    if parts is None or parts.scheme or parts.netloc or "\\" in path or not path.startswith("/"):
        return HOME
    return HOME if path.startswith(("//", "/login", "/logout")) else path


def login_address(request: Request) -> str:
    """The address of the sign-in that leads back: to this page, or for what no browser can repeat to its referrer."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "GET" or "hx-request" in request.headers:
        asked = parts_of(request.headers.get("hx-current-url") or request.headers.get("referer", ""))
        here = asked.path + (f"?{asked.query}" if asked.query else "") if asked else HOME
    return sign_in_address(safe_next(here))


def sign_in_address(wanted: str) -> str:
    """The address of the sign-in that leads to a page of ours."""
    return f"/login?{urlencode({'next': wanted})}"
