"""Kubernetes: made files are those of the code, every manifest is valid, and says the same as settings, topics, rights.

Without kubectl the kustomizations are read by the few lines here: what they list exists, what they patch is there.
Where kubectl is, it builds the overlays in addition.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.container import port_of
from deploy.kubernetes.__main__ import FOLDER, made
from deploy.kubernetes.names import called, roles
from deploy.local.kafka.declared import declared
from deploy.local.kafka.rights import reads, users
from deploy.local.settings import SERVICES, STORED
from shared.settings import Settings
from tests.contracts.applications import applications

VERSION = "1.37"
OVERLAYS = ("small", "production")
# Resources of operators: their schemas are not among those of Kubernetes itself. The versions are what they must be.
FOREIGN = {
    "Kafka": "kafka.strimzi.io/v1",
    "KafkaNodePool": "kafka.strimzi.io/v1",
    "KafkaTopic": "kafka.strimzi.io/v1",
    "KafkaUser": "kafka.strimzi.io/v1",
    "MongoDBCommunity": "mongodbcommunity.mongodb.com/v1",
    "ScaledObject": "keda.sh/v1alpha1",
    "TriggerAuthentication": "keda.sh/v1alpha1",
    "ServiceMonitor": "monitoring.coreos.com/v1",
}
Document = dict[str, Any]


@cache
def kustomization(folder: Path) -> Document:
    found: Document = yaml.safe_load((folder / "kustomization.yaml").read_text())
    return found


def files(folder: Path) -> Iterator[Path]:
    """Every manifest of an overlay, through its bases and components."""
    told = kustomization(folder)
    for name in [*told.get("resources", ()), *told.get("components", ())]:
        path = (folder / name).resolve()
        yield from files(path) if path.is_dir() else [path]


@cache
def documents(overlay: str) -> tuple[Document, ...]:
    return tuple(one for path in files(FOLDER / "overlays" / overlay) for one in yaml.safe_load_all(path.read_text()))


def of(kind: str) -> dict[str, Document]:
    """The resources of one kind in production, by name."""
    return {one["metadata"]["name"]: one for one in documents("production") if one["kind"] == kind}


def container(deployment: Document) -> Document:
    [found] = deployment["spec"]["template"]["spec"]["containers"]
    return dict(found)


def environment(deployment: Document) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in container(deployment)["env"]}


def wrong(document: Document) -> str:
    """What a document is refused for; nothing for a valid one."""
    if document["kind"] in FOREIGN:
        right = FOREIGN[document["kind"]]
        return "" if document["apiVersion"] == right else f"{document['apiVersion']} is not {right}"
    try:
        kubernetes_validate.validate(document, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        return str(error.message)
    return ""


def test_made_files_are_those_of_the_code():
    remedy = ".venv/bin/python -m deploy.kubernetes writes them"
    assert [path for path, text in made().items() if (FOLDER / path).read_text(encoding="utf-8") != text] == [], remedy


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_manifest_is_valid_by_strict_schemas(overlay: str):
    found = [(one["kind"], one["metadata"]["name"], wrong(one)) for one in documents(overlay)]

    assert len(found) > 60
    assert [one for one in found if one[2]] == []


def test_a_wrong_manifest_would_be_seen():
    deployment = of("Deployment")["scoring"]
    assert wrong({**deployment, "spec": {**deployment["spec"], "replicas": "2"}})
    assert wrong({**deployment, "specs": {}})
    assert wrong({"apiVersion": "kafka.strimzi.io/v1beta2", "kind": "KafkaTopic", "metadata": {"name": "old"}})


def test_no_manifest_is_forgotten_by_the_overlays():
    listed = {path for overlay in OVERLAYS for path in files(FOLDER / "overlays" / overlay)}
    there = {path.resolve() for path in FOLDER.rglob("*.yaml") if path.name != "kustomization.yaml"}

    assert there == listed


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_is_patched_is_there(overlay: str):
    for told in kustomization(FOLDER / "overlays" / overlay)["patches"]:
        hit = [one for one in documents(overlay) if one["kind"] == told["target"]["kind"]]
        assert hit
        for operation in yaml.safe_load(told["patch"]):
            assert operation["op"] == "replace"
            for one in hit:
                place: Any = one
                for name in operation["path"].removeprefix("/").split("/"):
                    assert name in place, f"{one['kind']} has no {operation['path']}"
                    place = place[name]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kubectl_builds_what_is_read_here(overlay: str):
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        sys.stderr.write("NOT TESTED: kubectl is not here, the overlays were read by this test's own lines only\n")
        pytest.skip("kubectl is not here")
    done = subprocess.run(
        [kubectl, "kustomize", str(FOLDER / "overlays" / overlay)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    built = list(yaml.safe_load_all(done.stdout))
    names = sorted((one["kind"], one["metadata"]["name"]) for one in built)

    assert names == sorted((one["kind"], one["metadata"]["name"]) for one in documents(overlay))
    assert [(one["metadata"]["name"], wrong(one)) for one in built if wrong(one)] == []
    assert {one["metadata"]["namespace"] for one in built} == {"rsoko"}


def test_the_ingress_lets_through_what_the_doors_take():
    largest = max(
        getattr(route, "limit", None) or 0 for service in SERVICES for route in applications()[service].routes
    )
    for one in of("Ingress").values():
        size = one["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
        assert int(size.removesuffix("m")) << 20 >= largest > 1 << 20


def test_no_policy_leads_to_what_a_cloud_tells_its_machines():
    blocks = [to["ipBlock"] for one in of("NetworkPolicy").values()
              for rule in one["spec"].get("egress", ()) for to in rule.get("to", ()) if "ipBlock" in to]  # fmt: skip
    assert len(blocks) == 2
    assert [one for one in blocks if "169.254.0.0/16" not in one["except"]] == []


def test_every_service_has_one_that_answers_and_one_that_works():
    wanted = {called(service, role) for service in SERVICES for role in roles(service)}

    assert set(of("Deployment")) == set(of("PodDisruptionBudget")) == wanted
    assert set(of("Service")) == wanted | {"closed"}
    assert set(of("ServiceAccount")) == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_ports_probes_and_variables_are_those_of_the_code(service: str):
    # The last one is uvicorn's own.
    known = {f"RSOKO_{name.upper()}" for name in Settings.model_fields} | {"FORWARDED_ALLOW_IPS"}
    for role in roles(service):
        deployment, address = of("Deployment")[called(service, role)], of("Service")[called(service, role)]
        told = container(deployment)

        assert told["args"] == [service]
        assert told["ports"] == [{"name": "http", "containerPort": port_of(service)}]
        assert address["spec"]["ports"][0]["port"] == port_of(service)
        assert told["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
        assert told["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "http"}
        assert {name.removesuffix("_FILE") for name in environment(deployment)} <= known
        assert set(of("ConfigMap")["rsoko"]["data"]) <= known


@pytest.mark.parametrize("service", STORED)
def test_a_service_is_given_its_own_secrets_and_no_others(service: str):
    for role in roles(service):
        deployment = of("Deployment")[called(service, role)]
        told = environment(deployment)
        spec = deployment["spec"]["template"]["spec"]
        files_of = {
            f"/run/{one['name']}/{item['path']}": one["secret"]["secretName"]
            for one in spec["volumes"]
            if "secret" in one
            for item in one["secret"]["items"]
        }

        assert told["RSOKO_KAFKA_USER"] == service
        assert files_of[told["RSOKO_KAFKA_PASSWORD_FILE"]] == service
        assert files_of[told["RSOKO_MONGO_FILE"]] == f"mongodb-{service}"
        assert told["RSOKO_KAFKA_CA"] in files_of
        assert {value for name, value in told.items() if name.endswith("_FILE")} <= set(files_of)
        assert told["RSOKO_ROLE"] == role


def test_what_production_requires_is_given():
    assert of("ConfigMap")["rsoko"]["data"]["RSOKO_ENV"] == "production"
    assert "RSOKO_SESSION_KEY_FILE" in environment(of("Deployment")["portal"])
    for name in ("notification", "notification-worker"):
        assert "RSOKO_WEBHOOK_KEY_FILE" in environment(of("Deployment")[name])
    addresses = environment(of("Deployment")["portal"])["RSOKO_SERVICES"].split(",")
    assert addresses == [f"{name}=http://{name}:{port_of(name)}" for name in STORED]


def test_every_pod_is_restricted():
    pods = [one["spec"]["template"]["spec"] for one in documents("production") if one["kind"] in {"Deployment", "Job"}]

    assert len(pods) == 12
    for pod in pods:
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        [one] = pod["containers"]
        assert one["securityContext"]["allowPrivilegeEscalation"] is False
        assert one["securityContext"]["readOnlyRootFilesystem"] is True
        assert one["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert one["resources"]["limits"]["memory"] == ("768Mi" if one.get("args") == ["scoring"] else "256Mi")


def test_nothing_of_ours_may_speak_unless_it_is_named():
    denied = of("NetworkPolicy")["deny-by-default"]["spec"]

    assert denied["podSelector"] == {"matchLabels": {"app.kubernetes.io/part-of": "rsoko"}}
    assert denied["policyTypes"] == ["Ingress", "Egress"]
    assert set(denied) == {"podSelector", "policyTypes"}


def test_metrics_and_health_are_not_for_everybody():
    for name, ingress in of("Ingress").items():
        [rule] = ingress["spec"]["rules"]
        open_paths = {one["path"] for one in rule["http"]["paths"] if one["backend"]["service"]["name"] == name}
        shut = {one["path"] for one in rule["http"]["paths"] if one["backend"]["service"]["name"] == "closed"}
        assert "/" not in open_paths or shut == {"/metrics", "/livez", "/readyz"}, name
        assert not open_paths & {"/metrics", "/livez", "/readyz"}


def test_topics_and_users_are_the_declared_ones():
    topics = {one.name: one for one in declared(brokers=3)}
    found = of("KafkaTopic")

    assert set(found) == set(topics)
    for name, one in found.items():
        assert one["spec"]["partitions"] == topics[name].partitions
        assert {key: str(value) for key, value in one["spec"]["config"].items()} == topics[name].config
    for name, rights in users().items():
        acls = of("KafkaUser")[name]["spec"]["authorization"]["acls"]
        told = {(one["resource"]["type"], one["resource"]["name"], one["operations"][0].lower()) for one in acls}
        assert told == {(right.kind, right.name, right.deed) for right in rights}
    assert set(of("KafkaUser")) == {*users(), "operator"}
    assert of("Kafka")["rsoko"]["spec"]["kafka"]["authorization"]["superUsers"] == ["operator"]


@pytest.mark.parametrize("service", [name for name in STORED if reads(name)])
def test_workers_are_scaled_by_their_groups_and_never_beyond_the_partitions(service: str):
    spec = of("ScaledObject")[f"{service}-worker"]["spec"]
    partitions = {one.name: one.partitions for one in declared(brokers=1)}
    told = [(one["metadata"]["consumerGroup"], one["metadata"]["topic"]) for one in spec["triggers"]]

    assert spec["scaleTargetRef"]["name"] in of("Deployment")
    assert sorted(told) == sorted((group, topic) for group, topics in reads(service).items() for topic in topics)
    assert spec["maxReplicaCount"] == max(partitions[topic] for _, topic in told)
    assert {one["metadata"]["allowIdleConsumers"] for one in spec["triggers"]} == {"false"}
    assert {one["authenticationRef"]["name"] for one in spec["triggers"]} <= set(of("TriggerAuthentication"))


def test_what_is_scraped_has_the_job_that_rules_and_dashboards_ask_for():
    monitor = of("ServiceMonitor")["rsoko"]["spec"]

    for name, service in of("Service").items():
        if service["metadata"]["labels"].get("app.kubernetes.io/component") in {"api", "worker"}:
            assert service["metadata"]["labels"][monitor["jobLabel"]] == "rsoko", name
