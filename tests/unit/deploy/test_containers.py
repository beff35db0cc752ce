"""The containers' description: valid by the compose schema, and true to the services that there are."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from deploy.local.settings import OFFSETS, ROOT, SERVICES

COMPOSE = ROOT / "docker-compose.yml"
PROMETHEUS = ROOT / "deploy" / "prometheus" / "prometheus.yml"
FIRST_PORT = 8000
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a container must listen on


def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found


def validated(path: Path) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_the_compose_file_is_valid_by_its_schema():
    done = validated(COMPOSE)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_compose_file_would_be_seen(tmp_path: Path):
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text("services: {portal: {image: 5, restrat: always}}\n")

    assert validated(wrong).returncode == 1


def test_every_service_runs_its_own_application_on_its_port():
    services = composed()["services"]

    for name in (*SERVICES, "identity"):
        words = services[name]["command"]
        module, _, factory = words[3].partition(":")
        assert find_spec(module), module
        assert factory == "create"
        assert words[-1] == str(FIRST_PORT + OFFSETS[name])
        assert EVERYWHERE in words, f"{name} could not be reached from outside its container"


def test_what_is_waited_for_can_become_healthy():
    services = composed()["services"]

    for name, service in services.items():
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in services[other], f"{name} waits for {other}, which has no healthcheck"


def test_what_is_mounted_or_built_from_is_there():
    services = composed()["services"]

    assert (ROOT / services["identity"]["build"]["dockerfile"]).is_file()
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert not source.startswith(".") or (ROOT / source).exists(), volume
            assert source.startswith(".") or source in composed()["volumes"], volume


def test_the_image_copies_every_folder_that_the_services_need():
    lines = (ROOT / "deploy" / "Dockerfile").read_text().splitlines()
    copied = {words[1] for line in lines if (words := line.split())[:1] == ["COPY"]}

    assert copied == {"requirements.lock", "services", "shared", "deploy", "data"}


def test_prometheus_scrapes_every_service_at_its_port():
    [job] = yaml.safe_load(PROMETHEUS.read_text())["scrape_configs"]
    scraped = {one["labels"]["service"]: one["targets"] for one in job["static_configs"]}

    assert scraped == {name: [f"identity:{FIRST_PORT + OFFSETS[name]}"] for name in SERVICES}
