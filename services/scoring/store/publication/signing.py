"""The key that manifests are signed with (JWS, ES256), and its public half for those who verify."""

from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from shared.settings import SettingsWrong

ALGORITHM = "ES256"
CURVE = "P-256"


class Signer:
    """Signs with an EC private key on P-256 (PEM)."""

    def __init__(self, pem: str) -> None:
        try:
            self._key = ECKey.import_key(pem)
        except (JoseError, ValueError) as error:
            raise SettingsWrong(f"RSOKO_SIGNING_KEY: ключ не читается, нужен EC {CURVE} в виде PEM ({error})") from None
        if self._key.curve_name != CURVE or not self._key.is_private:
            raise SettingsWrong(f"RSOKO_SIGNING_KEY: нужен закрытый ключ EC на кривой {CURVE}")

    def sign(self, payload: bytes) -> str:
        """The payload as a compact JWS."""
        protected = {"alg": ALGORITHM, "kid": self._key.thumbprint()}
        return jws.serialize_compact(protected, payload, self._key, algorithms=[ALGORITHM])

    def public(self) -> Mapping[str, Any]:
        """The public half as a JWK."""
        return {**self._key.as_dict(private=False), "kid": self._key.thumbprint(), "alg": ALGORITHM, "use": "sig"}
