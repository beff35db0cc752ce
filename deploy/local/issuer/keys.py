"""The issuer's key pair: made once, kept in the state folder, readable by its owner only."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from joserfc.jwk import ECKey

if TYPE_CHECKING:
    from pathlib import Path

FILE = "issuer.json"


def load_or_make(folder: Path) -> ECKey:
    """Read the key pair; make it first if there is none (two at once end with the same one)."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _keep(path, ECKey.generate_key("P-256", auto_kid=True))
    return ECKey.import_key(json.loads(path.read_text()))


def _keep(path: Path, key: ECKey) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(key.as_dict(private=True), file)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
