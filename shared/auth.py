"""Bearer tokens become actors: signature, issuer, audience, time and type are checked first."""

import asyncio
import base64
import hashlib
import json
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jwt import JWTClaimsRegistry

from shared.kernel import Unauthenticated, Unavailable
from shared.policy import NOBODY, PUBLIC, Actor
from shared.ports import Clock
from shared.telemetry import Trouble

ALGORITHMS = ("ES256", "RS256")
TYPES = frozenset({"at+jwt", "application/at+jwt"})
LEEWAY = 30
LONGEST = 8192
# Seconds that pass.
FRESH = 10 * 60.0
STALEST = 24 * 3600.0
REFETCH = 10.0
# All of one fetch: an issuer that answers byte by byte must not hold whoever waits for it.
FETCH_SECONDS = 10.0
REMEMBERED = 10_000
# A token that ends later is refused; the local issuer gives none that lives longer.
LONGEST_LIFE = 30 * 24 * 3600.0

# What JSON of another's making does to whoever reads it: the library of tokens does not look at every part's type.
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)

FetchKeys = Callable[[], Awaitable[Mapping[str, Any]]]


def _invalid(detail: str, *, code: str = "invalid-token") -> Unauthenticated:
    return Unauthenticated(code, "Токен не принят", f"{detail} Получите новый токен у поставщика удостоверений.")


def fetch_over_http(*, issuer: str, jwks: str | None = None, timeout: float = 3.0) -> FetchKeys:
    """Fetches the key set that the issuer's discovery document names (or the given address of keys)."""

    async def fetch() -> Mapping[str, Any]:
        async with httpx.AsyncClient(timeout=timeout, follow_redirects=False) as client:
            address = jwks
            if address is None:
                found = await client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
                address = str(found.raise_for_status().json()["jwks_uri"])
            told = (await client.get(address)).raise_for_status().json()
        if not isinstance(told, dict):
            raise TypeError("a key set is an object")
        return told

    return fetch


