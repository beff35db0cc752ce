"""Evidence that was a mistake: of a day before the map refused at once, else withdrawn by the staff with a reason."""

from typing import Any

import httpx
import pytest

from tests.integration.roadmap.test_api import FOREIGN, OPERATOR, OWN, by, put

PATH = "/v1/activities/own-2022:1"
TASK = {
    "number": "1", "section": "I", "title": "Сессия",
    "deadline": {"phrase": "май", "kinds": ["month_window"], "windows": [{"start": "2022-05-01", "end": "2022-05-31"}]},
}  # fmt: skip


@pytest.fixture
async def own(http: httpx.AsyncClient) -> None:
    """A map of one municipality with one activity, overdue today."""
    body = {"title": "Карта", "region": "74", "municipality": "74-a", "start": "2022-01-01", "end": "2022-12-31"}
    assert (await put(http, "own-2022", {**body, "activities": [TASK]})).status_code == 201


async def sent(http: httpx.AsyncClient, who: str, door: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    """A change over the revision that holds."""
    etag = (await http.get(PATH, headers=by(who))).headers["etag"]
    return await http.post(f"{PATH}/{door}", json=body, headers=by(who, **{"If-Match": etag, **headers}))


async def test_a_slip_in_the_year_does_not_make_it_done(http: httpx.AsyncClient, own: None):
    refused = await sent(http, OWN, "evidence", {"text": "Сделано", "done_on": "2002-05-20"})
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/done_on", "before-roadmap")]
    assert (await http.get(PATH, headers=by(OWN))).json()["state"] == "overdue"


async def test_the_staff_withdraw_what_was_a_mistake(http: httpx.AsyncClient, own: None):
    assert (await sent(http, OWN, "evidence", {"text": "Сделано", "done_on": "2022-05-20"})).json()["state"] == "done"
    why = {"reason": "Сессия не состоялась"}
    for other in (OWN, FOREIGN):
        assert (await sent(http, other, "evidence/1/withdraw", why)).status_code == 403
    over = (await http.get(PATH, headers=by(OPERATOR))).headers["etag"]
    same = {"If-Match": over, "Idempotency-Key": "one"}
    once = await sent(http, OPERATOR, "evidence/1/withdraw", why, **same)
    assert (once.status_code, once.json()["state"]) == (200, "overdue")
    again = await sent(http, OPERATOR, "evidence/1/withdraw", why, **same)
    assert again.json() == once.json()
    [shown] = (await http.get(PATH, headers=by(OWN))).json()["evidence"]
    assert (shown["number"], shown["text"], shown["withdrawn"]["reason"]) == (1, "Сделано", why["reason"])
    assert "account" not in (await http.get(PATH, headers=by(OWN))).text
    [seen] = (await http.get(PATH, headers=by(OPERATOR))).json()["evidence"]
    assert (seen["account"], seen["withdrawn"]["account"]) == ("municipality-74-a", "regional_operator-")
    assert (await sent(http, OPERATOR, "evidence/2/withdraw", why)).json()["code"] == "evidence-not-found"
    late = await sent(http, OWN, "evidence", {"text": "Теперь сделано", "done_on": "2022-10-20"})
    assert (late.json()["state"], len(late.json()["evidence"])) == ("done_late", 2)


async def test_who_did_it_once_may_take_no_part_from_then_on(http: httpx.AsyncClient, own: None):
    """The answer outlives work of before its day, also what is reported after it; work since then outweighs it."""
    assert (await sent(http, OWN, "evidence", {"text": "Сделано", "done_on": "2022-05-20"})).json()["state"] == "done"
    june = {"start": "2022-06-01", "end": "2022-06-30"}
    windows = [*TASK["deadline"]["windows"], june]
    body = {"title": "Карта", "region": "74", "municipality": "74-a", "start": "2022-01-01", "end": "2022-12-31"}
    task = {**TASK, "deadline": {**TASK["deadline"], "windows": windows}}
    await put(http, "own-2022", {**body, "activities": [task]}, **{"If-Match": '"1"'})
    no = {"reason": "Нет участников", "on": "2022-06-01"}
    declined = await sent(http, OWN, "decline", no)
    assert (declined.status_code, declined.json()["state"]) == (200, "declined")
    assert (await http.get(PATH, headers=by(OPERATOR))).json()["declined"] == no | {"account": "municipality-74-a"}
    more = await sent(http, OWN, "evidence", {"text": "Протокол", "done_on": "2022-05-20"})
    assert (more.status_code, more.json()["state"], more.json()["declined"]) == (201, "declined", no)
    assert [one["window"] for one in more.json()["evidence"]] == ["2022-05-01", "2022-05-01"]
    since = await sent(http, OWN, "evidence", {"text": "Ещё раз", "done_on": "2022-06-01"})
    assert (since.json()["state"], since.json()["declined"]) == ("done", None)
    refused = await sent(http, OWN, "decline", no | {"reason": "Передумали"})
    assert (refused.status_code, refused.json()["code"]) == (409, "activity-has-evidence")
    assert "01.06.2022" in refused.json()["detail"]
