"""The containers of each profile: valid by the compose schema, complete, hardened, true to settings and services."""

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
from deploy.local.settings import OFFSETS, ROOT, SERVICES, STORED
from shared.settings import Settings
from shared.version import VERSION

FIRST_PORT = 8000
COMPOSE = ROOT / "docker-compose.yml"
PROMETHEUS = ROOT / "deploy" / "prometheus" / "prometheus.yml"
IMAGE = f"rsoko:{VERSION}"
PROFILES = ("small", "full", "secured")
PRODUCTION = ("full", "secured")
Services = dict[str, dict[str, Any]]
in_each_profile = pytest.mark.parametrize("profile", PROFILES)


@cache
def described() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return found


def everything() -> Services:
    found: Services = described()["services"]
    return found


def of_profile(profile: str) -> Services:
    """What `docker compose --profile PROFILE up` starts."""
    return {name: told for name, told in everything().items() if profile in told["profiles"]}


def ours(profile: str) -> Services:
    """Our services of a profile by their own names, whatever Compose calls them there."""
    return {
        told["command"][0]: told
        for told in of_profile(profile).values()
        if told["image"] == IMAGE and "entrypoint" not in told and told["command"][0] in SERVICES
    }


def setup(profile: str) -> dict[str, Any]:
    [found] = [told for told in of_profile(profile).values() if "deploy.local.prepare" in told.get("entrypoint", ())]
    return found


def provider(profile: str) -> str:
    """Which container answers for identities."""
    return "identity" if profile == "small" else "keycloak"


def reachable(profile: str) -> set[str]:
    """The names under which containers of a profile find one another."""
    services = of_profile(profile)
    aliases = [one.get("networks", {}).get("default", {}).get("aliases", ()) for one in services.values()]
    return set(services) | {name for names in aliases for name in names}


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


@in_each_profile
def test_a_profile_has_all_that_its_containers_wait_for_share_and_ask(profile: str):
    services = of_profile(profile)

    assert set(ours(profile)) == set(SERVICES), f"docker-compose.yml: a container of it in {profile}"
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), f"{name} waits for what {profile} has not"
        network = service.get("network_mode", "").removeprefix("service:")
        assert not network or network in services, f"{name} shares the network of {network}"
        text = yaml.safe_dump(service.get("environment", {}))
        hosts = set(re.findall(r"(?:RSOKO_KAFKA: |mongodb://)([a-z-]+):", text))
        assert hosts <= reachable(profile), f"{name} asks {hosts}"
    assert {"kafka", "mongodb"} <= reachable(profile)


def test_no_container_is_outside_of_the_profiles():
    for name, service in everything().items():
        assert service["profiles"], f"{name} would start in every profile"
        assert set(service["profiles"]) <= set(PROFILES), name


def test_what_a_profile_adds_is_in_it_and_in_no_smaller_one():
    assert {"identity"} == set(of_profile("small")) & {"identity", "keycloak", "prometheus", "grafana", "kafka-secured"}
    for profile in PRODUCTION:
        assert {"keycloak", "prometheus", "grafana"} <= set(of_profile(profile))
        assert "identity" not in of_profile(profile), "it lets everybody in as anybody"
    assert "kafka" not in of_profile("secured"), "it asks nobody for a password"


@in_each_profile
def test_a_port_of_this_machine_is_published_once(profile: str):
    published = [port for service in of_profile(profile).values() for port in service.get("ports", ())]

    assert len(published) == len(set(published))
    assert of_profile(profile)["door"]["ports"] == ["127.0.0.1:8000-8006:8000-8006"]


