"""What the token endpoint grants, and to whom."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from deploy.local.issuer.codes import Codes
from deploy.local.issuer.people import CLIENTS, SYSTEM_SCOPES, Person, system
from deploy.local.issuer.tokens import Issuer

LIFE = timedelta(hours=1)


class Grants:
    """Answers of the token endpoint as RFC 6749 words them; a refusal has `error`."""

    def __init__(self, issuer: Issuer, codes: Codes) -> None:
        """Serve the codes given by the authorization endpoint."""
        self._issuer = issuer
        self._codes = codes

    def grant(self, form: Mapping[str, str], authorization: str) -> dict[str, Any]:
        """Answer one request; the secret may come in the form or as HTTP Basic."""
        client, secret = _credentials(form, authorization)
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form, client)
            case "client_credentials":
                return self._by_secret(form, client, secret)
        return _refused("unsupported_grant_type", "только authorization_code и client_credentials")

    def _by_code(self, form: Mapping[str, str], client: str) -> dict[str, Any]:
        taken = self._codes.take(
            form.get("code", ""),
            client=client,
            redirect_uri=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
        )
        if taken is None:
            return _refused("invalid_grant", "код использован, просрочен или выдан для другого запроса")
        request, who = taken
        scopes = request.scope.split()
        identity = self._issuer.identity(who, client=client, nonce=request.nonce, ttl=LIFE)
        return self._answer(who, client, scopes) | {"id_token": identity}

    def _by_secret(self, form: Mapping[str, str], client: str, secret: str) -> dict[str, Any]:
        known = CLIENTS.get(client)
        if known is None or not secrets.compare_digest(known.encode(), secret.encode()):
            return _refused("invalid_client", "неизвестный клиент или неверный секрет")
        scopes = form.get("scope", " ".join(SYSTEM_SCOPES)).split()
        if foreign := [scope for scope in scopes if scope not in SYSTEM_SCOPES]:
            return _refused("invalid_scope", f"нет права «{foreign[0]}»; есть: {', '.join(SYSTEM_SCOPES)}")
        return self._answer(system(client), client, scopes)

    def _answer(self, who: Person, client: str, scopes: Sequence[str]) -> dict[str, Any]:
        return {
            "access_token": self._issuer.access(who, client=client, scopes=scopes, ttl=LIFE),
            "token_type": "Bearer",
            "expires_in": int(LIFE.total_seconds()),
            "scope": " ".join(scopes),
        }


def _credentials(form: Mapping[str, str], authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(client), unquote(secret)


def _refused(error: str, description: str) -> dict[str, Any]:
    return {"error": error, "error_description": description}
