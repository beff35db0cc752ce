"""Whom the commands call and in whose name: what the environment says, and in which words it is wrong."""

import base64
import json
import time
from pathlib import Path

import pytest

from deploy.cli.reach import reach_of
from deploy.local import Failed, Settings
from deploy.local.status import _without_secrets

THERE = "monitoring=https://m.example/, scoring=http://s.example:8003"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def token(ends: float) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": ends}).encode()).rstrip(b"=").decode()
    return f"eyJ.{claims}.x"


def words(settings: Settings, **environ: str) -> str:
    with pytest.raises(Failed) as caught:
        reach_of(settings, environ)
    assert caught.value.remedy
    return f"{caught.value.message} {caught.value.remedy}"


def test_without_a_word_it_is_the_local_platform_and_its_own_token(settings: Settings):
    found = reach_of(settings, {})
    assert (found.token, found.url("scoring"), found.named) == (None, settings.url("scoring"), False)
    assert "./rsoko up" in found.advice("scoring")


def test_an_installation_is_named_with_a_token(settings: Settings, tmp_path: Path):
    file = tmp_path / "token"
    file.write_text(f"{token(time.time() + 60)}\n", encoding="utf-8")
    for given in ({"RSOKO_TOKEN": file.read_text(encoding="utf-8")}, {"RSOKO_TOKEN_FILE": str(file)}):
        found = reach_of(settings, {"RSOKO_SERVICES": THERE, "RSOKO_ENV": "production", **given})
        assert (found.url("monitoring"), found.url("scoring")) == ("https://m.example", "http://s.example:8003")
        assert (found.token or "").startswith("eyJ.")
        assert "https://m.example" in found.advice("monitoring")
        with pytest.raises(Failed, match="roadmap"):
            found.url("roadmap")


def test_a_token_alone_is_for_services_behind_the_local_ports(settings: Settings):
    found = reach_of(settings, {"RSOKO_TOKEN": "opaque"})
    assert (found.token, found.url("registry")) == ("opaque", settings.url("registry"))


def test_what_is_missing_or_wrong_is_named(settings: Settings, tmp_path: Path):
    assert "токена нет" in words(settings, RSOKO_SERVICES=THERE)
    assert "токена нет" in words(settings, RSOKO_ENV="production")
    assert "scoring=https" in words(settings, RSOKO_SERVICES="scoring", RSOKO_TOKEN="t")
    assert "billing" in words(settings, RSOKO_SERVICES="billing=https://x", RSOKO_TOKEN="t")
    assert str(tmp_path / "none") in words(settings, RSOKO_TOKEN_FILE=str(tmp_path / "none"))
    (tmp_path / "empty").write_text("\n")
    assert "пуст" in words(settings, RSOKO_TOKEN_FILE=str(tmp_path / "empty"))
    assert "Bearer" in words(settings, RSOKO_TOKEN="Bearer eyJ")
    assert "истёк 01.01.2020 в 00:00:00" in words(settings, RSOKO_TOKEN=token(1577836800))


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("mongodb://127.0.0.1:27017/?replicaSet=rs0", "mongodb://127.0.0.1:27017/?replicaSet=rs0"),
        (
            "mongodb://u:p%40w@a:1,b:2/admin?tls=true&replicaSet=r&tlsCertificateKeyFilePassword=s",
            "mongodb://a:1,b:2/admin?replicaSet=r",
        ),
        ("mongodb+srv://user:secret@cluster.example", "mongodb+srv://cluster.example"),
        ("mongodb://user:s/e@c?r@t@host", "mongodb://host"),
    ],
)
def test_a_connection_string_is_shown_without_secrets(uri: str, shown: str):
    assert _without_secrets(uri) == shown
