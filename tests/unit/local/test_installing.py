"""uv installs the packages of the lock as pip would, and pip does where uv cannot."""

import subprocess
from pathlib import Path
from types import ModuleType

import pytest


def installers(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch, failing: str) -> list[str]:
    """Which of them were run, one of them being in vain."""
    ran: list[str] = []

    def followed(argv: list[str], total: int, env: object = None) -> tuple[int, str]:
        ran.append(f"{Path(argv[0]).name} {Path(argv[-1]).name}")
        assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(argv)
        return int(ran[-1] == failing), f"{failing} is broken"

    monkeypatch.setattr(entrance, "followed", followed)
    monkeypatch.setattr(entrance, "network", lambda _: {})
    return ran


BY_PIP, BRINGS_UV, BY_UV = "python requirements.lock", "python requirements-uv.lock", "uv requirements.lock"


@pytest.mark.parametrize(
    ("failing", "wanted"),
    [("", [BRINGS_UV, BY_UV]), (BY_UV, [BRINGS_UV, BY_UV, BY_PIP]), (BRINGS_UV, [BRINGS_UV, BY_PIP])],
)
def test_uv_installs_the_packages_and_pip_does_where_uv_cannot(
    entrance: ModuleType, monkeypatch: pytest.MonkeyPatch, failing: str, wanted: list[str]
) -> None:
    ran = installers(entrance, monkeypatch, failing)
    entrance.download("requirements.lock", entrance.VENV)
    assert ran == wanted


def test_what_pip_cannot_install_either_is_told_in_its_words(
    entrance: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "followed", lambda *_: (1, "ERROR: No space left on device"))
    monkeypatch.setattr(entrance, "network", lambda _: {})
    with pytest.raises(entrance.Stop, match="кончилось место"):
        entrance.download("requirements.lock", entrance.VENV)


def test_uv_is_told_what_pip_knows_of_the_network(entrance: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    told = [
        r"global.extra-index-url='https://one.example/simple\nhttps://two.example/simple'",
        "global.timeout='20'",
        "install.timeout='40'",
        "install.find-links='/wheels /others'",
        ":env:.cert='/ca.pem'",
        "freeze.timeout='1'",
    ]
    monkeypatch.setattr(
        entrance.subprocess, "run", lambda argv, **_: subprocess.CompletedProcess(argv, 0, "\n".join(told).encode())
    )
    for name in (*entrance.UV.values(), "UV_SYSTEM_CERTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    found = entrance.network(["pip"])
    assert {name: found[name] for name in found if name in {*entrance.UV.values(), "UV_SYSTEM_CERTS"}} == {
        "UV_DEFAULT_INDEX": "https://own.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_HTTP_TIMEOUT": "40",
        "UV_FIND_LINKS": "/wheels,/others",
        "SSL_CERT_FILE": "/ca.pem",
    }


def test_uv_trusts_whom_the_system_trusts_where_no_certificates_are_named(
    entrance: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance.subprocess, "run", lambda argv, **_: subprocess.CompletedProcess(argv, 0, b""))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert entrance.network(["pip"])["UV_SYSTEM_CERTS"] == "1"
