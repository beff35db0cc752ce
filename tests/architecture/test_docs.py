"""The documents say what is: links lead somewhere, what they name exists, tables are those of the code.

`.venv/bin/python -m tests.architecture.documents` writes the tables.
"""

import ast
import importlib
import json
import re
from pathlib import Path

import pytest
import typer
import yaml
from typer.main import get_command

from deploy.cli.__main__ import GROUPS, app_of
from deploy.cli.bench import NAMES
from deploy.cli.reach import TOKEN, TOKEN_FILE
from deploy.local.issuer.people import NAMES as ROLES
from deploy.local.settings import OFFSETS
from services.scoring.domain import methodology_from_yaml
from shared.settings import Settings
from tests.architecture.documents import (
    LINK,
    NAMED,
    PAGES,
    TABLES,
    anchors,
    blocks,
    defines,
    docstrings,
    metrics,
    names,
    place_of,
    prose,
    text,
)
from tests.architecture.tree import EVERYTHING, ROOT, modules

SUFFIXES = ("_bucket", "_sum", "_count")
ELSEWHERE = {"https://keepachangelog.com/en/1.1.0/", "https://semver.org/"}
HAND_MADE = {
    "RSOKO_ACCEPT",
    *("RSOKO_HOME", "RSOKO_KAFKA_PORT", "RSOKO_MONGO_PORT", "RSOKO_JAVA", "RSOKO_MONGOD", "RSOKO_KAFKA_SECURED"),
    *("RSOKO_WITHOUT", "RSOKO_SCREENSHOTS", TOKEN, TOKEN_FILE),
}
ENVIRONMENT = re.compile(r"\bRSOKO_[A-Z_]+")


