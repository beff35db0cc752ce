"""Pinned to an address and yet proved by name: the certificate must be the host's, not the address's."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notification.api.webhooks import Posting
from services.notification.domain.webhooks import Rules

NAME = "receiver.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for the name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def listening(certificate: Path) -> AsyncIterator[tuple[int, list[str | None]]]:
    """A receiver with TLS; the names under which it was called."""
    named: list[str | None] = []
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: named.append(name)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], named


async def here(host: str, port: int) -> list[str]:
    """Every name leads to this machine."""
    return ["127.0.0.1"]


async def test_the_name_is_told_and_proved_although_an_address_is_connected_to(certificate: Path):
    async with listening(certificate) as (port, named):
        posting = Posting(Rules(private=True), here)
        posting._trusted = ssl.create_default_context(cafile=certificate)
        taken = await posting.post(f"https://{NAME}:{port}/", {}, "{}")
        other = await posting.post(f"https://other.example:{port}/", {}, "{}")
        await posting._close(list(posting._kept))
    assert (taken.reason, taken.status) == ("http-204", 204)
    assert (other.reason, other.status) == ("tls-failed", None)
    assert named == [NAME, "other.example"]


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(certificate: Path):
    async with listening(certificate) as (port, _):
        posting = Posting(Rules(private=True), here)
        answer = await posting.post(f"https://{NAME}:{port}/", {}, "{}")
        await posting._close(list(posting._kept))
    assert answer.reason == "tls-failed"
