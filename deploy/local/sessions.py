"""Keys of sessions, of webhooks' secrets, of signatures: made once, in the state folder, readable by its owner."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deploy.local.settings import Settings


def keep_keys(settings: Settings) -> None:
    """Make the keys that are not there."""
    for path in (settings.session_key, settings.webhook_key):
        _keep(path, lambda: secrets.token_urlsafe(48))
    _keep(settings.signing_key, signing_key)


def signing_key() -> str:
    """A new private key that publications are signed with: EC on P-256, as PEM."""
    from joserfc.jwk import ECKey

    return ECKey.generate_key("P-256").as_pem(private=True).decode()


def _keep(path: Path, make: Callable[[], str]) -> None:
    """Make one key if there is none (two at once end with the same one)."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(make())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
