"""Schools on the running platform: loaded by the command, listed, and never shown to the public or to foreigners."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.cli.api import Api
from deploy.cli.schools import bring_schools
from deploy.local import SERVICES
from deploy.local.schools import generate
from tests.e2e.conftest import Running, nobody, signs_level, until
from tests.e2e.people import FOREIGN, OWN

COUNT, SEED = 40, 7
SCHOOL_ID = re.compile(r"74-uslovnaya-shkola-\d{5}")
# The registry is a directory for whoever is signed in: it says that a school is there, not how it does.
DIRECTORY = {"/v1/organizations", "/v1/organizations/{organization}"}
# A system of the region with the scope `results:read` reads results, whosever they are: that is what the scope says.
BY_SCOPE = re.compile(r"/v1/results(/|$)")
STRANGERS = ("public", "foreign municipality", "foreign school", "expert", "assessor", "own system", "foreign system")
QUERIES = ("", "?period=2022", "?period=2022&limit=200", "?period=2022&of=schools", "?period=2022&of=municipalities")


@pytest.fixture(scope="module")
def schools(running: Running) -> dict[str, str | None]:
    """The generated schools and their municipalities, judged and looked at; a loud correction makes an inbox item."""
    with Api(settings=running.settings) as api:
        counts = bring_schools(api, COUNT, SEED, nobody)
        assert counts["результаты, новых"] + counts["результаты, уже были"] == COUNT * 18 * 3
        owned = {one.id: one.municipality for one in generate(COUNT, SEED).schools}
    signs_level(running)
    return owned


def _signs(running: Running) -> Any:
    return running.tell("ministry", "GET", "scoring", "/v1/schools/bias-signs?period=2022")


def _gets(service: str, running: Running) -> Iterator[tuple[str, list[str]]]:
    """Every GET of a service's own description, with the queries that it understands."""
    described = running.ask("public", "GET", service, "/openapi.json").json()
    for path, operations in described["paths"].items():
        if "get" in operations and "stream" not in path:
            known = {one["name"] for one in operations["get"].get("parameters", ())}
            yield path, [query for query in QUERIES if set(re.findall(r"(\w+)=", query)) <= known]


def _filled(path: str, school: str, results: list[str]) -> Iterator[str]:
    """The path with the things that a stranger could name: the school, its results, a municipality, a period."""
    named = {
        "school": [school], "organization": [school], "result": results, "municipality": [OWN, FOREIGN],
        "period": ["2022"], "key": ["vpr_russian_4"], "methodology": ["complex-analytics-2022"],
        "thresholds": ["schools-2020"],
    }  # fmt: skip
    wanted = re.findall(r"{(\w+)(?::path)?}", path)
    choices = named.get(wanted[0], [school]) if wanted else [""]
    for choice in choices:
        filled = re.sub(r"{\w+(?::path)?}", choice, path, count=1) if wanted else path
        yield re.sub(r"{\w+(?::path)?}", school, filled)


@pytest.mark.parametrize("service", SERVICES)
def test_no_public_or_foreign_answer_of_any_service_names_a_school(
    running: Running, schools: dict[str, str | None], service: str
):
    school = next(one for one, whose in schools.items() if whose not in {FOREIGN, None})
    found = running.tell("ministry", "GET", "monitoring", f"/v1/results?municipality={schools[school]}&period=2022")
    results = [one["id"] for one in found["items"] if one["subject"].get("organization") == school][:2]
    leaks, asked = [], 0
    for path, queries in _gets(service, running):
        for filled in _filled(path, school, results):
            for query in queries:
                for who in STRANGERS:
                    answer = running.ask(who, "GET", service, f"{filled}{query}")
                    asked += 1
                    if path not in DIRECTORY:
                        leaks += [
                            (who, filled + query, one) for one in _foreign(answer.text, who, schools, asked=filled)
                        ]
    assert asked > 10
    assert leaks == []


