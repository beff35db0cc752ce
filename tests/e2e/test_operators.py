"""The operators' commands against an installation that is not theirs: by its addresses, with a token from a file."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local import SERVICES
from tests.e2e.conftest import Running
from tests.e2e.people import OWN, SOURCE


@pytest.fixture
def elsewhere(running: Running, tmp_path: Path) -> dict[str, str]:
    """The environment of an operator's machine: no platform of its own, the addresses, a token in a file."""
    given = str(running.tokens["operator"])
    (tmp_path / "token").write_text(f"{given}\n", encoding="utf-8")
    clean = {name: told for name, told in os.environ.items() if not name.startswith("RSOKO_")}
    return clean | {
        "RSOKO_ENV": "production",
        "RSOKO_HOME": str(tmp_path / "home"),
        "RSOKO_PORT_BASE": "1",
        "RSOKO_SERVICES": ",".join(f"{name}={running.settings.url(name)}" for name in SERVICES),
        "RSOKO_TOKEN_FILE": str(tmp_path / "token"),
    }


def rsoko(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *words],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_letters_and_outboxes_are_seen_by_the_addresses(running: Running, elsewhere: dict[str, str]):
    listed = rsoko(elsewhere, "dlq", "list", "--json")
    assert json.loads(listed.stdout) == json.loads(running.cli("dlq", "list", "--json").stdout), listed.stderr
    outboxes = rsoko(elsewhere, "outbox", "stats", "--json")
    assert len(json.loads(outboxes.stdout)["items"]) == 5, outboxes.stderr
    assert not (Path(elsewhere["RSOKO_HOME"]) / "keys").exists(), "no token was signed here"


def test_the_region_is_loaded_by_the_addresses_in_the_name_of_the_ministry(running: Running, elsewhere: dict[str, str]):
    Path(elsewhere["RSOKO_TOKEN_FILE"]).write_text(str(running.tokens["ministry"]), encoding="utf-8")
    done = rsoko(elsewhere, "load", "region", "--json")
    counts = {one["what"]: one["count"] for one in json.loads(done.stdout or '{"items": []}')["items"]}
    assert (done.returncode, counts.get("результаты, новых")) == (0, 0), done.stderr


def test_loading_the_region_again_keeps_what_people_changed_since(running: Running, elsewhere: dict[str, str]):
    """A reform, a procedure's new act, the clients of a source: the files of 2022 know nothing of them."""
    Path(elsewhere["RSOKO_TOKEN_FILE"]).write_text(str(running.tokens["ministry"]), encoding="utf-8")
    before = _stored(running)
    municipality = {name: told for name, told in before["municipality"].items() if name not in NAMED_BESIDE}
    changed = {
        ("registry", "POST", "/v1/municipalities/import"): {"items": [municipality | {"children": 1}]},
        ("monitoring", "PUT", "/v1/procedures/electronic_journals"): _put(before["procedure"]) | {"act": "приказ 2"},
        ("monitoring", "PUT", "/v1/sources/portal"): _put(before["source"]) | {"clients": ["a"]},
    }
    for ((service, method, path), body), read in zip(changed.items(), before.values(), strict=True):
        headers = {"If-Match": f'"{read["revision"]}"'}
        running.tell("operator", method, service, path, json=body, headers=headers)
    kept = _stored(running)
    done = rsoko(elsewhere, "load", "region", "--json")
    assert done.returncode == 0, done.stderr
    assert _stored(running) == kept != before
    again = {"items": [municipality | {"revision": kept["municipality"]["revision"]}]}
    running.tell("operator", "POST", "registry", "/v1/municipalities/import", json=again)


NAMED_BESIDE = ("name", "kind", "oktmo", "valid_from", "valid_to")


def _stored(running: Running) -> dict[str, Any]:
    sources = running.tell("ministry", "GET", "monitoring", "/v1/sources")["items"]
    return {
        "municipality": running.tell("ministry", "GET", "registry", f"/v1/municipalities/{OWN}"),
        "procedure": running.tell("ministry", "GET", "monitoring", "/v1/procedures/electronic_journals"),
        "source": next(one for one in sources if one["key"] == "portal"),
    }


def _put(stored: dict[str, Any]) -> dict[str, Any]:
    return {name: told for name, told in stored.items() if name not in {"key", "revision"}}


def test_a_token_for_a_municipality_is_asked_for_by_its_code_too(running: Running):
    code = running.tell("ministry", "GET", "registry", f"/v1/municipalities/{OWN}")["oktmo"]
    done = running.cli("token", "municipality", "--municipality", code)
    bearer = {"Authorization": f"Bearer {done.stdout.strip()}"}
    inbox = running.ask("nobody", "GET", "notification", f"/v1/inbox?municipality={OWN}", headers=bearer)
    assert inbox.status_code == 200, done.stderr
    unknown = running.cli("token", "municipality", "--municipality", "75999999")
    assert (unknown.returncode, "кода ОКТМО 75999999 в реестре нет" in unknown.stderr) == (1, True)


def test_files_of_results_are_loaded_with_a_line_for_each_row(elsewhere: dict[str, str], tmp_path: Path):
    table = "procedure;municipality;period;source;i1;i2;i3;i4\n"
    rows = [f"vpr;{OWN};2014;{SOURCE};1;0.5;0;null", f"vpr;{OWN};2014-2015;{SOURCE};3;0;0;0"]
    (tmp_path / "results.csv").write_text(table + "\n".join(rows), encoding="utf-8")
    done = [rsoko(elsewhere, "load", str(tmp_path / "results.csv"), "--json") for _ in range(2)]
    told = [[(one["row"], one["status"]) for one in json.loads(one.stdout)["items"]] for one in done]
    assert told == [[(1, "accepted"), (2, "refused")], [(1, "unchanged"), (2, "refused")]]
    shown = rsoko(elsewhere, "load", str(tmp_path / "results.csv"))
    assert (shown.returncode, "/values/i1: Значение 3 вне пределов" in shown.stdout) == (1, True), shown.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"RSOKO_TOKEN_FILE": ""}, "токена нет"),
        ({"RSOKO_TOKEN": "eyJ.e30.x"}, "Токен не принят"),
        ({"RSOKO_SERVICES": "registry=http://127.0.0.1:1"}, "проверьте адрес http://127.0.0.1:1"),
    ],
)
def test_what_is_wrong_is_said(elsewhere: dict[str, str], change: dict[str, str], says: str):
    done = rsoko(elsewhere | change, "dlq", "list")
    assert (done.returncode, says in done.stderr) == (1, True), done.stderr
