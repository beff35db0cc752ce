"""Generated requests to every operation of every service by schemathesis: no 5xx, and answers as they are described.

Runs last (by its name): an operator's generated imports change what stands.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import SERVICES
from tests.e2e.conftest import Running

# tests/contracts/test_bodies.py tries every body with odd values; here they go through the whole service.
SEED, SECONDS = "7", "20"
# Making the bodies of whole road maps takes the generator longest.
PATIENCE = {"roadmap": "45"}
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance"
)
# The portal answers people: its pages are held by tests/browser, and only its failing matters here.
PAGES = "not_a_server_error"
# A stream has no end: it is asked by test_access and test_story.
ENDLESS = {"notification": ("--exclude-path", "/v1/stream"), "portal": ("--exclude-path", "/stream")}


@pytest.mark.parametrize("service", SERVICES)
def test_generated_requests_are_answered_as_described(running: Running, tmp_path: Path, service: str):
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"), "run", f"{running.settings.url(service)}/openapi.json",
            "--header", f"Authorization: Bearer {running.tokens['operator']}",
            "--checks", PAGES if service == "portal" else CHECKS,
            "--phases", "examples,coverage,fuzzing", "--max-examples", "10",
            "--max-time", PATIENCE.get(service, SECONDS),
            "--seed", SEED, "--request-timeout", "10", "--continue-on-failure", "--no-color",
            *(ENDLESS.get(service, ())),
        ],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    tried = re.search(r"(\d+) generated", done.stdout)
    assert tried, done.stdout[-2000:]
    assert int(tried[1]) > 20, "a service was hardly asked anything"
    assert running.ask("public", "GET", service, "/readyz").status_code == 200
