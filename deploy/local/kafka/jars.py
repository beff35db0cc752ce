"""The jars of Apache Kafka: fetched once by jgo, held to the lock's checksums, kept beside the tools."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.processes import Failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jgo.maven import MavenContext

LOCK = Path(__file__).parent / "jgo.lock.toml"
PAUSES = (1, 5)  # seconds between attempts: a repository may be busy for a moment
AT_ONCE = 4
FOREIGN = "повторите запуск; если повторится — источник пакетов Maven подменяет файлы"
UNREACHABLE = "проверьте доступ к хранилищу Maven (прокси: https_proxy) и место на диске, затем повторите"


def jars() -> Path:
    """The folder of the jars, named by the lock's hash."""
    return Path(sys.prefix) / f"kafka-jars-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


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
            verify(Path(draft) / "jars")
            (Path(draft) / "jars").rename(jars())


def verify(folder: Path) -> None:
    """Compare every jar with the lock: none missing, none foreign, none changed."""
    wanted = {_file(item): item["sha256"] for item in locked()}
    found = {path.name: _hash(path) for path in folder.glob("*.jar")}
    if wrong := sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)):
        raise Failed(f"Kafka: файлы не совпали с контрольными суммами: {', '.join(wrong)}", FOREIGN)


def locked() -> list[dict[str, str]]:
    """The jars of the lock, whole: nothing is left to be resolved."""
    items: list[dict[str, str]] = tomllib.loads(LOCK.read_text())["dependencies"]
    return items


def _download(draft: Path) -> None:
    """Fetch all jars, some at a time; what came in one attempt is there for the next."""
    from jgo.config import GlobalSettings  # half a second, and seldom needed
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    settings = GlobalSettings.load()
    remote = {"central": MAVEN_CENTRAL_URL, **settings.repositories}
    context = MavenContext(repo_cache=draft / "repository", local_repos=[], remote_repos=remote)
    said = ""
    for pause in (*PAUSES, 0):
        try:
            fetch(context, locked(), draft / "jars")
        except (RuntimeError, OSError) as error:
            said = str(error)
            time.sleep(pause)
        else:
            return
    raise Failed(f"Kafka: не удалось скачать Java-пакеты:\n{said}", UNREACHABLE)


def fetch(context: MavenContext, items: Sequence[dict[str, str]], folder: Path) -> None:
    """Bring these jars of a lock, unless they are there; an error ends it, and leaves those that came whole."""
    folder.mkdir(exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            list(pool.map(partial(_fetch, context, folder), items))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _fetch(context: MavenContext, folder: Path, item: dict[str, str]) -> None:
    """Fetch one jar, unless an earlier attempt did; what that left of it is thrown away."""
    if (folder / _file(item)).exists():
        return
    component = context.project(item["groupId"], item["artifactId"]).at_version(item["version"])
    shutil.rmtree(context.repo_cache / component.path_prefix, ignore_errors=True)
    component.artifact().resolve().rename(folder / _file(item))


def _file(item: dict[str, str]) -> str:
    return f"{item['artifactId']}-{item['version']}.jar"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