class Keys:
    """The issuer's public keys: fetched when needed, refreshed by age, refetched for an unknown id at a rate.

    All by the time that passes: the clock of a machine may be set, and then nobody is to wait for so long.
    """

    def __init__(self, fetch: FetchKeys, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._known: dict[str, Key] = {}
        self._fetched = self._tried = -math.inf
        self._failed = False
        self._trouble = Trouble("issuer")
        self._lock = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key of this id, None where the issuer has none; Unavailable where nobody can tell.

        A known key is asked for again by age, and meanwhile believed: its holders do not wait for a slow issuer.
        """
        if not self.hold(kid):
            await self._refresh(kid)
        if self._age() > STALEST or (kid not in self._known and self._failed):
            raise Unavailable("issuer", retry_after=int(REFETCH))
        return self._known.get(kid)

    def hold(self, kid: str) -> bool:
        """Whether a key of this id is believed now; where the keys are old they are asked for again meanwhile."""
        if kid not in self._known or self._age() > STALEST:
            return False
        if self._age() > FRESH and not self._too_soon() and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.create_task(self._refresh(kid), name="refresh-keys")
        return True

    def _age(self) -> float:
        return self._monotonic() - self._fetched

    async def _refresh(self, kid: str) -> None:
        async with self._lock:
            if (kid in self._known and self._age() <= FRESH) or self._too_soon():
                return
            self._failed = True
            try:
                async with asyncio.timeout(FETCH_SECONDS):
                    told = await self._fetch()
                keys = KeySet.import_key_set({"keys": [dict(one) for one in told["keys"] if one.get("use") != "enc"]})
            except (httpx.HTTPError, TimeoutError, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
                self._trouble.met(type(error).__name__)
                return  # what is known stays in force until STALEST
            finally:
                self._tried = self._monotonic()  # the pause begins now: whoever waited for this attempt makes no other
            self._known = {str(key.kid): key for key in keys if isinstance(key, ECKey | RSAKey)}
            self._fetched = self._monotonic()
            self._failed = False
            self._trouble.over()

    def _too_soon(self) -> bool:
        return self._monotonic() - self._tried < REFETCH


class Tokens:
    """Verifies access tokens of one issuer for one audience and remembers those that passed, as long as their keys."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        fetch: FetchKeys,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = Keys(fetch, monotonic)
        self._clock = clock
        self._wanted = JWTClaimsRegistry(
            now=lambda: int(clock().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._passed: OrderedDict[bytes, tuple[Actor, str]] = OrderedDict()

    def known(self, authorization: str | None) -> Actor | None:
        """The actor of a header whose token has passed and not expired, while its key is believed; no waiting."""
        found = self._passed.get(_digest(authorization)) if authorization else None
        if found is None:
            return None
        actor, kid = found
        return actor if self._clock().timestamp() < actor.expires and self._keys.hold(kid) else None

    async def actor(self, authorization: str | None) -> Actor:
        """The actor of an Authorization header, NOBODY without one.

        Unauthenticated for a token that is not believed, Unavailable where the issuer's keys cannot be had.
        """
        if authorization is None:
            return NOBODY
        if (found := self.known(authorization)) is not None:
            return found
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _invalid("Заголовок Authorization должен иметь вид «Bearer <токен>».")
        kid = _kid_of(token.strip())
        actor = _actor_of(await self._verified(token.strip(), kid))
        self._remember(authorization, actor, kid)
        return actor

    async def _verified(self, token: str, kid: str) -> dict[str, Any]:
        key = await self._keys.find(kid)
        if key is None:
            raise _invalid("Токен подписан неизвестным ключом.")
        try:
            claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
            self._wanted.validate(claims)
            claims = {**claims, "exp": float(claims["exp"])}  # an integer may be too great for one
        except ExpiredTokenError:
            raise _invalid("Срок действия токена истёк.", code="token-expired") from None
        except (JoseError, *_UNREADABLE):
            raise _invalid("Подпись, издатель, получатель или время токена не подходят.") from None
        if claims["exp"] - self._clock().timestamp() > LONGEST_LIFE:
            raise _invalid(f"Токен действует дольше {LONGEST_LIFE / 86400:g} суток.")
        return claims

    def _remember(self, authorization: str, actor: Actor, kid: str) -> None:
        while len(self._passed) >= REMEMBERED:
            self._passed.popitem(last=False)
        self._passed[_digest(authorization)] = actor, kid


def _digest(authorization: str) -> bytes:
    return hashlib.sha256(authorization.encode("utf-8", "surrogateescape")).digest()


def _kid_of(token: str) -> str:
    """The key id of a token's header, whose type and algorithm must be ours."""
    first = token[:LONGEST].split(".", 1)[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
        typ, alg, kid = str(header["typ"]).lower(), header["alg"], header["kid"]
    except _UNREADABLE:
        raise _invalid("Это не токен доступа (JWT).") from None
    if len(token) > LONGEST or typ not in TYPES or alg not in ALGORITHMS or not isinstance(kid, str):
        raise _invalid("Нужен токен доступа вида at+jwt с подписью ES256 или RS256.")
    return kid


def _actor_of(claims: Mapping[str, Any]) -> Actor:
    role = claims.get("role")
    scope, client, name = claims.get("scope"), claims.get("client_id"), claims.get("name")
    attributes = {
        claim.removesuffix("_id"): value
        for claim, value in claims.items()
        if claim.endswith("_id") and isinstance(value, str) and value
    }
    return Actor(
        role=role if isinstance(role, str) and role and role != PUBLIC else "none",
        subject=str(claims["sub"]),
        attributes=attributes,
        scopes=frozenset(scope.split()) if isinstance(scope, str) else frozenset(),
        client_id=client if isinstance(client, str) else None,
        name=name if isinstance(name, str) else None,
        expires=claims["exp"] + LEEWAY,
    )
