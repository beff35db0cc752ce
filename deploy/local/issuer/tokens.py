"""Signed tokens: access tokens after RFC 9068, identity tokens after OpenID Connect Core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.local.issuer.people import Person

ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whose tokens they are, for whom, with which key; time and ids come from outside."""

    address: str
    audience: str
    key: ECKey
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    def access(self, who: Person, *, client: str, scopes: Sequence[str], ttl: timedelta) -> str:
        """An access token (`typ: at+jwt`) for the platform's services."""
        claims = self._common(who, ttl) | {
            "aud": self.audience,
            "client_id": client,
            "jti": self.new_id(),
            "role": who.role,
            "name": who.name,
            "scope": " ".join(scopes),
            **who.attributes,
        }
        return self._signed("at+jwt", claims)

    def identity(self, who: Person, *, client: str, nonce: str | None, ttl: timedelta) -> str:
        """An identity token for the client that signed the person in."""
        claims = self._common(who, ttl) | {
            "aud": client,
            "name": who.name,
            "role": who.role,
            **who.attributes,
        }
        return self._signed("JWT", claims | ({"nonce": nonce} if nonce else {}))

    def public_keys(self) -> dict[str, Any]:
        """The JWKS document."""
        return {"keys": [{**self.key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}]}

    def _common(self, who: Person, ttl: timedelta) -> dict[str, Any]:
        now = self.clock()
        return {
            "iss": self.address,
            "sub": who.subject,
            "iat": int(now.timestamp()),
            "exp": int((now + ttl).timestamp()),
        }

    def _signed(self, kind: str, claims: dict[str, Any]) -> str:
        header = {"alg": ALGORITHM, "typ": kind, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key, algorithms=[ALGORITHM])
