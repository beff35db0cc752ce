"""The script at the root, as a module whose places lie in a folder of the test."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from deploy.local.processes import ROOT

SCRIPT = ROOT / "rsoko"


@pytest.fixture
def entrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("entrance", str(SCRIPT))
    spec = spec_from_loader("entrance", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    (tmp_path / "requirements.lock").write_text("one==1 --hash=sha256:0\n")
    (tmp_path / "requirements-dev.lock").write_text("one==1 --hash=sha256:0\ntwo==2 --hash=sha256:0\n")
    python = tmp_path / ".venv" / "bin" / "python"
    places = {"ROOT": tmp_path, "VENV": tmp_path / ".venv", "PYTHON": python, "MARK": tmp_path / ".venv" / "rsoko.json"}
    for name, place in places.items():
        monkeypatch.setattr(module, name, str(place))
    return module