def _foreign(text: str, who: str, schools: dict[str, str | None], *, asked: str) -> set[str]:
    """Schools that an answer names and that are not the reader's own, nor named by the question itself."""
    if who.endswith("system") and BY_SCOPE.match(asked):
        return set()
    named = {one for one in SCHOOL_ID.findall(text) if one not in asked}
    if who == "foreign municipality":
        return {one for one in named if schools.get(one) != FOREIGN}
    return named


def test_a_system_without_the_scope_reads_no_results(running: Running, schools: dict[str, str | None]):
    answer = running.ask("system without scopes", "GET", "monitoring", "/v1/results?period=2022")
    assert answer.status_code == 403
    assert not SCHOOL_ID.search(answer.text)


def test_the_lists_show_planted_schools_with_their_reasons_to_their_own(
    running: Running, schools: dict[str, str | None]
):
    generated = generate(COUNT, SEED)
    path = "/v1/schools/low-results?period=2022&criterion=set&span=year&limit=200"
    listed = running.tell("ministry", "GET", "scoring", path)["items"]
    assert set(generated.planted()["weak"]) <= {one["school"]["id"] for one in listed}
    for one in listed:
        [criterion] = one["criteria"]
        assert criterion["reasons"]
        assert all(reason["result"] and reason["value"] for reason in criterion["reasons"])
    for who, whose in (("own municipality", OWN), ("foreign municipality", FOREIGN)):
        seen = running.tell(who, "GET", "scoring", path)["items"]
        assert {one["school"]["id"] for one in seen} == {
            one["school"]["id"] for one in listed if one["school"]["municipality"]["id"] == whose
        }


def test_planted_signs_are_found_and_come_with_words(running: Running, schools: dict[str, str | None]):
    generated = generate(COUNT, SEED)
    signs = _signs(running)
    found = {(one["kind"], one["school"]["id"]) for one in signs["items"]}
    assert {("boundary_spike", school) for school in generated.planted()["spike"]} <= found
    assert all("а не вывод" in one["words"] for one in signs["items"])


def test_loading_again_changes_nothing(running: Running, schools: dict[str, str | None]):
    before = running.tell("ministry", "GET", "scoring", "/v1/schools/low-results?period=2022&limit=200")
    done = running.cli("load", "schools", "--count", str(COUNT), "--seed", str(SEED), "--json")
    assert done.returncode == 0, done.stderr
    counts = {one["what"]: one["count"] for one in json.loads(done.stdout)["items"]}
    assert (counts["результаты, новых"], counts["результаты, уже были"]) == (0, COUNT * 18 * 3)
    assert running.tell("ministry", "GET", "scoring", "/v1/schools/low-results?period=2022&limit=200") == before


def test_a_loud_correction_puts_a_school_into_the_inbox_of_its_own_municipality_only(
    running: Running, schools: dict[str, str | None]
):
    path = "/v1/schools/strong?period=2022&criterion=set&span=year&limit=200"
    strong = running.tell("ministry", "GET", "scoring", path)["items"]
    assert strong, "the generated data have strong schools"
    school, owner = strong[0]["school"]["id"], strong[0]["school"]["municipality"]["id"]
    results = running.tell(
        "ministry", "GET", "monitoring", f"/v1/results?municipality={owner}&period=2022&procedure=oge_russian&limit=200"
    )["items"]
    result = next(one for one in results if one["subject"].get("organization") == school)
    values = {**result["values"], "m2": result["values"]["participants"], "m3": "0", "m4": "0", "m5": "0"}
    answer = running.ask(
        "operator", "POST", "monitoring", f"/v1/results/{result['id']}/revisions",
        json={"values": values, "reason": "проверка"}, headers={"If-Match": f'"{result["revision"]}"'},
    )  # fmt: skip
    assert answer.is_success, answer.text

    def told() -> bool:
        items = running.tell("ministry", "GET", "notification", "/v1/inbox?kind=school_listed")["items"]
        return any(one["school"]["id"] == school for one in items)

    until(told, what="the item of the school")
    for who, whose in (("own municipality", OWN), ("foreign municipality", FOREIGN)):
        items = running.tell(who, "GET", "notification", "/v1/inbox?kind=school_listed")["items"]
        assert any(one["school"]["id"] == school for one in items) is (owner == whose), who
