"""Keys of the portal's sessions and of webhooks' secrets: made once, in the state folder, readable by its owner."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.local.settings import Settings


def keep_keys(settings: Settings) -> None:
    """Make the keys that are not there."""
    for path in (settings.session_key, settings.webhook_key):
        _keep(path)


def _keep(path: Path) -> None:
    """Make one key if there is none (two at once end with the same one)."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
