"""The whole matrix on the running platform: every endpoint, every role, own and foreign, and tokens not to believe."""

import httpx
import pytest

from deploy.local import SERVICES
from tests.e2e.access_results import ABOUT_OWN, ABOUT_SCHOOL, BY_HAND
from tests.e2e.access_table import OPEN, ROWS, Row
from tests.e2e.conftest import Running, until
from tests.e2e.people import FOREIGN, OWN, unbelievable

VALUES = {"i1": 1, "i2": 1, "i3": 1, "i4": 1}


@pytest.fixture(scope="session")
def things(running: Running) -> dict[str, str]:
    """Ids of real things for the addresses of the table; the loud result of another year makes an inbox item."""
    found = running.tell("operator", "GET", "monitoring", f"/v1/results?municipality={OWN}&period=2022&procedure=vpr")
    return {
        "{of own}": found["items"][0]["id"],
        "{of school}": _submitted(running, {**ABOUT_SCHOOL, "values": VALUES}),
        "{of system}": _submitted(running, {**ABOUT_OWN, "values": VALUES, "period": "2020"}),
        "{item}": until(lambda: _item(running), what="an item in the inbox"),
    }


def _submitted(running: Running, body: dict[str, object]) -> str:
    """Monitoring hears of a new school a moment after the registry's answer."""

    def accepted() -> httpx.Response | None:
        answer = running.ask("own system", "POST", "monitoring", "/v1/results", json=body)
        return answer if answer.is_success else None

    return str(until(accepted, what=f"a result {body}").json()["id"])


def _item(running: Running) -> str | None:
    items = running.tell("ministry", "GET", "notification", f"/v1/inbox?municipality={OWN}")["items"]
    return items[0]["id"] if items else None


def _status(running: Running, who: str, row: Row, things: dict[str, str]) -> int:
    path = row.path or row.route
    for name, thing in things.items():
        path = path.replace(name, thing)
    if not row.route.endswith("/stream"):
        return running.ask(who, row.method, row.service, path, **row.request).status_code
    token = running.tokens[who]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with running.client.stream("GET", f"{running.settings.url(row.service)}{path}", headers=headers) as answer:
        return answer.status_code


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_the_table_says(running: Running, things: dict[str, str], row: Row):
    got = {who: _status(running, who, row, things) for who in running.tokens}
    assert got == {who: row.expected(who) for who in running.tokens}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_token_that_is_not_to_be_believed_opens_no_door(running: Running, things: dict[str, str], row: Row):
    path = row.path or row.route
    for name, thing in things.items():
        path = path.replace(name, thing)
    for wrong, token in unbelievable(running.settings).items():
        request = {**row.request, "headers": {**row.request.get("headers", {}), "Authorization": f"Bearer {token}"}}
        answer = running.ask("public", row.method, row.service, path, **request)
        assert answer.status_code == 401, wrong
        assert answer.json()["code"] == ("token-expired" if wrong == "expired" else "invalid-token"), wrong
        assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("service", SERVICES)
def test_probes_and_descriptions_are_open(running: Running, service: str):
    answers = {path: running.ask("public", "GET", service, path).status_code for path in OPEN}
    assert set(answers.values()) == {200}, answers


def _subjects(running: Running, who: str, query: str) -> list[dict[str, dict[str, str]]]:
    items = running.tell(who, "GET", "monitoring", f"/v1/results?limit=200&{query}")["items"]
    return [one["subject"] for one in items]


def test_lists_show_only_what_is_the_readers_own(running: Running, things: dict[str, str]):
    assert len({one["municipality"]["id"] for one in _subjects(running, "ministry", "period=2022")}) > 5
    for who, whose in (("own municipality", OWN), ("foreign municipality", FOREIGN)):
        assert {one["municipality"]["id"] for one in _subjects(running, who, "period=2022")} == {whose}
    assert _subjects(running, "foreign municipality", f"municipality={OWN}") == []
    assert _subjects(running, "foreign school", "") == []
    assert [one["organization"] for one in _subjects(running, "own school", "")]


def test_a_score_is_shown_in_detail_to_its_own_only(running: Running):
    seen = {
        who: "procedures" in running.tell(who, "GET", "scoring", f"/v1/scores/{OWN}?period=2022")
        for who in ("ministry", "own municipality", "foreign municipality", "own school", "expert", "assessor")
    }
    assert seen == {
        "ministry": True,
        "own municipality": True,
        "foreign municipality": False,
        "own school": False,
        "expert": False,
        "assessor": False,
    }


@pytest.mark.parametrize("who", ["foreign municipality", "foreign school", "foreign system"])
def test_a_batch_takes_no_row_about_somebody_else(running: Running, who: str):
    row = {**(ABOUT_OWN if who == "foreign system" else BY_HAND), "period": "2019"}
    report = running.tell(who, "POST", "monitoring", "/v1/results/batch", json={"items": [row]})
    assert report["counts"]["refused"] == 1
    assert report["items"][0]["errors"]
    assert running.tell("ministry", "GET", "monitoring", "/v1/results?period=2019")["items"] == []


def test_nobody_but_staff_submits_quietly(running: Running):
    for who, body in (("own municipality", BY_HAND), ("own system", ABOUT_OWN)):
        quiet = {**body, "period": "2019", "notify": False}
        assert running.ask(who, "POST", "monitoring", "/v1/results", json=quiet).status_code == 403, who
