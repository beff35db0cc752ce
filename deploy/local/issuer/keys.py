"""The issuer's key pair: made once, kept in the state folder, readable by its owner only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from joserfc.jwk import ECKey

from deploy.local.kept import keep

if TYPE_CHECKING:
    from pathlib import Path

FILE = "issuer.json"


def load_or_make(folder: Path) -> ECKey:
    """Read the key pair; make it first if there is none (two at once end with the same one)."""
    path = folder / FILE
    keep(path, lambda: json.dumps(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)))
    return ECKey.import_key(json.loads(path.read_text()))
