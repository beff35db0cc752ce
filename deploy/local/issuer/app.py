"""The issuer over HTTP: discovery, keys, the authorization code flow with PKCE, client credentials."""

import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from prometheus_client import Counter, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from deploy.local.issuer import codes, keys, page, people
from deploy.local.issuer.codes import Codes
from deploy.local.issuer.grants import Grants
from deploy.local.issuer.tokens import ALGORITHM, Issuer
from deploy.local.processes import Failed
from deploy.local.settings import Settings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
NO_STORE = {"Cache-Control": "no-store"}
GRANTED = Counter(
    "rsoko_identity_tokens_total", "Answers of the token endpoint; outcome: granted or RFC 6749's error.", ["outcome"]
)
POLICY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}


def create() -> FastAPI:
    """Build the issuer from the environment; fails unless RSOKO_ENV says local."""
    settings = Settings.from_env()
    require_local(os.environ.get("RSOKO_ENV", ""))
    return build(issuer_of(settings, audience=os.environ.get("RSOKO_AUDIENCE") or "rsoko"))


def require_local(environment: str) -> None:
    """Refuse to issue tokens anywhere but on a developer's machine."""
    if environment != "local":
        raise Failed(
            "местный поставщик удостоверений работает только при RSOKO_ENV=local",
            "для промышленной среды укажите настоящего поставщика OIDC в RSOKO_ISSUER",
        )


def issuer_of(settings: Settings, *, audience: str = "rsoko") -> Issuer:
    """Put together the issuer of a state folder, its key made at need."""
    return Issuer(
        address=settings.issuer,
        audience=audience,
        key=keys.load_or_make(settings.keys),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: uuid.uuid4().hex,
    )


def build(issuer: Issuer) -> FastAPI:
    """Build the application around an issuer."""
    app = FastAPI(title="RSOKO: местный поставщик удостоверений", docs_url=None, redoc_url=None)
    given = Codes(issuer.clock)
    doors = Doors(issuer=issuer, codes=given, grants=Grants(issuer, given))
    routes: dict[str, Callable[..., Any]] = {
        "/.well-known/openid-configuration": doors.discovery,
        "/.well-known/jwks.json": doors.jwks,
        "/authorize": doors.authorize,
        "/logout": doors.logout,
        "/livez": doors.alive,
        "/readyz": doors.alive,
        "/metrics": doors.metrics,
    }
    for path, door in routes.items():
        app.add_api_route(path, door, methods=["GET"], response_model=None)
    app.add_api_route("/token", doors.token, methods=["POST"], response_model=None)
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The endpoints; each reads its request, decides by `Grants` or `Codes`, and answers."""

    issuer: Issuer
    codes: Codes
    grants: Grants

    async def discovery(self) -> dict[str, Any]:
        """OpenID Connect discovery document."""
        address = self.issuer.address
        return {
            "issuer": address,
            "authorization_endpoint": f"{address}/authorize",
            "token_endpoint": f"{address}/token",
            "jwks_uri": f"{address}/.well-known/jwks.json",
            "end_session_endpoint": f"{address}/logout",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
            "scopes_supported": ["openid", *people.SYSTEM_SCOPES],
        }

    async def jwks(self) -> dict[str, Any]:
        """Public keys."""
        return self.issuer.public_keys()

    async def alive(self) -> dict[str, str]:
        """Nothing to wait for: the key was read at the start."""
        return {"status": "ok"}

    async def metrics(self) -> Response:
        """Of the process, and how many tokens it gave and refused."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def authorize(self, request: Request) -> Response:
        """Show the users; with one chosen, send the person back to the client with a code."""
        query = dict(request.query_params)
        if reason := unusable(query):
            return HTMLResponse(page.refused(reason), status_code=400, headers=POLICY)
        user = query.pop("user", "") or ":".join(filter(None, (query.pop("role", ""), query.pop("own", "").strip())))
        if not user:
            return HTMLResponse(page.login(query), headers=POLICY | NO_STORE)
        try:
            who = people.parse(user)
        except people.UnknownPerson as unknown:
            return HTMLResponse(page.refused(str(unknown)), status_code=400, headers=POLICY)
        code = self.codes.give(asked(query), who)
        return _back(query["redirect_uri"], {"code": code, "state": query.get("state", "")})

    async def token(self, request: Request) -> JSONResponse:
        """Exchange a code or a client's secret for tokens."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        answered = self.grants.grant(form, request.headers.get("authorization", ""))
        GRANTED.labels(answered.get("error", "granted")).inc()
        status = 200 if "error" not in answered else 401 if answered["error"] == "invalid_client" else 400
        return JSONResponse(answered, status_code=status, headers=NO_STORE)

    async def logout(self, request: Request) -> Response:
        """End the session (there is none) and go back where the client asked."""
        target = request.query_params.get("post_logout_redirect_uri", "")
        if of_this_machine(target):
            return _back(target, {"state": request.query_params.get("state", "")})
        return HTMLResponse(page.refused("Вы вышли."), headers=POLICY)


def of_this_machine(address: str) -> bool:
    """Whether every browser would go to this machine: a backslash is a slash to them, and a name may stand before @."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    odd = "\\" in address or "@" in parts.netloc
    return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK and not odd


def unusable(query: Mapping[str, str]) -> str | None:
    """Say what keeps an authorization request from being served."""
    if not of_this_machine(query.get("redirect_uri", "")):
        return "Адрес возврата (redirect_uri) должен быть на этой машине: http://127.0.0.1:… или http://localhost:…"
    if not query.get("client_id"):
        return "Не указан клиент (client_id)."
    if query.get("response_type") != "code":
        return "Поддерживается только response_type=code."
    if not query.get("code_challenge") or query.get("code_challenge_method") != "S256":
        return "Нужен PKCE: code_challenge и code_challenge_method=S256."
    return None


def asked(query: Mapping[str, str]) -> codes.Request:
    """Read an authorization request that is usable."""
    return codes.Request(
        client=query["client_id"],
        redirect_uri=query["redirect_uri"],
        challenge=query["code_challenge"],
        scope=query.get("scope", "openid"),
        nonce=query.get("nonce"),
    )


def _back(target: str, fields: Mapping[str, str]) -> Response:
    mark = "&" if urlsplit(target).query else "?"
    told = urlencode({name: value for name, value in fields.items() if value})
    return RedirectResponse(f"{target}{mark}{told}" if told else target, status_code=303, headers=NO_STORE)