def shown(page: Path) -> str:
    return str(page.relative_to(ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=shown)


def broken(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or bool(anchor and anchor not in anchors(target))


@each_page
def test_links_lead_somewhere(page: Path):
    links = LINK.findall(prose(page))

    assert [link for link in links if link.startswith("http") and link not in ELSEWHERE] == []
    assert [link for link in links if not link.startswith("http") and broken(page, link)] == []


def missing(prose: str) -> list[str]:
    """What is named here and is not there."""
    found = []
    for path, inside in names(prose):
        target = ROOT / path.rstrip("/")
        if not target.exists() or (inside and not (target.is_file() and defines(target, inside))):
            found.append(f"{path}:{inside}" if inside else path)
    return found


@each_page
def test_files_and_what_is_named_in_them_exist(page: Path):
    assert missing(prose(page)) == []


def test_files_that_the_code_names_exist():
    assert {shown(path): lost for path in modules(*EVERYTHING) if (lost := missing(docstrings(path)))} == {}


def test_what_does_not_exist_would_be_seen():
    page = ROOT / "docs" / "map.md"
    relay = ROOT / "shared" / "relay" / "sending.py"

    assert NAMED.findall("tests/unit/a.py::test_x, shared/b.py:C.d") == [
        ("tests/unit/a.py", "test_x"),
        ("shared/b.py", "C.d"),
    ]
    assert len(set(names(prose(page)))) > 40
    assert missing("`shared/relay/no_such.py` or `shared/relay/sending.py:No`") == [
        "shared/relay/no_such.py",
        "shared/relay/sending.py:No",
    ]
    assert defines(relay, "Relay.start")
    assert not defines(relay, "Relay.no_such")
    assert broken(page, "no-such.md")
    assert broken(page, "#no-such-heading")


@each_page
def test_named_metrics_exist_in_the_code(page: Path):
    named = set(re.findall(r"\brsoko_[a-z_]+", text(page)))
    known = set(metrics()) | {name + suffix for name in metrics() for suffix in SUFFIXES}
    patterns = {name for name in named if name.endswith("_")}

    assert sorted(named - known - patterns) == []


@each_page
def test_named_variables_are_read_by_something(page: Path):
    fields = {f"RSOKO_{name.upper()}" for name in Settings.model_fields}
    known = fields | {f"{name}_FILE" for name in fields} | HAND_MADE
    named = {name for name in ENVIRONMENT.findall(text(page)) if not name.endswith("_")}

    assert sorted(named - known) == []


def test_variables_of_the_local_platform_stand_in_its_code():
    places = [ROOT / "rsoko", *(ROOT / "deploy").rglob("*.py"), *(ROOT / "tests").glob("*/*.py")]
    here = Path(__file__)
    read = {name for path in places if path != here for name in ENVIRONMENT.findall(text(path))}
    assert sorted(HAND_MADE - read) == []


@each_page
def test_tokens_are_asked_for_by_roles_that_exist(page: Path):
    assert set(re.findall(r"\./rsoko token ([a-z_]+)", text(page))) <= set(ROLES)


@each_page
def test_named_commands_exist_in_the_entrance(page: Path):
    for command, rest in re.findall(r"\./rsoko ([a-z]+)((?: [^\n`|#&]*)?)", text(page)):
        assert command in GROUPS, command
        click_command = get_command(app_of(command))
        if isinstance(click_command, typer.core.TyperGroup) and rest.split():
            file = command == "load" and "." in rest.split()[0]
            assert file or rest.split()[0] in click_command.commands, f"{command} {rest}"


@each_page
def test_ports_are_those_of_the_services(page: Path):
    for port in re.findall(r"127\.0\.0\.1:(80\d\d)", text(page)):
        assert int(port) - 8000 in OFFSETS.values(), port


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_the_code(name: str):
    page, made = TABLES[name]
    found = place_of(name).search(page.read_text(encoding="utf-8"))

    assert found, f"{shown(page)} has no place for {name}"
    remedy = ".venv/bin/python -m tests.architecture.documents writes it"
    assert found[2].strip() == made().strip(), remedy


def test_every_promise_names_its_code_and_a_test():
    rows = [line for line in text(ROOT / "docs" / "guarantees.md").splitlines() if re.match(r"\| \d+ \|", line)]
    bare = [row for row in rows if "::test_" not in row.split(" | ")[-1] or "`" not in row.split(" | ")[-2]]

    assert len(rows) >= 20
    assert bare == []


def test_every_setting_that_is_made_by_hand_is_read_somewhere():
    places = [*(ROOT / "deploy").rglob("*.py"), *(ROOT / "tests" / "contracts").glob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in places)

    assert [name for name in HAND_MADE if f'"{name}"' not in code] == []


def test_examples_can_be_read():
    for page in PAGES:
        for body in blocks(page, "json"):
            json.loads(body)
        for body in blocks(page, "python"):
            ast.parse(body)


def test_the_example_of_a_methodology_is_accepted():
    [example] = [body for body in blocks(ROOT / "docs" / "methodology.md", "yaml") if "in_force" in body]
    methodology, _ = methodology_from_yaml(example)

    assert methodology.id == "example-2024"


def test_the_contradictions_are_those_that_the_check_prints():
    check = importlib.import_module("deploy.cli.methodology")
    told = "\n".join(blocks(ROOT / "docs" / "methodology.md", ""))
    items = check.check(ROOT / "data" / "methodologies" / "complex-analytics-2022.yaml")

    assert told.count("Противоречие") == len(items)
    for item in items:
        assert f"[{item['code']}] {item['where']}" in told


def test_dead_letter_topics_and_events_of_the_examples_are_declared():
    declared = yaml.safe_load((ROOT / "deploy" / "topics.yaml").read_text(encoding="utf-8"))["topics"]
    owners = r"(?:registry|monitoring|scoring|roadmap|notification)"
    named = {one for page in PAGES for one in re.findall(rf"(?<![\w.]){owners}\.[a-z]+\.v1(?:\.dlq)?\b", text(page))}

    assert sorted(named - declared.keys()) == []


def test_every_decision_is_listed_and_fits_a_page():
    listed = text(ROOT / "docs" / "adr" / "README.md")
    for page in (ROOT / "docs" / "adr").glob("0*.md"):
        assert page.name in listed
        assert all(word in text(page) for word in ("**Context.**", "**Decision.**", "**Price.**")), page.name
        assert len(text(page).splitlines()) <= 60, page.name


def test_the_benchmarks_listed_are_those_there_are():
    listed = re.findall(r"^\| `([a-z_]+)` \|", text(ROOT / "docs" / "benchmarks.md"), re.MULTILINE)

    assert listed == list(NAMES)


def test_the_missed_goals_are_named_in_the_readme_and_explained():
    page = text(ROOT / "docs" / "benchmarks.md")
    rows = [line.split(" | ") for line in page.splitlines() if "| **no** |" in line]
    missed = [(cells[3], cells[4].strip("≤≥ ")) for cells in rows]
    speed = re.search(r"- \*\*Speed\*\*:(.*?)\n- ", text(ROOT / "README.md"), re.DOTALL)
    assert speed
    told = re.findall(r"([a-z ]+) \(([\d.]+), goal ([\d.]+)\)", " ".join(speed[1].split()))

    assert [tuple(figures) for _, *figures in told] == missed
    explained = re.findall(r"^- \*\*([^*.]+)", page.partition("## What bounds the missed ones")[2], re.MULTILINE)
    assert {name.strip() for name, *_ in told} <= {one.lower() for one in explained}


def floors(contract: str) -> dict[str, int]:
    """The floor of each room by a contract, counted from the highest."""
    told = text(ROOT / ".importlinter").partition(f"[importlinter:contract:{contract}]")[2].partition("exhaustive")[0]
    lines = told.partition("layers =")[2].strip().splitlines()
    return {room: number for number, line in enumerate(lines) for room in re.findall(r"\((\w+)\)", line)}


def test_the_rooms_of_a_service_stand_on_the_floors_of_their_imports():
    rows = re.findall(r"^\| (\d) \| `(\w+)(?:\.py)?` \|", text(ROOT / "docs" / "map.md"), re.MULTILINE)
    place = floors("rooms")
    highest = max(place.values()) + 1

    assert {room: highest - int(floor) for floor, room in rows} == place
    assert [room for _, room in rows] == sorted(place, key=lambda room: place[room])


def test_the_rooms_of_the_portal_stand_in_the_order_of_their_imports():
    listed = re.findall(r"^\| (`.+?`) \|", text(ROOT / "docs" / "map.md").partition("has other rooms")[2], re.MULTILINE)
    rooms = [re.findall(r"`(\w+)(?:\.py)?`", cell) for cell in listed]
    place = floors("portal")
    found = [place[room] for cell in rooms for room in cell if room in place]

    assert found == sorted(found)
    assert len(found) == len(place)


def test_every_runbook_is_listed():
    folder = ROOT / "docs" / "runbooks"
    listed = {*LINK.findall(text(folder / "README.md")), "README.md"}

    assert {page.name for page in folder.glob("*.md")} == listed


@each_page
def test_no_document_names_a_machine_or_a_registry(page: Path):
    private = re.compile("/" + r"work/|/root/|/tmp/|py" r"pi\.org|np" r"mjs|repo1\.ma" r"ven", re.IGNORECASE)

    assert private.findall(text(page)) == []


def test_blocks_of_code_are_closed():
    assert [shown(page) for page in PAGES if "```" in prose(page)] == []
