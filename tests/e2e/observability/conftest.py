"""A real Prometheus that scrapes the running platform by our rules, with time shortened."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local import SERVICES
from deploy.local.ports import free_port_base
from deploy.local.tools import PROMTOOL, without
from tests.e2e.conftest import Running, until
from tests.e2e.observability.shortened import write


@dataclass(frozen=True, slots=True)
class Prometheus:
    """What it knows, asked through its own API."""

    address: str
    client: httpx.Client

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The answer of an instant query."""
        answer = self.client.get(f"{self.address}/api/v1/query", params={"query": query})
        found: list[dict[str, Any]] = answer.raise_for_status().json()["data"]["result"]
        return found

    def firing(self) -> set[tuple[str, str]]:
        """The alerts that fire now, each with the service or group that it names."""
        rows = [row["metric"] for row in self.ask('ALERTS{alertstate="firing"}')]
        return {(row["alertname"], row.get("service") or row.get("group") or "") for row in rows}

    def ready(self) -> bool:
        """Whether it answers and every service was scraped for a while."""
        try:
            return len(self.ask('count_over_time(up{job="rsoko"}[10s]) >= 3 and up == 1')) == len(SERVICES)
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def prometheus(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Started for this module; stopped at its end."""
    program = shutil.which("prometheus")
    if program is None and PROMTOOL.name in without():
        pytest.skip("RSOKO_WITHOUT=promtool: the alerts are not tried on a running Prometheus")
    assert program, f"prometheus is missing: apt-get install {' '.join(PROMTOOL.packages)}"
    folder, port = Path(tmp_path_factory.mktemp("prometheus")), free_port_base()
    targets = {name: running.settings.url(name).removeprefix("http://") for name in SERVICES}
    argv = [
        program,
        f"--config.file={write(folder, targets)}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]
    with (folder / "log").open("wb") as log, subprocess.Popen(argv, stdout=log, stderr=log) as process:
        try:
            with httpx.Client(timeout=10) as client:
                found = Prometheus(f"http://127.0.0.1:{port}", client)
                try:
                    until(found.ready, within=90)
                except AssertionError as error:  # the log says why only now
                    error.add_note((folder / "log").read_text(encoding="utf-8"))
                    raise
                yield found
        finally:
            process.terminate()
