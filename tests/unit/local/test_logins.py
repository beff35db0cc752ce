"""Who signs in to Kafka: the environment's login before the state folder's, and a secret from a file."""

from pathlib import Path

import pytest

from deploy.local import Failed, Settings
from deploy.local.kafka.logins import Login, make
from deploy.local.kafka.rights import users
from deploy.local.passwords import environ_of, password_file


def secured(home: Path) -> Settings:
    settings = Settings(home=home, secured=True)
    make(settings.logins)
    return settings


def test_without_a_secured_kafka_nobody_signs_in(tmp_path: Path) -> None:
    assert Login.of(Settings(home=tmp_path), {}) is None
    assert "RSOKO_KAFKA_USER" not in {**Settings(home=tmp_path).environ()}


def test_the_operator_signs_in_to_the_secured_kafka_of_the_state_folder(tmp_path: Path) -> None:
    settings = secured(tmp_path)
    login = Login.of(settings, {})
    assert login is not None
    assert (login.user, login.password) == ("operator", password_file(settings.logins, "operator").read_text())
    assert settings.environ()["RSOKO_KAFKA_USER"] == "operator"


def test_a_login_of_the_environment_comes_first_and_its_password_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("secret\n")
    told = {"RSOKO_KAFKA_USER": "scoring", "RSOKO_KAFKA_PASSWORD_FILE": str(tmp_path / "word")}
    assert Login.of(secured(tmp_path), told) == Login(user="scoring", password="secret")
    with pytest.raises(Failed, match="а пароля нет"):
        Login.of(secured(tmp_path), {"RSOKO_KAFKA_USER": "scoring"})


def test_passwords_are_made_once_and_each_process_is_told_its_own(tmp_path: Path) -> None:
    settings = secured(tmp_path)
    first = {one.user: one.password for one in make(settings.logins)}
    assert set(first) == {"broker", "operator", *users()}
    assert {one.user: one.password for one in make(settings.logins)} == first
    assert len(set(first.values())) == len(first)
    assert environ_of(settings.logins, "scoring")["RSOKO_KAFKA_PASSWORD_FILE"].endswith("/scoring.password")
    assert environ_of(settings.logins, "portal")["RSOKO_KAFKA_USER"] == ""


def test_another_kafka_that_is_named_is_not_the_secured_one_of_the_folder(tmp_path: Path) -> None:
    assert Settings.from_env({"RSOKO_HOME": str(tmp_path), "RSOKO_KAFKA_SECURED": "1"}).secured
    told = {"RSOKO_HOME": str(tmp_path), "RSOKO_KAFKA_SECURED": "1", "RSOKO_KAFKA": "elsewhere:9092"}
    assert not Settings.from_env(told).secured


def test_the_address_of_mongodb_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "uri").write_text("mongodb://somewhere:1\n")
    assert Settings.from_env({"RSOKO_MONGO_FILE": str(tmp_path / "uri")}).mongo_uri == "mongodb://somewhere:1"
    with pytest.raises(Failed, match="RSOKO_MONGO_FILE"):
        Settings.from_env({"RSOKO_MONGO_FILE": str(tmp_path / "none")})
