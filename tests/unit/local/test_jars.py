"""The jars of Kafka: fetched by the lock alone, again where an attempt failed, and a changed one is named."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jgo.maven import MavenContext

from deploy.local import Failed
from deploy.local.kafka import jars
from deploy.local.kafka.java import command
from deploy.local.kafka.rehearsal import rehearse
from deploy.local.settings import Settings

ITEMS = [{"groupId": "org.example", "artifactId": name, "version": "1.0"} for name in ("one", "two", "three")]


class Repository(BaseHTTPRequestHandler):
    """A Maven repository that breaks off in the middle of what is `broken`, once."""

    asked: Counter[str]
    broken: set[str]

    def do_GET(self) -> None:
        """Answer the name of the jar as its content."""
        name = self.path.rpartition("/")[2]
        self.asked[name] += 1
        self.send_response(200 if name.endswith(".jar") else 404)
        self.send_header("Content-Length", str(len(name)))
        self.end_headers()
        self.wfile.write(name[:3].encode() if name in self.broken else name.encode())
        self.broken.discard(name)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def context(tmp_path: Path) -> Iterator[MavenContext]:
    Repository.asked, Repository.broken = Counter(), set()
    with ThreadingHTTPServer(("127.0.0.1", 0), Repository) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        remote = {"here": f"http://127.0.0.1:{server.server_port}/maven2"}
        yield MavenContext(repo_cache=tmp_path / "repository", local_repos=[], remote_repos=remote)
        server.shutdown()


def test_each_jar_is_asked_for_by_the_lock_and_no_model_of_a_project(context: MavenContext, tmp_path: Path) -> None:
    jars.fetch(context, ITEMS, tmp_path / "jars")
    assert sorted(path.name for path in (tmp_path / "jars").iterdir()) == [
        "one-1.0.jar",
        "three-1.0.jar",
        "two-1.0.jar",
    ]
    assert not [name for name in Repository.asked if name.endswith(".pom")]


def test_what_broke_off_is_fetched_again_and_nothing_else(context: MavenContext, tmp_path: Path) -> None:
    Repository.broken.add("two-1.0.jar")
    with pytest.raises(OSError, match="IncompleteRead"):
        jars.fetch(context, ITEMS[:2], tmp_path / "jars")
    jars.fetch(context, ITEMS[:2], tmp_path / "jars")
    assert (tmp_path / "jars" / "two-1.0.jar").read_text() == "two-1.0.jar"
    assert Repository.asked["two-1.0.jar"] == 2
    assert Repository.asked["one-1.0.jar"] == 1


def test_a_changed_a_foreign_and_a_missing_jar_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = hashlib.sha256(b"whole").hexdigest()
    monkeypatch.setattr(jars, "locked", lambda: [{**item, "sha256": whole} for item in ITEMS])
    for name, content in (("one-1.0.jar", b"whole"), ("two-1.0.jar", b"else"), ("four-1.0.jar", b"whole")):
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Failed, match=r"суммами: four-1\.0\.jar, three-1\.0\.jar, two-1\.0\.jar\n"):
        jars.verify(tmp_path)


def test_another_java_is_not_told_of_what_ours_has_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept.aot"
    kept.write_bytes(b"classes")
    monkeypatch.setattr("deploy.local.kafka.java.cache", lambda: kept)
    settings = Settings.spare(tmp_path / "home")
    assert f"-XX:AOTCache={kept}" in command(settings)
    monkeypatch.setenv("RSOKO_JAVA", "/usr/bin/java")
    assert not [word for word in command(settings) if "AOT" in word]
    monkeypatch.delenv("RSOKO_JAVA")
    kept.write_bytes(b"")  # a rehearsal was tried here, and failed
    assert not [word for word in command(settings) if "AOT" in word]


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = tmp_path / "away" / "kept.aot"
    monkeypatch.setattr("deploy.local.kafka.rehearsal.cache", lambda: nowhere)
    rehearse(Settings.spare(tmp_path / "home"))
    assert not nowhere.exists()
