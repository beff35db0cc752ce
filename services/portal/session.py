"""Who is signed in: an encrypted cookie that becomes the bearer token of its request."""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.ports import Clock
from shared.settings import Settings, SettingsWrong

SHORTEST_KEY = 32
LONGEST_COOKIE = 4000
# Hexadecimal digits of SHA-256.
DIGEST = 64
SIGN_IN_LIFE = timedelta(minutes=10)
SEALED = {"alg": "dir", "enc": "A256GCM"}
# These doors make and end sessions; what an old one says does not matter to them.
WITHOUT = ("/login", "/logout", "/static/", "/livez", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person: the access token, what tells the person from others, the second at which it ends.

    `identity` is the provider's identity token, by which it signs out without asking again; empty where it had no room.
    """

    token: str
    person: str
    ends: int
    identity: str = ""


def secrets_of(settings: Settings) -> list[str]:
    """The keys of sessions, the one that seals first; a fresh one per process on a developer's machine.

    Several are divided by commas, each as long as one must be; a text that is not several is one key, commas and all.
    SettingsWrong elsewhere without one, or for a short one.
    """
    if settings.session_key is None:
        if settings.local:
            return [secrets.token_urlsafe(SHORTEST_KEY)]
        raise SettingsWrong(
            "RSOKO_SESSION_KEY: не задано; нужен случайный ключ не короче 32 знаков, один на все порталы"
        )
    found = settings.session_key.get_secret_value()
    several = [one.strip() for one in found.split(",")] if "," in found else [found]
    if all(len(one) >= SHORTEST_KEY for one in several):
        return several
    if len(found) < SHORTEST_KEY:
        raise SettingsWrong(f"RSOKO_SESSION_KEY: не короче {SHORTEST_KEY} знаков (сейчас {len(found)})")
    return [found]


class Sessions:
    """Seals cookies and marks forms with the first key and takes those of any; the same keys in all processes."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        found = [one.encode() for one in secrets_of(settings)]
        self._keys = [OctKey.import_key(hashlib.sha256(b"seal\n" + one).digest()) for one in found]
        self._marks = [hashlib.sha256(b"mark\n" + one).digest() for one in found]
        self._issuer = settings.issuer
        self._clock = clock
        self.secure = not settings.local
        # Cookies know no ports: several local platforms must not sign each other out.
        self.cookie = "__Host-rsoko" if self.secure else f"rsoko-{settings.port_base}"
        self.attempt_cookie = f"{self.cookie}-signin"

    def begin(self, token: str, subject: str, ends: int, identity: str = "") -> Session:
        """A new session around an access token of this subject that ends at this second."""
        person = hashlib.sha256(json.dumps([self._issuer, subject]).encode()).hexdigest()
        return Session(token, person, ends, identity)

    def write(self, session: Session) -> str:
        """The cookie's value; what tells the person stands where 0.2.0 had a random id, and each reads the other's."""
        needed = {"token": session.token, "id": session.person, "ends": session.ends}
        sealed = self.seal(needed | {"identity": session.identity})
        # A browser drops a longer one: then rather the provider's question at the way out.
        return sealed if len(sealed) <= LONGEST_COOKIE else self.seal(needed)

    def read(self, cookie: str | None) -> Session | None:
        """The session of a cookie, ended ones too; None for one that is not ours."""
        told = self.open(cookie)
        try:
            return _session(told) if told else None
        except (KeyError, TypeError, ValueError):
            return None

    def ended(self, session: Session) -> bool:
        """Whether its token is past its time."""
        return session.ends <= self._clock().timestamp()

    def forget(self, answer: Response) -> None:
        """Make the browser drop the cookie."""
        answer.delete_cookie(self.cookie, secure=self.secure, httponly=True, samesite="lax")

    def mark(self, session: Session) -> str:
        """What a form of this person carries, so that no other site can have written it.

        Of the person and not of the session: one ends while somebody writes, and a form outlives it.
        """
        signed = _signed(self._marks[0], session.person)
        # A session that 0.2.0 began has the mark of 0.2.0: each of the two takes what the other's pages send.
        return session.person + signed if len(session.person) == DIGEST else signed

    def marked(self, mark: str, session: Session | None = None) -> bool:
        """Whether a mark is one of ours: of this session's person; without one whosever, for it names its person.

        That of 0.2.0 names nobody, and is taken of this session alone.
        """
        person, signed = mark[:DIGEST], mark[DIGEST:]
        if session is not None and not signed:
            person, signed = session.person, mark
        if session is not None and person != session.person:
            return False
        return any(hmac.compare_digest(signed.encode(), _signed(key, person).encode()) for key in self._marks)

    def seal(self, content: dict[str, Any]) -> str:
        """Encrypted and authenticated: nobody but the portal reads or makes one."""
        return jwe.encrypt_compact(SEALED, json.dumps(content).encode(), self._keys[0])

    def open(self, sealed: str | None) -> dict[str, Any] | None:
        """What was sealed; None for anything else."""
        found = (self._opened(sealed, key) for key in self._keys) if sealed else ()
        return next((one for one in found if one is not None), None)

    def _opened(self, sealed: str, key: OctKey) -> dict[str, Any] | None:
        try:
            plain = jwe.decrypt_compact(sealed, key, algorithms=["dir", "A256GCM"]).plaintext
            found = json.loads(plain or b"")
        except (JoseError, ValueError):
            return None
        return found if isinstance(found, dict) else None


def _session(told: dict[str, Any]) -> Session:
    return Session(str(told["token"]), str(told["id"]), int(told["ends"]), str(told.get("identity", "")))


def _signed(key: bytes, person: str) -> str:
    return hmac.new(key, person.encode(), hashlib.sha256).hexdigest()


def cookie_of(scope: Scope, name: str) -> str | None:
    """The value of a cookie of this request."""
    told = b"; ".join(value for key, value in scope["headers"] if key == b"cookie").decode("latin-1")
    return cookie_parser(told).get(name)


class SessionLayer:
    """Turns the cookie into `Authorization: Bearer …`; a request that brings its own token keeps it."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(WITHOUT):
            self._carry(scope)
        await self._app(scope, receive, send)

    def _carry(self, scope: Scope) -> None:
        if any(name == b"authorization" for name, _ in scope["headers"]):
            return
        session = self._sessions.read(cookie_of(scope, self._sessions.cookie))
        if session is not None:
            scope["portal.session"] = session
            scope["headers"] = [*scope["headers"], (b"authorization", f"Bearer {session.token}".encode("latin-1"))]
