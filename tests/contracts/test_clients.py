"""A client generated from the description is whole: nothing is skipped, and its models read real answers."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData

from shared.exactjson import write
from tests.contracts.applications import applications

GENERATED = ("registry", "monitoring", "scoring", "notification")
# The generator reads no YAML bodies; the same door takes JSON.
KNOWN = {"Unsupported content type application/yaml"}
# Files that the generator takes as bytes where it is told so; a client's own configuration says the same.
BYTES = ("application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
CONFIG = "post_hooks: []\ncontent_type_overrides:\n" + "".join(f"  {one}: application/octet-stream\n" for one in BYTES)
SAID = re.compile(r"WARNING parsing .*\n+(.+)")


def _generate(service: str, folder: Path) -> str:
    (folder / "openapi.json").write_bytes(write(applications()[service].openapi()))
    (folder / "config.yml").write_text(CONFIG)
    words = ["generate", "--path", "openapi.json", "--config", "config.yml", "--meta", "none", "--output-path", service]
    command = [sys.executable, "-m", "openapi_python_client", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("service", ["registry", "monitoring", "scoring", "roadmap", "notification", "portal"])
def test_a_generated_project_is_named_after_the_platform_and_the_service(service: str):
    """Generators make the names of a project and of its package of the title: a Russian one became neither."""
    described = applications()[service].openapi()["info"]
    config = Config.from_sources(
        ConfigFile(), meta_type=MetaType.SETUP, document_source=Path("x"), file_encoding="utf-8",
        overwrite=False, output_path=None,
    )  # fmt: skip
    data = GeneratorData.from_dict({"openapi": "3.1.0", "info": described, "paths": {}}, config=config)
    assert isinstance(data, GeneratorData)
    made = Project(openapi=data, config=config)
    assert (made.project_name, made.package_name) == (f"rsoko-{service}-client", f"rsoko_{service}_client")
    assert described["summary"], "people read what it is about in Russian"


@pytest.mark.parametrize("service", GENERATED)
def test_a_generated_client_has_every_operation(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    told = _generate(service, tmp_path)
    assert set(SAID.findall(told)) <= KNOWN, told
    paths = applications()[service].openapi()["paths"]
    wanted = {one["operationId"] for operations in paths.values() for one in operations.values()}
    assert wanted <= {path.stem for path in (tmp_path / service / "api").rglob("*.py")} | {"put_methodology"}
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, service, raising=False)
    models = importlib.import_module(f"{service}.models")
    assert models.OutboxAnswer.from_dict({"unpublished": 0, "oldest_age_seconds": 0.5, "leading": True}).leading
