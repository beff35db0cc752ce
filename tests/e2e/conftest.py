"""One running platform with the region loaded for all tests here, and clients for whoever asks."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.local import Platform, Settings
from tests.e2e import people

T = TypeVar("T")


def nobody(_: str) -> None:
    """Progress is for terminals."""


def until(condition: Callable[[], T], *, within: float = 180.0, what: str = "") -> T:
    """The condition's first true value; fails with the last one when the deadline passes."""
    end = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < end, f"not within {within} s: {what}; last: {found!r}"
        time.sleep(0.05)
    return found


@dataclass(frozen=True, slots=True)
class Running:
    """The platform, who may ask it, and how."""

    platform: Platform
    tokens: dict[str, str | None]
    client: httpx.Client

    @property
    def settings(self) -> Settings:
        """Ports and folders."""
        return self.platform.settings

    def ask(self, who: str, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        """One request of somebody, with other headers beside the token."""
        given = dict(options.pop("headers", None) or {})
        token = self.tokens.get(who)
        headers = given if token is None else {"Authorization": f"Bearer {token}", **given}
        return self.client.request(method, f"{self.settings.url(service)}{path}", headers=headers, **options)

    def cli(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the command line about this platform."""
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli", *words],
            env={**os.environ, **self.settings.environ()},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def tell(self, who: str, method: str, service: str, path: str, **options: Any) -> Any:
        """The same, which must be done; the JSON answer."""
        answer = self.ask(who, method, service, path, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Everything up, the region in; stopped at the end of the run."""
    with whole_platform(Path(tmp_path_factory.mktemp("e2e"))) as found:
        yield found


@contextmanager
def whole_platform(home: Path) -> Iterator[Running]:
    """A platform on spare ports with the region loaded; stopped on leaving."""
    platform = Platform(Settings.spare(home))
    try:
        with pytest.MonkeyPatch.context() as patch:
            # The receivers of the tests are on this machine.
            patch.setenv("RSOKO_WEBHOOK_PRIVATE", "1")
            platform.up()
        with Api(settings=platform.settings) as api:
            bring_region(api, nobody)
        with httpx.Client(timeout=120) as client:
            found = Running(platform, people.tokens(platform.settings), client)
            _schools(found)
            yield found
    finally:
        platform.down()


def signs_level(running: Running) -> None:
    """Wait until scoring has heard all that was told, judged every school and looked at every year of it."""
    until(lambda: _heard(running), within=120, what="scoring has heard everything")
    path = "/v1/schools/bias-signs?period=2022"
    until(lambda: not running.tell("ministry", "GET", "scoring", path)["pending"], within=120, what="signs level")


def _heard(running: Running) -> bool:
    for service in ("registry", "monitoring"):
        if running.tell("operator", "GET", service, "/v1/operations/outbox")["unpublished"]:
            return False
    rows = json.loads(running.cli("positions", "list", "scoring", "--json").stdout)["items"]
    return bool(rows) and all(row["lag"] == 0 for row in rows)


def _schools(running: Running) -> None:
    """A school of the own municipality and one of the foreign."""
    owners = {people.SCHOOL: people.OWN, people.FOREIGN_SCHOOL: people.FOREIGN}
    rows = [
        {"id": school, "name": f"Школа {school}", "kind": "school", "owner": "municipality",
         "municipality": owner, "valid_from": "2010-09-01"}
        for school, owner in owners.items()
    ]  # fmt: skip
    running.tell("operator", "POST", "registry", "/v1/organizations/import", json={"items": rows})
