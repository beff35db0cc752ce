"""Ports and addresses come from the environment; a wrong or taken one is named."""

import socket
from pathlib import Path

import pytest

from deploy.local import Failed, Settings, free_port_base
from deploy.local.guard import check
from deploy.local.ports import is_free
from deploy.local.processes import ROOT


def test_defaults_are_those_of_the_interface() -> None:
    settings = Settings.from_env({})
    assert (settings.port("portal"), settings.port("notification"), settings.port("identity")) == (
        8000,
        8005,
        8006,
    )
    assert settings.kafka_address == "127.0.0.1:9092"
    assert settings.mongo_uri == "mongodb://127.0.0.1:27017/?replicaSet=rs0"
    assert settings.home == ROOT / ".rsoko"


def test_running_ones_are_used_when_named() -> None:
    settings = Settings.from_env({"RSOKO_KAFKA": "a:1,b:2", "RSOKO_MONGO": "mongodb://c:3"})
    assert (settings.kafka_address, settings.mongo_uri) == ("a:1,b:2", "mongodb://c:3")


@pytest.mark.parametrize("text", ["zero", "0", "-1", "70000", "8000.5", "٨٠٠٠"])
def test_a_wrong_port_is_refused_naming_the_variable(text: str) -> None:
    with pytest.raises(Failed, match="RSOKO_PORT_BASE"):
        Settings.from_env({"RSOKO_PORT_BASE": text})


def test_spare_ports_are_free_and_do_not_overlap(tmp_path: Path) -> None:
    settings = Settings.spare(tmp_path)
    ports = [settings.port_base + offset for offset in range(7)]
    ports += [settings.kafka_port, settings.kafka_port + 1, settings.mongo_port]
    assert len(set(ports)) == 10
    assert all(is_free(port) for port in ports)


@pytest.mark.parametrize(
    ("offset", "variable"),
    [(2, "RSOKO_PORT_BASE"), (7, "RSOKO_KAFKA_PORT"), (8, "RSOKO_KAFKA_PORT"), (9, "RSOKO_MONGO_PORT")],
)
def test_a_taken_port_is_told_with_its_variable_and_holder(tmp_path: Path, offset: int, variable: str) -> None:
    settings = Settings.spare(tmp_path)
    with socket.create_server(("127.0.0.1", settings.port_base + offset)), pytest.raises(Failed) as caught:
        check(settings, ("monitoring",))
    assert str(settings.port_base + offset) in caught.value.message
    assert "pid" in caught.value.message
    assert variable in caught.value.remedy


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.local.guard.NEEDED_MB", 10**12)
    with pytest.raises(Failed, match="свободно"):
        check(Settings.spare(tmp_path), ())


def test_a_port_block_is_found() -> None:
    assert free_port_base() % 10 == 0
