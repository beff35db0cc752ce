"""Keys of sessions, of webhooks' secrets, of signatures: made once, in the state folder, readable by its owner."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from deploy.local.kept import keep

if TYPE_CHECKING:
    from deploy.local.settings import Settings


def keep_keys(settings: Settings) -> None:
    """Make the keys that are not there."""
    for path in (settings.session_key, settings.webhook_key):
        keep(path, lambda: secrets.token_urlsafe(48))
    keep(settings.signing_key, signing_key)


def signing_key() -> str:
    """A new private key that publications are signed with: EC on P-256, as PEM."""
    from joserfc.jwk import ECKey

    return ECKey.generate_key("P-256").as_pem(private=True).decode()
