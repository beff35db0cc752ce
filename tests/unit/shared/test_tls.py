"""An authority renewed in its file is trusted by a context that lives on; a half-written file changes nothing."""

import shutil
import ssl
from pathlib import Path

import pytest

from deploy.local.kafka.certificates import make
from deploy.local.passwords import authority, keystore
from shared.broker.tls import by_authority

HELLOS = 4


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return made(tmp_path / "old")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return made(tmp_path / "new")


def made(folder: Path) -> Path:
    """A folder with an authority and a broker's certificate that it signed."""
    folder.mkdir()
    make(folder)
    return folder


def greet(client: ssl.SSLContext, folder: Path, called: str = "localhost") -> None:
    """A handshake with the broker of a folder; SSLError where it is not trusted."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(keystore(folder))
    there, here = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(here, there, server_hostname=called)
    theirs = server.wrap_bio(there, here, server_side=True)
    done: set[ssl.SSLObject] = set()
    for one in (ours, theirs) * HELLOS:
        try:
            one.do_handshake()
            done.add(one)
        except ssl.SSLWantReadError:
            continue
    assert done == {ours, theirs}


def test_a_renewed_authority_is_trusted_without_a_restart(old: Path, new: Path):
    client = by_authority(authority(old))
    greet(client, old)
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(client, new)
    shutil.copy(authority(new), authority(old))
    greet(client, new)
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(client, old)


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\nMIIB"], ids=["gone", "empty", "half"])
def test_a_file_that_is_being_written_changes_nothing(old: Path, new: Path, content: bytes | None):
    client = by_authority(authority(old))
    if content is None:
        authority(old).unlink()
    else:
        authority(old).write_bytes(content)
    greet(client, old)
    shutil.copy(authority(new), authority(old))
    greet(client, new)


def test_a_process_without_its_authority_does_not_start(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        by_authority(tmp_path / "none")


def test_the_name_of_the_host_is_checked(old: Path):
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        greet(by_authority(authority(old)), old, called="somebody-else")
