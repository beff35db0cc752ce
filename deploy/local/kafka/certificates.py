"""The certificates of a secured embedded Kafka: an authority made for it, and the broker's own signed by that."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.local.kafka.logins import write_secret
from deploy.local.passwords import BROKER, authority, keystore

if TYPE_CHECKING:
    from pathlib import Path

LIFE = timedelta(days=3650)
# The second is what a broker in a container is called by the others.
NAMES = ("localhost", "kafka")
USES = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)


def make(folder: Path) -> None:
    """Make both, unless they are there; the authority's key is not kept, so nobody can sign another broker by it."""
    if keystore(folder).exists():
        return
    signer, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _named("RSOKO local authority")
    root = _begun(issuer, issuer, signer).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    leaf = _begun(_named(BROKER), issuer, key)
    here = [*(x509.DNSName(name) for name in NAMES), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    leaf = leaf.add_extension(x509.SubjectAlternativeName(here), critical=False)
    leaf = leaf.add_extension(x509.ExtendedKeyUsage(USES), critical=False)
    authority(folder).write_bytes(root.sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signed = leaf.sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM)
    write_secret(keystore(folder), (private + signed).decode())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFE)
    )
