"""Ordinary mistakes end in a sentence, never in a traceback."""

import gzip
import json
import os
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import bson
import pytest

from deploy.backup.archive import Writer, checked
from deploy.cli import positions
from deploy.cli.__main__ import main
from deploy.cli.files import read_results
from deploy.cli.methodology import check
from deploy.cli.show import answer_fields, shown
from deploy.cli.status import line
from deploy.local import STORED, Failed
from deploy.local.status import Status
from tests.unit.backup.test_archive import AT, written


def said(capfd: pytest.CaptureFixture[str], words: str) -> str:
    assert main(words.split()) == 1
    told = capfd.readouterr().err
    assert told.startswith("Ошибка: ")
    assert "Traceback" not in told
    return told


@pytest.mark.parametrize(
    ("setting", "words_says"),
    [
        ("RSOKO_HOME=/proc/foo", ("up", "/proc/foo")),
        ("RSOKO_HOME=/proc/foo", ("token ministry", "/proc/foo")),
        ("RSOKO_HOME=/etc/passwd", ("down", "/etc/passwd")),
        ("RSOKO_KAFKA=foo:bar", ("topics apply", "RSOKO_KAFKA: «foo:bar»")),
        ("RSOKO_KAFKA=foo:bar", ("status", "RSOKO_KAFKA: «foo:bar»")),
        ("RSOKO_KAFKA=foo:bar", ("positions list", "RSOKO_KAFKA: «foo:bar»")),
        ("RSOKO_MONGO=mongodb://me:secret@127.0.0.1:99999/", ("status", "RSOKO_MONGO: порт «99999»")),
        ("RSOKO_MONGO=127.0.0.1:27017", ("migrate", "RSOKO_MONGO: нужен адрес вида mongodb://")),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], setting: str, words_says: tuple[str, str]
):
    words, says = words_says
    monkeypatch.setenv(*setting.split("=", 1))
    told = said(capfd, words)
    assert says in told
    assert "secret" not in told


def test_an_authority_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]):
    named = {"KAFKA": "127.0.0.1:9", "KAFKA_USER": "me", "KAFKA_PASSWORD": "p", "KAFKA_CA": "/nofile"}
    for name, value in named.items():
        monkeypatch.setenv(f"RSOKO_{name}", value)
    assert "RSOKO_KAFKA_CA: файл «/nofile» не подходит" in said(capfd, "topics apply")


def test_a_folder_is_no_backup(tmp_path: Path):
    with pytest.raises(Failed, match="не читается"):
        checked(tmp_path)


@pytest.mark.parametrize("head", [{"what": "backup"}, {"what": "backup", "format": 1}, {"what": "end"}])
def test_a_frame_that_lacks_something_is_a_damaged_backup(tmp_path: Path, head: dict[str, object]):
    path = tmp_path / "a.backup"
    path.write_bytes(gzip.compress(bson.encode(head)))
    with pytest.raises(Failed, match="повреждён"):
        checked(path)


def test_a_full_disk_ends_a_backup_in_a_sentence(tmp_path: Path):
    (tmp_path / "a.backup.part").symlink_to("/dev/full")
    with pytest.raises(Failed, match=r"a\.backup.*No space left"):
        written(tmp_path / "a.backup", documents=3)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_trouble_of_the_file_is_not_said_to_be(tmp_path: Path):
    with pytest.raises(TimeoutError), Writer.to(tmp_path / "a.backup", at=AT):
        raise TimeoutError


def test_a_lone_surrogate_is_named_with_its_row(tmp_path: Path):
    file = tmp_path / "a.json"
    file.write_text('[{"comment": "good"}, {"values": {"i1": ["a\\ud800b"]}}]')
    with pytest.raises(Failed, match=r"результат 2: .*не Unicode"):
        read_results(file)


@pytest.mark.parametrize("key", ["? [a]\n: 1", "? {a: 1}\n: 1"])
def test_a_key_that_is_no_scalar_is_said_to_be_none(tmp_path: Path, key: str):
    file = tmp_path / "a.yaml"
    file.write_text(key)
    [item] = check(file)
    assert "ключ должен быть строкой" in item["message"]
    assert "Node" not in str(item)


@pytest.mark.parametrize("name", ["pipe.yaml", "pipe.json"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str):
    os.mkfifo(tmp_path / name)
    with pytest.raises(Failed, match="не обычный файл"):
        (check if name.endswith("yaml") else read_results)(tmp_path / name)


def test_what_a_foreign_system_wrote_moves_no_cursor_and_forges_no_line(capsys: pytest.CaptureFixture[str]):
    assert shown("a\x1b[2Jb\r\nc\x9b\u202e\u2028ё—\t") == "a\\x1b[2Jb\\r\\nc\\x9b\\u202e\\u2028ё—\\t"
    answer_fields({"message": "a\nid: forged\x1b", "headers": {"\x9b": "\x7f"}})
    assert capsys.readouterr().out == 'message: a\\nid: forged\\x1b\nheaders: {"\\x9b": "\\x7f"}\n'


def test_states_stand_in_their_column():
    rows = [Status("portal", 1, "http://x", state, restarts=12) for state in ("ready", "restarting")]
    assert len({line(row).index("http") for row in [*rows, Status("portal", 1, "http://x", "ready")]}) == 1


def test_the_answer_as_json_may_be_asked_for_before_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    assert main(["load", "--json", str(tmp_path / "absent.json")]) == 1
    assert "absent.json: файл не читается" in capsys.readouterr().err


def test_a_group_that_nobody_has_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(positions, "_run", lambda *_: [])
    assert main(["positions", "list", "scoring.nonsense"]) == 1
    assert "нет группы «scoring.nonsense»" in capsys.readouterr().err


class Answers(BaseHTTPRequestHandler):
    """What a service would answer to either command."""

    def do_GET(self) -> None:
        body = json.dumps({"unpublished": 7, "oldest_age_seconds": 0, "items": [], "next": None}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def one_hangs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scoring takes connections and says nothing; the others answer."""
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        ports = dict.fromkeys(STORED, server.server_port) | {"scoring": silent.getsockname()[1]}
        named = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in ports.items())
        for name, value in {"RSOKO_SERVICES": named, "RSOKO_TOKEN": "t", "RSOKO_ENV": "production"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("deploy.cli.api.BRIEFLY", 1.0)
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield
        server.shutdown()
        serving.join()


@pytest.mark.usefixtures("one_hangs")
@pytest.mark.parametrize(("words", "lines"), [("outbox stats", 4), ("dlq list", 0)])
def test_who_hangs_hides_no_others(capfd: pytest.CaptureFixture[str], words: str, lines: int):
    assert main(words.split()) == 1
    told = capfd.readouterr()
    assert told.out.count(" 7 ") == lines
    assert "отвергнутых сообщений нет" not in told.out
    assert "служба «scoring» не отвечает" in told.err
    assert told.err.count("Ошибка") == 1
