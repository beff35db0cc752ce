"""Generated requests to every operation of every service by schemathesis: no 5xx, and answers as they are described.

Runs last (by its name): an operator's generated imports change what stands.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from deploy.local import SERVICES
from tests.e2e.conftest import Running
from tests.forms import ODD, filled

# tests/contracts/test_bodies.py tries every body with odd values; here they go through the whole service.
SEED = "7"
# An amount, and not a time, so that a busy machine asks the same: every value at the edge of what is described, and
# some of chance. GENERATE=30 goes on for half a minute each.
AMOUNT = ("--max-examples", "2")
if _seconds := os.environ.get("GENERATE"):
    AMOUNT = ("--max-examples", "1000", "--max-time", _seconds)
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance"
)
# The portal answers people: its pages are held by tests/browser, and only its failing matters here.
PAGES = "not_a_server_error"
# A stream has no end: it is asked by test_access and test_story, and for odd places below.
ENDLESS = {"notification": ("--exclude-path", "/v1/stream"), "portal": ("--exclude-path", "/stream")}


@pytest.mark.parametrize("service", SERVICES)
def test_generated_requests_are_answered_as_described(running: Running, tmp_path: Path, service: str):
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"), "run", f"{running.settings.url(service)}/openapi.json",
            "--header", f"Authorization: Bearer {running.tokens['operator']}",
            "--checks", PAGES if service == "portal" else CHECKS,
            "--phases", "examples,coverage,fuzzing", *AMOUNT,
            "--seed", SEED, "--request-timeout", "120", "--continue-on-failure", "--no-color",
            *(ENDLESS.get(service, ())),
        ],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    tried = re.search(r"Selected: (\d+)/\d+\n\s+Tested: (\d+)", done.stdout)
    assert tried, done.stdout[-2000:]
    assert tried[1] == tried[2], "an operation was not asked"
    assert running.ask("public", "GET", service, "/readyz").status_code == 200


def answers(running: Running, path: str, **sent: object) -> int:
    """The status of a page of the portal, which neither broke nor took a service for one that is away."""
    method = "POST" if sent else "GET"
    # Once more where a service gave no answer: the portal waits for seconds only, and the machine is busy.
    for _ in range(2):
        found = running.ask("operator", method, "portal", path, headers={"Accept": "text/html"}, **sent)
        assert found.status_code < 500, f"{path}: {found.status_code}"
        if "нет ответа" not in found.text:
            return found.status_code
    raise AssertionError(f"{path}: a service gives no answer")


# The generator sends no forms: they are read field by field and described nowhere.
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_text_in_every_field_of_every_form_is_answered(running: Running, odd: str | bytes):
    described = running.tell("public", "GET", "portal", "/openapi.json")["paths"]
    result = running.tell("operator", "GET", "monitoring", "/v1/results?limit=1")["items"][0]["id"]
    doors = [path.replace("{result}", result) for path, one in described.items() if "post" in one]
    assert len(doors) > 10
    statuses = [answers(running, re.sub(r"\{\w+\}", "freeze", path), data=filled(odd)) for path in doors]
    assert set(statuses) & {400, 422}, "no form has read what was sent"


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_place_in_the_stream_is_refused(running: Running, odd: str | bytes):
    assert answers(running, f"/stream?last_event_id={quote(odd)}") in {400, 422}
