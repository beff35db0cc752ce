"""Where the commands find the services and whose token they bear: of the environment, else the local platform's."""

from __future__ import annotations

import base64
import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local import SERVICES, Failed, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN, TOKEN_FILE, ADDRESSES = "RSOKO_TOKEN", "RSOKO_TOKEN_FILE", "RSOKO_SERVICES"
GET_ONE = (
    f"положите в файл токен регионального оператора или министерства и назовите файл в {TOKEN_FILE} "
    "(docs/operations.md, «Commands elsewhere»)"
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Addresses of the services, the token (None: the local provider signs one), and where each came from."""

    services: Mapping[str, str]
    token: str | None = None
    named: bool = False
    """Whether the addresses are those of `RSOKO_SERVICES`."""

    def url(self, service: str) -> str:
        """The root address of a service; Failed where an installation was named without it."""
        if service not in self.services:
            raise Failed(f"{ADDRESSES}: нет адреса службы «{service}»", f"добавьте {service}=https://…")
        return self.services[service]

    def advice(self, service: str) -> str:
        """What to do where a service does not answer."""
        if self.named:
            return f"проверьте адрес {self.url(service)} в {ADDRESSES}"
        return "запустите платформу: ./rsoko up"


def reach_of(settings: Settings, environ: Mapping[str, str] = os.environ) -> Reach:
    """What the environment names; Failed, in words, where that cannot be used."""
    services, token = _services(environ.get(ADDRESSES, "")), _token(environ)
    local = environ.get("RSOKO_ENV", "local") == "local"
    if token is None and (services or not local):
        why = f"{ADDRESSES} называет установку" if services else "среда не местная (RSOKO_ENV)"
        raise Failed(f"{why}, а токена нет", GET_ONE)
    return Reach(services or {name: settings.url(name) for name in SERVICES}, token, named=bool(services))


def _services(text: str) -> dict[str, str]:
    found = {}
    for told in filter(None, (part.strip() for part in text.split(","))):
        name, _, address = told.partition("=")
        if name not in SERVICES or not address.startswith(("http://", "https://")):
            known = ", ".join(SERVICES)
            raise Failed(f"{ADDRESSES}: «{told}» — нужно вида scoring=https://scoring.example", f"службы: {known}")
        found[name] = address.rstrip("/")
    return found


def _token(environ: Mapping[str, str]) -> str | None:
    source, token = TOKEN, environ.get(TOKEN, "").strip()
    if not token and (path := environ.get(TOKEN_FILE)):
        source = f"{TOKEN_FILE} ({path})"
        try:
            token = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Failed(f"{source}: файл не читается", str(getattr(error, "strerror", "") or "нужен текст")) from error
        if not token:
            raise Failed(f"{source}: файл пуст", GET_ONE)
    if not token:
        return None
    if not token.isascii() or len(token.split()) != 1:
        raise Failed(f"{source}: это не токен", "нужна одна строка вида eyJ…, без слова Bearer")
    if (ended := _ended(token)) is not None:
        raise Failed(
            f"{source}: токен истёк {ended:%d.%m.%Y в %H:%M:%S} UTC", "получите новый у поставщика удостоверений"
        )
    return token


def _ended(token: str) -> datetime | None:
    """When a token ended that did; None for one that holds, or that does not say: the services judge it."""
    try:
        _, claims, _ = token.split(".")
        ends = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]
        return datetime.fromtimestamp(ends, UTC) if ends < time.time() else None
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
