"""Secrets at rest: sealed with the service's key (JWE, A256GCM), so that a copy of the database signs nothing."""

import hashlib

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from shared.kernel import Conflict

ALGORITHMS = ["dir", "A256GCM"]


class Vault:
    """Seals with the first key and opens with any, so that the key itself can be replaced; no key seals nothing.

    A key is a text with at least 32 characters of chance; several are divided by commas, the newest first.
    """

    def __init__(self, keys: str | None) -> None:
        self._keys = [
            OctKey.import_key(hashlib.sha256(one.strip().encode()).digest())
            for one in (keys or "").split(",")
            if one.strip()
        ]

    def seal(self, text: str) -> str:
        """The text sealed; Conflict where this platform was given no key."""
        if not self._keys:
            detail = "Администратору: задайте RSOKO_WEBHOOK_KEY (или RSOKO_WEBHOOK_KEY_FILE) службе уведомлений."
            raise Conflict("webhooks-without-key", "Вебхуки на этой платформе не настроены", detail)
        return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, text, self._keys[0], algorithms=ALGORITHMS)

    def open(self, sealed: str) -> str | None:
        """The text again; None where none of the keys fits."""
        for key in self._keys:
            try:
                found = jwe.decrypt_compact(sealed, key, algorithms=ALGORITHMS).plaintext
            except JoseError:
                continue
            return found.decode() if found is not None else None
        return None
