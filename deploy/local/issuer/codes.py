"""Authorization codes: valid once, shortly, for the client, address and verifier they were asked with."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from deploy.local.issuer.people import Person

LIFE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked for when it sent a person to us."""

    client: str
    redirect_uri: str
    challenge: str
    scope: str = "openid"
    nonce: str | None = None


class Codes:
    """The codes that are out; kept in memory, as a restart of the issuer only asks for another login."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """Start with none."""
        self._clock = clock
        self._out: dict[str, tuple[Request, Person, datetime]] = {}

    def give(self, request: Request, who: Person) -> str:
        """Give a code for a person who agreed."""
        now = self._clock()
        self._out = {code: kept for code, kept in self._out.items() if kept[2] > now}
        code = secrets.token_urlsafe(32)
        self._out[code] = (request, who, now + LIFE)
        return code

    def take(self, code: str, *, client: str, redirect_uri: str, verifier: str) -> tuple[Request, Person] | None:
        """Take a code back: nothing unless all that it was given for is the same."""
        request, who, until = self._out.pop(code, (None, None, None))
        if request is None or who is None or until is None or until <= self._clock():
            return None
        same = (request.client, request.redirect_uri) == (client, redirect_uri)
        met = secrets.compare_digest(challenge(verifier).encode(), request.challenge.encode())
        return (request, who) if same and met else None


def challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
