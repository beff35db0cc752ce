"""The identity provider as the portal meets it: discovery, the way there, the exchange of a code for tokens."""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from shared.auth import ALGORITHMS, LEEWAY, FetchKeys, Keys, fetch_over_http
from shared.kernel import Unauthenticated, Unavailable
from shared.ports import Clock
from shared.settings import Settings
from shared.telemetry import Trouble, log

FRESH = timedelta(minutes=10)
WRONG_ANSWER = (
    "Ответ службы входа не подходит: подпись, издатель, получатель или попытка входа. Войдите ещё раз; "
    "если не поможет, сообщите администратору."
)
# All of one answer: httpx counts anew with every byte, and a provider that drips would hold the visitor for ever.
PATIENCE = 5.0
SCOPE = "openid"
OK = 200
# What a description must name; the doors to sign out by and of the keys are not everybody's.
DOORS = ("authorization_endpoint", "token_endpoint")
IN_FORM = "client_secret_post"
# Of an error's code in the log; it comes from outside.
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in: what must come back, and the page that was asked for."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: int


class SignInFailed(Unauthenticated):
    """The provider, or what came back from it, does not let this person in."""


class Provider:
    """One OpenID Connect provider; its own description says where its doors are."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        *,
        fetch: FetchKeys | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._transport = transport
        self._keys = Keys(fetch or fetch_over_http(issuer=settings.issuer, jwks=settings.jwks))
        self._described: Mapping[str, Any] = {}
        self._at: datetime | None = None
        self._trouble = Trouble("provider")

    async def way(self, attempt: Attempt, back: str) -> str:
        """The address to send the browser to."""
        query = {
            "response_type": "code",
            "client_id": self._settings.oidc_client,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        described = await self._description()
        return _asking(str(described["authorization_endpoint"]), query)

    async def way_out(self, back: str, identity: str = "") -> str | None:
        """The address that ends the provider's own session, None where it has none.

        Without the identity token of this session a provider asks whether to sign out (OpenID Connect RP-Initiated
        Logout 1.0, section 2), and whoever closes that page stays signed in.
        """
        address = (await self._description()).get("end_session_endpoint")
        query = {"client_id": self._settings.oidc_client, "post_logout_redirect_uri": back}
        if identity:
            query["id_token_hint"] = identity
        return _asking(str(address), query) if address else None

    async def exchange(self, code: str, attempt: Attempt, back: str) -> tuple[str, str]:
        """The access and the identity token for a code; SignInFailed where the provider or its answer says no."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        described = await self._description()
        own, headers = self._proof(described)
        _, told = await self._asked("POST", str(described["token_endpoint"]), data=form | own, headers=headers)
        self._trouble.over()
        token, identity = told.get("access_token"), told.get("id_token")
        if not isinstance(token, str) or not isinstance(identity, str):
            raise _not_granted(told.get("error"))
        await self._check_identity(identity, attempt.nonce)
        return token, identity

    def _proof(self, described: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
        """Fields and headers by which the provider knows the portal: one way alone, or it refuses.

        A secret goes by HTTP Basic (RFC 6749 §2.3.1), which is what a provider means that names no way, unless it says
        that it takes a form.
        """
        client, secret = self._settings.oidc_client, self._settings.oidc_secret
        if secret is None:
            return {"client_id": client}, {}
        told = secret.get_secret_value()
        if IN_FORM in (described.get("token_endpoint_auth_methods_supported") or ()):
            return {"client_id": client, "client_secret": told}, {}
        pair = f"{quote_plus(client)}:{quote_plus(told)}"
        return {}, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    async def _check_identity(self, identity: str, nonce: str) -> None:
        """The identity token is the provider's, for us, fresh, and of this very attempt."""
        wanted = JWTClaimsRegistry(
            now=lambda: int(self._clock().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.oidc_client},
            exp={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            kid = str(jwt_header(identity).get("kid"))
            key = await self._keys.find(kid)
            if key is None:
                raise _failed("Ответ службы входа подписан неизвестным ключом. Сообщите администратору.")
            wanted.validate(jwt.decode(identity, key, algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError):
            raise _failed(WRONG_ANSWER) from None

    async def _description(self) -> Mapping[str, Any]:
        """Where the provider's doors are; Unavailable for an answer that does not say so, which is not kept."""
        if self._at is None or self._clock() - self._at > FRESH:
            named = self._settings.oidc_discovery
            address = named or f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            status, told = await self._asked("GET", address)
            if status != OK or not all(isinstance(told.get(name), str) for name in DOORS):
                raise self._away(f"http-{status}, no description")
            self._trouble.over()
            self._described, self._at = told, self._clock()
        return self._described

    async def _asked(self, method: str, address: str, **options: Any) -> tuple[int, Mapping[str, Any]]:
        """The status and the object that the provider answers; Unavailable where it is away or broken."""
        async with httpx.AsyncClient(timeout=PATIENCE, transport=self._transport, trust_env=False) as client:
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await client.request(method, address, **options)
                told = answer.json()
            except (httpx.HTTPError, TimeoutError, ValueError) as error:
                raise self._away(type(error).__name__) from None
        if answer.is_server_error:
            raise self._away(f"http-{answer.status_code}")
        return answer.status_code, told if isinstance(told, dict) else {}

    def _away(self, why: str) -> Unavailable:
        self._trouble.met(why)
        return Unavailable("issuer", retry_after=10)


def new_attempt(following: str, until: datetime) -> Attempt:
    """A try with fresh secrets."""
    state, nonce, verifier = (secrets.token_urlsafe(size) for size in (24, 24, 48))
    return Attempt(state, nonce, verifier, following, int(until.timestamp()))


def challenge(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def jwt_header(token: str) -> Mapping[str, Any]:
    """The header of a compact token, unverified; ValueError for what is none."""
    first = token.partition(".")[0]
    found = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    return found if isinstance(found, dict) else {}


def _asking(address: str, query: Mapping[str, str]) -> str:
    """A door of the provider, whose address may ask something itself, asked this."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _not_granted(error: object) -> SignInFailed:
    """Why there is no token: an attempt that is over, or what no other attempt mends, how the portal is known there."""
    code = error[:LONGEST_CODE] if isinstance(error, str) else ""
    if code in {"", "invalid_grant"}:
        return _failed("Служба входа не подтвердила вход: попытка использована или просрочена. Войдите ещё раз.")
    log.warning("sign-in.refused", error=code)
    return _failed("Служба входа не признала портал. Сообщите администратору: другая попытка не поможет.")


def _failed(detail: str) -> SignInFailed:
    return SignInFailed("sign-in-failed", "Войти не удалось", detail)
