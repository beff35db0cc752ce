"""An issuer for tests: signs any claims, counts how often its keys are fetched, can be away."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from shared.ports import Clock

Signing = ECKey | RSAKey | OctKey


class Issuer:
    def __init__(self, clock: Clock) -> None:
        self.name = "https://issuer.example"
        self.clock = clock
        self.keys: dict[str, Signing] = {"one": ECKey.generate_key("P-256", {"kid": "one"})}
        self.fetched = 0
        self.away = False

    async def fetch(self) -> Mapping[str, Any]:
        self.fetched += 1
        if self.away:
            raise httpx.ConnectError("away")
        return {"keys": [key.as_dict(private=False) for key in self.keys.values()]}

    def rotate(self, kid: str) -> None:
        """Publish a new key in the place of the old ones."""
        self.keys = {kid: ECKey.generate_key("P-256", {"kid": kid})}

    def token(self, role: str | None = "ministry", *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """A signed token; claims of None are left out."""
        now = int(self.clock().timestamp())
        usual = {"iss": self.name, "aud": "rsoko", "sub": "u1", "iat": now, "exp": now + 300, "role": role}
        told = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        kid = next(iter(self.keys))
        head = {"typ": "at+jwt", "alg": "ES256", "kid": kid, **(header or {})}
        return jwt.encode(head, told, self.keys[kid], algorithms=[head["alg"]])

    def resigned(self, header: Mapping[str, Any]) -> str:
        """A token with another header under the first one's signature: for what is refused before that is looked at."""
        _, claims, signature = self.token().split(".")
        head = {"typ": "at+jwt", "alg": "ES256", "kid": next(iter(self.keys)), **header}
        return f"{part(head)}.{claims}.{signature}"

    def bearer(self, role: str | None = "ministry", **claims: Any) -> dict[str, str]:
        """The header with such a token."""
        return {"Authorization": f"Bearer {self.token(role, **claims)}"}


def part(value: object) -> str:
    """A value as a part of a compact token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
