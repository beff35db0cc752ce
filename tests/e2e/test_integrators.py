"""The samples of the integrators' page do what the page says, one after another in one shell."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local import tools
from deploy.local.ports import free_port_base
from tests.architecture.documents import blocks
from tests.architecture.tree import ROOT
from tests.e2e.conftest import Running, until

PAGE = ROOT / "docs" / "integrators.md"
DONE = "=== done"


def without(tool: tools.Tool) -> bool:
    """Whether this run goes without the tool; one that is neither left out nor there is an error."""
    left_out = tool.name in tools.without()
    assert left_out or tool.path(), f"{tool.name} is missing: apt-get install {' '.join(tool.packages)}"
    return left_out


def samples() -> list[str]:
    """The blocks of shell that this run can run."""
    return [block for block in blocks(PAGE, "sh") if "kcat" not in block or not without(tools.KCAT)]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the blocks of shell printed, in their order, and the folder in which they ran."""

    printed: list[str]
    folder: Path


def here(text: str, running: Running, receiver: int) -> str:
    """A sample with the addresses of this platform."""
    base = running.settings.port_base
    text = re.sub(r"127\.0\.0\.1:80(\d\d)", lambda port: f"127.0.0.1:{base + int(port[1])}", text)
    text = text.replace("127.0.0.1:9092", running.settings.kafka_address)
    text = text.replace("127.0.0.1:9000", f"127.0.0.1:{receiver}").replace(
        '"127.0.0.1", 9000', f'"127.0.0.1", {receiver}'
    )
    return text.replace("./rsoko ", f"{sys.executable} -m deploy.cli ")


@pytest.fixture(scope="module")
def shown(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """Every block run as it stands; the receiver that one of them starts is stopped at the end."""
    if without(tools.CURL):
        pytest.skip(f"{tools.WITHOUT}=curl: the samples are not run")
    folder, receiver = tmp_path_factory.mktemp("samples"), free_port_base()
    for sample in blocks(PAGE, "python"):
        name = sample.partition("\n")[0].removeprefix("# ")
        (folder / name).write_text(here(sample, running, receiver), encoding="utf-8")
    script = "".join(f"{here(block, running, receiver)}\necho '{DONE}'\n" for block in samples())
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    told, err = folder / "told.txt", folder / "err.txt"
    with told.open("wb") as out, err.open("wb") as errors:
        shell = subprocess.Popen(
            ["bash", "-eu", "-c", script],
            cwd=folder,
            env={**running.settings.environ(), "PATH": path},
            stdout=out,
            stderr=errors,
            start_new_session=True,
        )
        try:
            assert shell.wait(timeout=120) == 0, told.read_text() + err.read_text()
            yield Shown(told.read_text().split(DONE), folder)
        finally:
            os.killpg(shell.pid, signal.SIGTERM)


def answer(shown: Shown, sample: str) -> dict[str, object]:
    """What the block with these words printed, as JSON."""
    [number] = [number for number, block in enumerate(samples()) if sample in block]
    found: dict[str, object] = json.loads(shown.printed[number])
    return found


def test_the_first_event_is_accepted_and_scored(running: Running, shown: Shown):
    counts = answer(shown, "ce-id: demo-0001")["counts"]
    # A correction where another test has reported the same before.
    assert counts["accepted"] + counts["corrected"] == 1
    path = "/v1/scores/74-zlatoustovsky-go?period=2023"
    until(lambda: running.ask("operator", "GET", "scoring", path).is_success, what="the score of the sample")


def test_the_event_sent_through_kafka_arrives(running: Running, shown: Shown):
    assert arrived(running, "74-miassky-go") == [("demo", "2", "0.5")]


def test_the_event_sent_by_kcat_arrives(running: Running, shown: Shown):
    if without(tools.KCAT):
        pytest.skip(f"{tools.WITHOUT}=kcat: its sample is not run")
    assert arrived(running, "74-kopeysky-go") == [("demo", "1", "0.5")]


def arrived(running: Running, municipality: str) -> list[tuple[str, str, str]]:
    """The results of 2023, each as its source and its values."""
    path = f"/v1/results?municipality={municipality}&period=2023"
    items = until(lambda: running.tell("operator", "GET", "monitoring", path)["items"], what="the result of the sample")
    return [(one["source"], one["values"]["i1"], one["values"]["i2"]) for one in items]


def test_the_webhook_brings_a_test_and_then_the_change(shown: Shown):
    tested = answer(shown, "$ID/test")
    assert (tested["delivered"], tested["status"]) == (True, 204)
    assert answer(shown, "ce-id: demo-0003")["counts"]["corrected"] == 1
    received = shown.folder / "received.txt"
    until(lambda: "score_changed Златоустовский" in received.read_text(), what="the change at the receiver")
    # Order is not promised: what Kafka brought a moment before may be told first.
    assert "test" in [line.strip() for line in received.read_text().splitlines()]
