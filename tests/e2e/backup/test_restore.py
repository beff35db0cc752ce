"""The rehearsal: a backup of the working platform, then loss, then everything as it was, and going on."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Any

import httpx
import pytest

from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.local import Platform, Settings
from tests.e2e import people
from tests.e2e.conftest import Running, nobody, until
from tests.e2e.people import OWN

SAME = ("id", "revision", "status", "values", "reason")
RESULTS = f"/v1/results?municipality={OWN}&period=2022&limit=1"


@dataclass(frozen=True, slots=True)
class Drill:
    """A platform that was backed up while an event was under way, and what was true at that moment."""

    running: Running
    backup: Path
    documents: str
    result: dict[str, Any]
    tables: list[Any]

    def found(self) -> dict[str, Any]:
        """The result that was corrected, as monitoring has it now."""
        row: dict[str, Any] = self.running.tell("operator", "GET", "monitoring", f"/v1/results/{self.result['id']}")
        return row

    def scored(self) -> bool:
        """Whether scoring has heard of the very revision that monitoring has."""
        explained = self.running.ask("operator", "GET", "scoring", f"/v1/scores/{OWN}/explain?period=2022").text
        return f'"revision":{self.found()["revision"]}' in explained.replace(" ", "") and self.result["id"] in explained

    def lose(self, *parts: str) -> None:
        """Lose what Kafka, MongoDB or both had on their disks; keys are kept elsewhere."""
        for part in parts:
            shutil.rmtree(self.running.settings.home / part)

    def back(self, *words: str) -> str:
        """Restore and start again; what the command said."""
        platform = self.running.platform
        platform.up(services=())
        done = self.running.cli("restore", str(self.backup), *words)
        assert done.returncode == 0, done.stdout + done.stderr
        platform.down()
        platform.up()
        return done.stdout


def counted(said: str) -> str:
    """How many documents a command speaks of."""
    return said.partition("документов ")[2].partition(",")[0]


def correct(running: Running, reason: str) -> dict[str, Any]:
    """Correct one result of the own municipality, loudly; as it is then."""
    result = running.tell("operator", "GET", "monitoring", RESULTS)["items"][0]
    other = dict.fromkeys(result["values"], "0" if any(value != "0" for value in result["values"].values()) else "1")
    told: dict[str, Any] = running.tell(
        "operator", "POST", "monitoring", f"/v1/results/{result['id']}/revisions",
        json={"values": other, "reason": reason}, headers={"If-Match": f'"{result["revision"]}"'},
    )  # fmt: skip
    return told


def sent(running: Running) -> bool:
    """Whether monitoring has handed everything over to Kafka."""
    return bool(running.tell("operator", "GET", "monitoring", "/v1/operations/outbox")["unpublished"] == 0)


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """The region, a correction under way, the backup, a correction that will be lost; then everything stopped."""
    home, backup = tmp_path_factory.mktemp("drill") / "home", tmp_path_factory.mktemp("kept") / "rsoko.backup"
    platform = Platform(Settings.spare(home))
    try:
        platform.up()
        with Api(settings=platform.settings) as api:
            bring_region(api, nobody)
        with httpx.Client(timeout=30) as client:
            running = Running(platform, people.tokens(platform.settings), client)
            tables = running.tell("ministry", "GET", "scoring", "/v1/ratings/2022")["rows"]
            platform.signal("scoring", SIGSTOP)
            result = correct(running, "Была в пути")
            until(lambda: sent(running), what="the event in Kafka")
            done = running.cli("backup", str(backup))
            assert done.returncode == 0, done.stdout + done.stderr
            platform.signal("scoring", SIGCONT)
            correct(running, "Пропадёт")
            until(lambda: sent(running), what="the event of the lost future in Kafka")
            platform.down()
            yield Drill(running, backup, counted(done.stdout), result, tables)
    finally:
        platform.down()


def consistent(drill: Drill) -> None:
    """Monitoring is at the moment of the backup, scoring knows all that monitoring told, nothing waits or differs."""
    found = drill.found()
    assert {name: found[name] for name in SAME} == {name: drill.result[name] for name in SAME}
    until(drill.scored, what="the correction that was under way, in scoring")
    for words in (("scoring", "verify"), ("positions", "list"), ("outbox", "stats"), ("dlq", "list")):
        done = drill.running.cli(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    others = [row for row in drill.tables if row["municipality"]["id"] != OWN]
    now = drill.running.tell("ministry", "GET", "scoring", "/v1/ratings/2022")["rows"]
    points = {row["municipality"]["id"]: row["points"] for row in now}
    assert {row["municipality"]["id"]: row["points"] for row in others}.items() <= points.items()


def goes_on(drill: Drill, reason: str) -> None:
    """A new correction reaches scoring and the inbox of its municipality."""
    running, before = drill.running, inbox(drill.running)
    revised = correct(running, reason)
    until(lambda: inbox(running) - before, what="the item in the inbox")
    until(drill.scored, what="the new revision in scoring")
    assert drill.found()["revision"] == revised["revision"]


def inbox(running: Running) -> set[str]:
    """The ids of the items that the own municipality has."""
    return {item["id"] for item in running.tell("own municipality", "GET", "notification", "/v1/inbox")["items"]}


def test_everything_lost_is_brought_back_and_goes_on(drill: Drill):
    drill.lose("kafka", "mongodb")

    said = drill.back()

    # But for places in topics that are new now.
    assert 1000 < int(counted(said)) <= int(drill.documents)
    consistent(drill)
    goes_on(drill, "После восстановления")


def test_where_kafka_outlived_the_databases_its_future_is_not_mixed_in(drill: Drill):
    platform = drill.running.platform
    platform.down()
    drill.lose("mongodb")
    platform.up(services=())

    refused = drill.running.cli("restore", str(drill.backup))
    assert refused.returncode == 1
    assert "--renew-topics" in refused.stderr, refused.stderr[-3000:]

    assert "monitoring.intake.v1" not in drill.back("--renew-topics")
    consistent(drill)
    goes_on(drill, "После второго восстановления")


def test_a_platform_at_work_is_not_restored_over(drill: Drill):
    drill.running.platform.up()

    refused = drill.running.cli("restore", str(drill.backup), "--renew-topics")
    again = drill.running.cli("backup", str(drill.backup))

    assert (refused.returncode, again.returncode) == (1, 1)
    assert "базы не пусты" in refused.stderr
    assert "уже есть" in again.stderr
    consistent_still = drill.running.cli("scoring", "verify")
    assert consistent_still.returncode == 0
