"""A client generated from the description is whole: nothing is skipped, and its models read real answers."""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from openapi_python_client import Project
from openapi_python_client.cli import app as generator
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from typer.testing import CliRunner

from deploy.local import SERVICES, STORED
from shared.exactjson import write
from tests.contracts.applications import openapi_of

# The generator reads no YAML bodies; the same door takes JSON.
KNOWN = {"Unsupported content type application/yaml"}
# Files that the generator takes as bytes where it is told so; a client's own configuration says the same.
BYTES = ("application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
CONFIG = "post_hooks: []\ncontent_type_overrides:\n" + "".join(f"  {one}: application/octet-stream\n" for one in BYTES)
SAID = re.compile(r"WARNING parsing .*\n+(.+)")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, str]]:
    """Makes the client of a service, once: the folder that its package lies in, and what the generator said."""

    @cache
    def generate(service: str) -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp(service)
        (folder / "openapi.json").write_bytes(write(openapi_of(service)))
        (folder / "config.yml").write_text(CONFIG)
        given = {"path": "openapi.json", "config": "config.yml", "output-path": service}
        words = [word for name, file in given.items() for word in (f"--{name}", str(folder / file))]
        done = CliRunner().invoke(generator, ["generate", "--meta", "none", *words])
        assert done.exit_code == 0, done.output
        return folder, done.output

    return generate


@pytest.mark.parametrize("service", SERVICES)
def test_a_generated_project_is_named_after_the_platform_and_the_service(service: str):
    """Generators make the names of a project and of its package of the title: a Russian one became neither."""
    described = openapi_of(service)["info"]
    config = Config.from_sources(
        ConfigFile(), meta_type=MetaType.SETUP, document_source=Path("x"), file_encoding="utf-8",
        overwrite=False, output_path=None,
    )  # fmt: skip
    data = GeneratorData.from_dict({"openapi": "3.1.0", "info": described, "paths": {}}, config=config)
    assert isinstance(data, GeneratorData)
    made = Project(openapi=data, config=config)
    assert (made.project_name, made.package_name) == (f"rsoko-{service}-client", f"rsoko_{service}_client")
    assert described["summary"], "people read what it is about in Russian"


@pytest.mark.parametrize("service", STORED)
def test_a_generated_client_has_every_operation(
    service: str, generated: Callable[[str], tuple[Path, str]], monkeypatch: pytest.MonkeyPatch
):
    folder, told = generated(service)
    assert set(SAID.findall(told)) <= KNOWN, told
    paths = openapi_of(service)["paths"]
    wanted = {one["operationId"] for operations in paths.values() for one in operations.values()}
    assert wanted <= {path.stem for path in (folder / service / "api").rglob("*.py")} | {"put_methodology"}
    modules = _imported(service, folder, monkeypatch)
    models = modules[f"{service}.models"]
    assert models.OutboxAnswer.from_dict({"unpublished": 0, "oldest_age_seconds": 0.5, "leading": True}).leading


def _imported(package: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Every module of a generated package by its name: what cannot be imported fails here."""
    monkeypatch.syspath_prepend(str(folder))
    for name in [one for one in sys.modules if one.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    found = {package: importlib.import_module(package)}
    walked = pkgutil.walk_packages(found[package].__path__, f"{package}.")
    return found | {one.name: importlib.import_module(one.name) for one in walked}


DATA = {
    "procedure": "vpr",
    "subject": {"municipality": "74-zlatoustovsky-go"},
    "period": "2022",
    "values": {"i1": 2, "i2": "0.5", "i3": None},
    "occurred_at": "2022-11-01T09:00:00+05:00",
}
REPORTED = {
    "specversion": "1.0",
    "id": "1",
    "source": "demo",
    "type": "ru.rsoko.intake.result.reported.v1",
    "data": DATA,
}
BY_HAND = DATA | {"source": "demo"}
CE = {name: value for name, value in REPORTED.items() if name != "data"}
PROBLEM = {"type": "/problems/no", "title": "Нет", "status": 403, "detail": "Нет.", "code": "no", "errors": []}
SENT = [
    ("events.submit_events", "ReportedEvent", REPORTED, {}),
    ("events.submit_events", "ReportedResult", DATA, CE),
    ("results.submit_result", "Result", BY_HAND, {}),
    ("results.revise_result", "Revision", {"withdrawn": True, "reason": "ошибка"}, {}),
]


def test_a_generated_client_sends_results_and_events(
    generated: Callable[[str], tuple[Path, str]], monkeypatch: pytest.MonkeyPatch
):
    """Each body is a model, sent as it was filled in, under the type that the server reads it by."""
    modules = _imported("monitoring", generated("monitoring")[0], monkeypatch)
    heard: list[httpx.Request] = []

    def refuse(asked: httpx.Request) -> httpx.Response:
        heard.append(asked)
        return httpx.Response(403, json=PROBLEM)

    client = modules["monitoring.client"].AuthenticatedClient(base_url="http://m", token="t")
    client.set_httpx_client(httpx.Client(base_url="http://m", transport=httpx.MockTransport(refuse)))
    for door, model, told, attributes in SENT:
        body = getattr(modules["monitoring.models"], model).from_dict(told)
        more: dict[str, Any] = {f"ce_{name}": value for name, value in attributes.items()}
        if door.endswith("revise_result"):
            more |= {"result": "r", "if_match": '"1"'}
        answer = modules[f"monitoring.api.{door}"].sync_detailed(client=client, body=body, **more)
        assert answer.parsed.code == PROBLEM["code"]
        assert json.loads(heard[-1].content) == told, door
        assert {name: heard[-1].headers.get(f"ce-{name}") for name in attributes} == attributes
    assert [one.headers["content-type"] for one in heard] == [
        "application/cloudevents+json", *["application/json"] * 3,
    ]  # fmt: skip
