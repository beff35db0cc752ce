"""Settings: one line in words for what is wrong, secrets from files, a table for the documentation."""

from pathlib import Path

import pytest

from shared.settings import RATE, Settings, SettingsWrong, load, table


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("RSOKO_")]:
        monkeypatch.delenv(name)


def test_nothing_set_is_production_with_a_rate():
    settings = load()
    assert (settings.env, settings.local, settings.rate) == ("production", False, RATE)
    assert settings.serves
    assert settings.works


def test_lists_are_split_on_commas(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RSOKO_KAFKA", "a:1, b:2")
    monkeypatch.setenv("RSOKO_CORS_ORIGINS", "https://x.example")
    settings = load()
    assert settings.kafka == ("a:1", "b:2")
    assert settings.cors_origins == ("https://x.example",)


def test_a_secret_comes_from_its_file_and_is_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "password").write_text("geheim\n")
    monkeypatch.setenv("RSOKO_KAFKA_PASSWORD_FILE", str(tmp_path / "password"))
    settings = load()
    assert settings.kafka_password is not None
    assert settings.kafka_password.get_secret_value() == "geheim"
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("RSOKO_PORT_BASE", "abc", "RSOKO_PORT_BASE: нужно целое число"),
        ("RSOKO_PORT_BASE", "0", "RSOKO_PORT_BASE: не меньше 1"),
        ("RSOKO_ENV", "test", "RSOKO_ENV: можно одно из: 'local' или 'production'"),
        ("RSOKO_RATE_LIMIT", "lots", "RSOKO_RATE_LIMIT: нужно вида"),
        ("RSOKO_KAFKA", ",", "RSOKO_KAFKA: нужен хотя бы один адрес"),
        ("RSOKO_MONGO_FILE", "/nowhere", "RSOKO_MONGO_FILE: файл «/nowhere» не читается"),
    ],
)
def test_a_wrong_variable_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsWrong) as told:
        load()
    assert str(told.value).startswith(words)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(("role", "serves", "works"), [("api", True, False), ("worker", False, True)])
def test_a_role_says_which_doors_open(role: str, serves: bool, works: bool):  # noqa: FBT001 - parametrized
    settings = load(role=role)
    assert (settings.serves, settings.works) == (serves, works)


@pytest.mark.parametrize(("env", "told", "rate"), [("local", None, None), ("local", "5/second", "5/second"),
                                                   ("production", "off", None)])  # fmt: skip
def test_a_developers_machine_has_no_rate_unless_told(env: str, told: str | None, rate: str | None):
    assert load(env=env, rate_limit=told).rate == rate


def test_the_table_lists_every_setting_with_its_meaning():
    rows = table()
    assert [row["variable"] for row in rows] == [f"RSOKO_{name.upper()}" for name in Settings.model_fields]
    assert all(row["meaning"] for row in rows)


@pytest.mark.parametrize(
    "wrong", ["security@rsoko.example", "mailto:x", "https://a b", "mailto:a@b.ru\nContact: x", "http://a"]
)
def test_whom_to_tell_of_a_weakness_is_an_address_that_programs_read(monkeypatch: pytest.MonkeyPatch, wrong: str):
    monkeypatch.setenv("RSOKO_SECURITY_CONTACT", wrong)
    with pytest.raises(SettingsWrong, match="RSOKO_SECURITY_CONTACT: нужен адрес вида mailto:"):
        load()