def test_every_service_is_run_by_its_name_and_listens_where_its_port_is(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr("deploy.container.MARK", tmp_path / "port")
    monkeypatch.delenv("RSOKO_PORT_BASE", raising=False)
    for name in (*SERVICES, "identity"):
        words = command(name)
        assert words[words.index("--port") + 1] == str(FIRST_PORT + OFFSETS[name])
        assert (tmp_path / "port").read_text() == str(FIRST_PORT + OFFSETS[name])
    assert FLAGS[FLAGS.index("--host") + 1] == "0.0.0.0"  # noqa: S104 - what a container must listen on
    assert everything()["identity"]["command"] == ["identity"]
    assert everything()["keycloak"]["environment"]["KC_HTTP_PORT"] == str(FIRST_PORT + OFFSETS["identity"])


@in_each_profile
def test_every_service_starts_after_the_stores_are_prepared(profile: str):
    for name, service in ours(profile).items():
        waits = {other for other in service["depends_on"] if everything()[other] == setup(profile)}
        assert waits, f"{name} does not wait for the set-up"
    assert set(setup(profile)["command"]) == set(STORED), "docker-compose.yml: the command of `setup`"


@in_each_profile
def test_all_share_the_network_of_a_container_that_has_nothing_to_fall_over(profile: str):
    services = of_profile(profile)

    shared = {one["network_mode"] for one in (*ours(profile).values(), services[provider(profile)])}
    assert shared == {"service:door"}
    assert services["door"]["entrypoint"] == ["sleep", "infinity"]


@in_each_profile
def test_scoring_has_room_for_what_it_makes_in_processes_of_its_own(profile: str):
    limits = {name: service["mem_limit"] for name, service in ours(profile).items()}

    assert limits.pop("scoring") == "768m"
    assert set(limits.values()) == {"256m"}


@in_each_profile
def test_what_is_waited_for_can_become_healthy_or_end(profile: str):
    services = of_profile(profile)

    for name, service in services.items():
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                own_probe = services[other]["image"] == IMAGE
                assert own_probe or "healthcheck" in services[other], f"{name} waits for {other}, without a healthcheck"
            else:
                assert services[other]["restart"] == "no", f"{name} waits for the end of {other}"


def test_every_container_is_hardened_and_has_a_limit_of_memory():
    for name, service in everything().items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["mem_limit"], name
        assert service["restart"] in {"unless-stopped", "no"}, name
        if service["image"] == IMAGE:
            assert service["read_only"] is True, name
            assert service["tmpfs"], f"{name} writes the mark of its health check"


def test_nothing_is_reachable_from_another_machine():
    published = [port for service in everything().values() for port in service.get("ports", ())]

    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_every_variable_is_read_by_something_and_every_secret_is_made_and_mounted(tmp_path: Path):
    known = {f"RSOKO_{name.upper()}" for name in Settings.model_fields}
    files = set(make(tmp_path / "secrets"))
    declared = {name: told["file"] for name, told in described()["secrets"].items()}

    assert {Path(path).name for path in declared.values()} == set(declared)
    assert set(declared) <= files
    for name, service in everything().items():
        environment = service.get("environment", {})
        mounted = {f"/run/secrets/{one}" for one in service.get("secrets", ())}
        if service["image"] == IMAGE:
            assert {one.removesuffix("_FILE") for one in environment} <= known, name
        pointed = set(re.findall(r"/run/secrets/[\w.-]+", yaml.safe_dump(service, width=10_000)))
        assert pointed <= mounted | {f"/run/secrets/{one}" for one in files}, name
        assert {one for one in pointed if not one.endswith(("broker.pem", "ca.pem"))} <= mounted, name


@pytest.mark.parametrize("profile", PRODUCTION)
def test_what_production_requires_is_given(profile: str):
    services = ours(profile)

    assert {service["environment"]["RSOKO_ENV"] for service in services.values()} == {"production"}
    assert "RSOKO_SESSION_KEY_FILE" in services["portal"]["environment"]
    assert "RSOKO_WEBHOOK_KEY_FILE" in services["notification"]["environment"]
    assert "RSOKO_PUBLIC_URL" in services["portal"]["environment"]


def test_the_small_profile_needs_no_secrets():
    assert [name for name, service in of_profile("small").items() if service.get("secrets")] == []


def test_no_password_stands_in_the_file():
    # A user's name, the address of a password's file, a word that is read when the container starts.
    for line in COMPOSE.read_text().splitlines():
        told = re.search(r"(?i)(password|secret|key)\w*: +[\"']?(?!/run/secrets/|\[|\{)(\S+)", line)
        assert told is None or line.lstrip().startswith("#"), line


def test_in_the_secured_profile_every_service_signs_in_as_itself():
    services = ours("secured")

    for name in STORED:
        assert name in services, f"docker-compose.yml: {name}-secured"
        environment = services[name]["environment"]
        assert environment["RSOKO_KAFKA_USER"] == name
        assert environment["RSOKO_KAFKA_PASSWORD_FILE"] == f"/run/secrets/{name}.password"
        assert environment["RSOKO_KAFKA_CA"] == "/run/secrets/ca.pem"
        mounted = [one for one in services[name]["secrets"] if one.endswith((".pem", ".password"))]
        assert mounted == ["ca.pem", f"{name}.password"], "its own password and no other's"
        assert name in users()
    assert setup("secured")["environment"]["RSOKO_KAFKA_USER"] == "operator"
    assert setup("secured")["environment"]["RSOKO_KAFKA_CA"] == "/run/secrets/ca.pem"


def test_only_the_secured_profile_signs_in_to_kafka():
    for profile in ("small", "full"):
        for name, service in of_profile(profile).items():
            assert "RSOKO_KAFKA_USER" not in service.get("environment", {}), f"{name} of {profile}"


def test_kafka_and_mongodb_are_set_as_the_embedded_ones_where_correctness_hangs_on_it(tmp_path: Path):
    make(tmp_path)
    written = dict(line.split("=", 1) for line in (tmp_path / "kafka.properties").read_text().splitlines())
    told = everything()["kafka"]["environment"]
    as_variables = {"KAFKA_" + name.upper().replace(".", "_"): value for name, value in written.items()}

    for name in ("AUTO_CREATE_TOPICS_ENABLE", "MESSAGE_MAX_BYTES", "OFFSETS_TOPIC_SEGMENT_BYTES"):
        assert str(told[f"KAFKA_{name}"]) == as_variables[f"KAFKA_{name}"]
    assert written["authorizer.class.name"].endswith("StandardAuthorizer")
    assert written["listener.security.protocol.map"] == "CONTROLLER:SSL,SASL_SSL:SASL_SSL"
    mongod = everything()["mongodb"]["command"]
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
    volumes = set(described()["volumes"])

    for profile in PROFILES:
        assert (ROOT / setup(profile)["build"]["dockerfile"]).is_file()
    for service in everything().values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert not source.startswith(".") or (ROOT / source).exists(), volume
            assert source.startswith(".") or source in volumes, volume


def test_prometheus_scrapes_every_service_at_its_port():
    [job] = yaml.safe_load(PROMETHEUS.read_text())["scrape_configs"]
    scraped = {one["labels"]["service"]: one["targets"] for one in job["static_configs"]}

    wanted = {name: [f"door:{FIRST_PORT + OFFSETS[name]}"] for name in SERVICES}
    assert scraped == wanted, "deploy/prometheus/prometheus.yml"
