"""Who may speak with whom, and which doors there are from outside."""

from __future__ import annotations

from typing import Any

from deploy.container import port_of
from deploy.kubernetes.names import PART_OF, PORTAL, about
from deploy.local.settings import SERVICES, STORED

OURS = {"matchLabels": {"app.kubernetes.io/part-of": PART_OF}}
KAFKA_PORT, MONGO_PORT, DNS_PORT, HTTPS_PORT = 9093, 27017, 53, 443
INNER = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"]
# What a cloud tells its machines about themselves, passwords included; no provider of identities lives there.
NODE = ["169.254.0.0/16", "127.0.0.0/8"]
# The largest body that any door takes (POST /v1/events); the doors bound the others themselves.
BODY = "8m"
# What is for integrators; health and metrics are not.
API_PATHS = ("/v1", "/docs", "/openapi.json", "/asyncapi", "/asyncapi.json", "/static")
HOST = "rsoko.example"


def policies() -> list[dict[str, Any]]:
    """Nothing is allowed between our pods and others but what is named here."""
    stored = {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": [*STORED, "setup"]}]}
    kafka = {"matchLabels": {"strimzi.io/cluster": "rsoko", "strimzi.io/kind": "Kafka"}}
    mongo = {"matchLabels": {"app": "rsoko-mongodb-svc"}}
    portal = {"matchLabels": {"app.kubernetes.io/name": PORTAL}}
    apis = {"matchLabels": {"app.kubernetes.io/part-of": PART_OF, "app.kubernetes.io/component": "api"}}
    between = [port_of(name) for name in STORED]
    # Policies add up: what is open here is open to webhooks too, which keep off inner addresses by themselves.
    everywhere = {"ipBlock": {"cidr": "0.0.0.0/0", "except": NODE}}
    return [
        _policy("deny-by-default", OURS, {"policyTypes": ["Ingress", "Egress"]}),
        _out("names", OURS, [{"namespaceSelector": {}}], _ports(DNS_PORT, "UDP") + _ports(DNS_PORT)),
        _out("kafka", stored, [{"podSelector": kafka}], _ports(KAFKA_PORT)),
        _out("mongodb", stored, [{"podSelector": mongo}], _ports(MONGO_PORT)),
        # The provider of identities is somewhere: its keys are fetched over TLS.
        _out("identity", OURS, [everywhere], _ports(HTTPS_PORT)),
        _out("portal-to-services", portal, [{"podSelector": apis}], [one for port in between for one in _ports(port)]),
        _in("from-portal", apis, [{"podSelector": portal}], [one for port in between for one in _ports(port)]),
        _in("from-ingress", apis, [_namespace("ingress-nginx")], _all_ports()),
        _in("from-prometheus", OURS, [_namespace("monitoring")], _all_ports()),
        _out(
            "webhooks",
            {"matchLabels": {"app.kubernetes.io/name": "notification"}},
            [{"ipBlock": {"cidr": "0.0.0.0/0", "except": INNER}}],
            [*_ports(HTTPS_PORT), *_ports(80), {"protocol": "TCP", "port": 8000, "endPort": 8999}],
        ),
    ]


def ingresses() -> list[dict[str, Any]]:
    """The portal at the host itself, every service's API at a host of its own; long answers are streams."""
    return [_ingress(name) for name in SERVICES]


def _ingress(service: str) -> dict[str, Any]:
    host = HOST if service == PORTAL else f"{service}.{HOST}"
    paths = [_path(path, "Prefix", service) for path in (("/",) if service == PORTAL else API_PATHS)]
    if service == PORTAL:
        # Longer paths win: what is for Prometheus and the kubelet leads nowhere from outside.
        paths += [_path(path, "Exact", "closed") for path in ("/metrics", "/livez", "/readyz")]
    about_it = about(service)
    about_it["annotations"] = {
        "nginx.ingress.kubernetes.io/proxy-body-size": BODY,
        "nginx.ingress.kubernetes.io/proxy-buffering": "off",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600",
    }
    rule = {"host": host, "http": {"paths": paths}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": about_it,
        "spec": {"ingressClassName": "nginx", "tls": [{"hosts": [host], "secretName": "rsoko-tls"}], "rules": [rule]},
    }


def _path(path: str, kind: str, service: str) -> dict[str, Any]:
    return {"path": path, "pathType": kind, "backend": {"service": {"name": service, "port": {"name": "http"}}}}


def _policy(name: str, pods: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": about(name),
        "spec": {"podSelector": pods, **more},
    }


def _out(name: str, pods: dict[str, Any], to: list[Any], ports: list[Any]) -> dict[str, Any]:
    return _policy(f"to-{name}", pods, {"policyTypes": ["Egress"], "egress": [{"to": to, "ports": ports}]})


def _in(name: str, pods: dict[str, Any], origin: list[Any], ports: list[Any]) -> dict[str, Any]:
    return _policy(name, pods, {"policyTypes": ["Ingress"], "ingress": [{"from": origin, "ports": ports}]})


def _namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _ports(port: int, protocol: str = "TCP") -> list[dict[str, Any]]:
    return [{"protocol": protocol, "port": port}]


def _all_ports() -> list[dict[str, Any]]:
    return [one for name in SERVICES for one in _ports(port_of(name))]
