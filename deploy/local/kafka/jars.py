"""The jars of Apache Kafka: resolved once by jgo, held to the lock's checksums, kept beside the tools."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from deploy.local.processes import Failed

HERE = Path(__file__).parent
LOCK = HERE / "jgo.lock.toml"
PAUSES = (1, 5)  # seconds between attempts: a repository may be busy for a moment


def jars() -> Path:
    """The folder of the jars (`jars/` and `modules/`), named by the lock's hash."""
    return Path(sys.prefix) / f"kafka-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def present() -> bool:
    """Say whether the jars have been resolved."""
    return jars().is_dir()


def resolve() -> None:
    """Download and verify the jars unless they are there; two at once wait for one another."""
    with (Path(sys.prefix) / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if present():
            return
        with tempfile.TemporaryDirectory(dir=sys.prefix, prefix="kafka-part-") as draft:
            _download(Path(draft))
            verify(Path(draft) / ".jgo")
            (Path(draft) / ".jgo").rename(jars())


def verify(folder: Path) -> None:
    """Compare every jar with the lock: none missing, none foreign, none changed."""
    locked = {
        f"{item['artifactId']}-{item['version']}.jar": item["sha256"]
        for item in tomllib.loads(LOCK.read_text())["dependencies"]
    }
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*/*.jar")}
    if wrong := sorted(name for name in locked.keys() | found.keys() if locked.get(name) != found.get(name)):
        raise Failed(
            f"Kafka: файлы не совпали с контрольными суммами: {', '.join(wrong)}",
            "повторите запуск; если повторится — источник пакетов Maven подменяет файлы",
        )


def _download(draft: Path) -> None:
    for name in ("jgo.toml", "jgo.lock.toml"):
        shutil.copy(HERE / name, draft / name)
    said = ""
    for pause in (*PAUSES, 0):
        done = _sync(draft)
        if done.returncode == 0 and (draft / ".jgo").is_dir():
            return
        said = (done.stdout + done.stderr)[-1500:].strip()
        time.sleep(pause)
    raise Failed(
        f"Kafka: не удалось скачать Java-пакеты:\n{said}",
        "проверьте доступ к хранилищу Maven (прокси: https_proxy) и место на диске, затем повторите",
    )


def _sync(draft: Path) -> subprocess.CompletedProcess[str]:
    own = ("--repo-cache", str(draft / "repository"), "--cache-dir", str(draft / "cache"), "--links", "copy")
    argv = (sys.executable, "-m", "jgo", "--resolver", "python", *own, "sync")
    env = {**os.environ, "COLUMNS": "160"}
    return subprocess.run(  # noqa: S603 (our own words)
        argv, cwd=draft, env=env, capture_output=True, text=True, check=False
    )
