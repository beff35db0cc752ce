"""An activity of a road map is confirmed on its page: by whom the policy lets, once, and what was typed comes back."""

import json
import re
from typing import Any

import httpx
import pytest

from services.portal.show import activities as show
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import listed, refused
from tests.unit.portal.made import ACTIVITY, AT, OTHER, OWN, place

DOOR = "/activities/region-2022%3A4"
PATH = f"{DOOR}?municipality={OWN}"
CONFIRM = f"{DOOR}/evidence?municipality={OWN}"
HIS = f"municipality:{OWN}"
FORM = {"revision": "5", "key": "first-key", "text": "Проведено,\r\nпротокол 3", "done_on": "2022-11-30"}
WINDOWS = [
    {"start": "2022-02-01", "end": "2022-02-28", "state": "overdue"},
    {"start": "2022-05-01", "end": "2022-05-31", "state": "open"},
]
GIVEN = {"number": 1, "window": "2022-02-01", "text": "Сделано", "url": None, "done_on": "2022-02-10"}
KEPT = GIVEN | {"recorded_at": AT, "withdrawn": None}


def activity(**change: Any) -> dict[str, Any]:
    deadline = {"phrase": "Февраль Май", "kinds": ["month_window"], "windows": [], "rrule": None, "answered": False}
    told = {"id": "region-2022:4", "section": "I", "municipality": place(OWN, "Златоустовский ГО"), "results": []}
    return {**ACTIVITY, **told, "deadline": deadline, "revision": 5, "occurrences": WINDOWS, **change}


def serve(stage: Stage, one: dict[str, Any] | None = None, posted: httpx.Response | None = None) -> None:
    """A road map service with this activity, which answers forms with this."""
    told = one or activity(evidence=[KEPT], declined=None)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return posted or httpx.Response(201, json=told)
        if request.url.path == "/v1/activities":
            return listed(told)
        return listed() if request.url.path == "/v1/roadmaps" else httpx.Response(200, json=told)

    stage.answers = answer


async def ask(stage: Stage, who: str, path: str = PATH, form: dict[str, str] | None = None) -> httpx.Response:
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return await (browser.get(path) if form is None else browser.post(path, data=form))


@pytest.mark.parametrize(
    ("who", "confirms", "takes_back"),
    [("ministry", 1, 1), ("regional_operator", 1, 1), (HIS, 1, 0), (f"municipality:{OTHER}", 0, 0), ("", 0, 0)],
)
async def test_forms_are_offered_to_whoever_the_policy_lets(stage: Stage, who: str, confirms: int, takes_back: int):
    one = activity() if who in {"", f"municipality:{OTHER}"} else None
    serve(stage, one)
    text = (await ask(stage, who)).text
    assert text.count(f'action="/activities/region-2022%3A4/evidence?municipality={OWN}"') == confirms
    assert text.count(f'/evidence/1/withdraw?municipality={OWN}"') == takes_back
    assert text.count("<h1") == 1
    assert ("не пишите имён" in text) == bool(confirms)


@pytest.mark.parametrize(("who", "region", "own"), [(HIS, 0, 1), ("ministry", 1, 1)])
async def test_where_the_address_names_no_side_whose_it_is_says_who_may(stage: Stage, who: str, region: int, own: int):
    for one, forms in ((activity(municipality=None, evidence=[]), region), (activity(evidence=[]), own)):
        serve(stage, one)
        assert (await ask(stage, who, DOOR)).text.count(f'action="{DOOR}/evidence"') == forms


async def test_a_confirmation_is_sent_as_the_api_takes_it_and_leads_to_the_new_state(stage: Stage):
    serve(stage)
    answer = await ask(stage, HIS, CONFIRM, FORM | {"url": "", "window": "2022-05-01"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}&done=reported")
    [sent] = [one for one in stage.asked if one.method == "POST"]
    assert sent.url.raw_path.decode() == "/v1/activities/region-2022%3A4/evidence"
    assert (sent.headers["if-match"], sent.headers["idempotency-key"]) == ('"5"', "first-key")
    told = {"municipality": OWN, "text": "Проведено,\nпротокол 3", "done_on": "2022-11-30", "window": "2022-05-01"}
    assert json.loads(sent.content) == told
    said = "Подтверждение записано. Состояние теперь: просрочено."
    assert said in (await ask(stage, HIS, f"{PATH}&done=reported")).text


async def test_a_refusal_is_linked_to_its_field_and_keeps_what_was_typed(stage: Stage):
    now = activity(revision=6, evidence=[KEPT], declined=None)
    serve(stage, now, refused(422, "invalid-report", ("/done_on", "in-the-future")))
    answer = await ask(stage, HIS, CONFIRM, FORM | {"url": "https://a.example/1", "window": "2022-05-01"})
    assert answer.status_code == 422
    assert '<a href="#done_on">' in answer.text
    for kept in ("Проведено,\nпротокол 3", "https://a.example/1", 'value="2022-05-01" selected', 'value="2022-11-30"'):
        assert kept in answer.text, kept
    form = answer.text.partition(f'action="{CONFIRM}"')[2].partition("</form>")[0]
    same = 'name="key" value="first-key"' in form and 'name="revision" value="5"' in form
    assert same, "sent again it is the same request"
    assert ("Неверно: in-the-future." in answer.text, show.NO_ADDRESS in answer.text) == (True, False)
    assert answer.headers["cache-control"] == "no-store", "a form that was used up is not shown by Back"


async def test_the_day_of_the_work_is_nobodys_guess(stage: Stage):
    """It stood at today's day, and was sent so unread; without one the service would take today's."""
    serve(stage, posted=refused(422, "invalid-request", ("/done_on", "not-a-date")))
    assert 'name="done_on" type="date" value=""' in (await ask(stage, HIS)).text
    answer = await ask(stage, HIS, CONFIRM, FORM | {"done_on": ""})
    [sent] = [one for one in stage.asked if one.method == "POST"]
    assert json.loads(sent.content)["done_on"] == ""
    assert '<a href="#done_on">' in answer.text
    assert "Дата не указана" in answer.text
    assert "протокол 3" in answer.text


async def test_who_was_slower_sees_what_is_there_and_sends_over_it(stage: Stage):
    now = activity(revision=6, evidence=[KEPT], declined=None)
    serve(stage, now, refused(412, "stale-revision"))
    answer = await ask(stage, HIS, CONFIRM, FORM)
    assert answer.status_code == 412
    assert "сведения о мероприятии изменились" in answer.text
    form = answer.text.partition(f'action="{CONFIRM}"')[2].partition("</form>")[0]
    assert 'name="revision" value="6"' in form
    assert 'name="key" value="first-key"' not in form
    assert "протокол 3" in form


async def test_while_road_maps_are_away_what_was_typed_can_be_sent_again(stage: Stage):
    answer = await ask(stage, HIS, CONFIRM, FORM)
    assert answer.status_code == 503
    assert "Отправить ещё раз" in answer.text
    assert 'name="key" value="first-key"' in answer.text
    assert "протокол 3" in answer.text


async def test_what_can_no_more_be_sent_is_given_back_to_be_copied(stage: Stage):
    serve(stage, activity(state="cancelled", evidence=[], declined=None), refused(409, "activity-cancelled"))
    text = (await ask(stage, HIS, CONFIRM, FORM)).text
    assert "Вы ввели:" in text
    assert "протокол 3" in text
    gone = KEPT | {"withdrawn": {"reason": "Не тот год", "at": AT}}
    serve(stage, activity(evidence=[gone], declined=None), refused(409, "evidence-withdrawn"))
    path = f"{DOOR}/evidence/1/withdraw?municipality={OWN}"
    text = (await ask(stage, "ministry", path, {"revision": "5", "key": "k", "reason": "Ошибка в протоколе"})).text
    assert "причина: Не тот год" in text
    assert text.count("Ошибка в протоколе") == 1
    assert "Вы ввели:" in text


async def test_a_confirmation_is_taken_back_with_a_reason(stage: Stage):
    serve(stage, posted=httpx.Response(200, json=activity()))
    path = f"{DOOR}/evidence/1/withdraw?municipality={OWN}"
    answer = await ask(stage, "ministry", path, {"revision": "5", "key": "k", "reason": " Не тот год "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}&done=withdrawn")
    [sent] = [one for one in stage.asked if one.method == "POST"]
    assert sent.url.path == "/v1/activities/region-2022:4/evidence/1/withdraw"
    assert json.loads(sent.content) == {"municipality": OWN, "reason": "Не тот год"}


async def test_a_reason_that_was_refused_stands_in_the_form_that_it_was_typed_into(stage: Stage):
    both = [KEPT, KEPT | {"number": 2}]
    serve(stage, activity(evidence=both, declined=None), refused(422, "invalid-withdrawal", ("/reason", "too-short")))
    path = f"{DOOR}/evidence/1/withdraw?municipality={OWN}"
    text = (await ask(stage, "ministry", path, {"revision": "5", "key": "k", "reason": "Ошибка в протоколе"})).text
    assert text.count("Ошибка в протоколе") == 1
    assert "Ошибка в протоколе" in text.partition(f'action="{path}"')[2].partition("</form>")[0]


def test_what_was_done_and_when_is_named_also_where_nothing_was_typed():
    assert show.body_of({"text": " ", "url": ""}, show.FIELDS, "") == {"text": "", "done_on": ""}


def test_a_confirmation_for_a_deadline_that_was_moved_names_none():
    told = activity()
    assert show.confirmed_for(GIVEN, told) == "01.02.2022–28.02.2022"
    assert show.confirmed_for(GIVEN | {"window": "2022-03-01"}, told) == ""


NO_PART = f"{DOOR}/decline?municipality={OWN}"
NO = {"revision": "5", "key": "k", "reason": "Нет школ", "on": "", "confirm": "1"}


@pytest.mark.parametrize(
    ("who", "state", "times"),
    [
        ("ministry", "overdue", 1),
        (HIS, "open", 1),
        (HIS, "declined", 1),
        (HIS, "done", 0),
        (f"municipality:{OTHER}", "open", 0),
    ],
)
async def test_that_one_takes_no_part_is_answered_where_something_is_left(
    stage: Stage, who: str, state: str, times: int
):
    serve(stage, activity(state=state))
    assert (await ask(stage, who)).text.count(f'action="{NO_PART}"') == times


async def test_who_takes_no_part_has_no_overdue_deadline(stage: Stage):
    done = WINDOWS[1] | {"state": "done"}
    one = activity(state="declined", occurrences=[WINDOWS[0], done], evidence=[], declined=None)
    serve(stage, one)
    text = (await ask(stage, HIS)).text.partition("<caption>Сроки")[2].partition("</table>")[0]
    assert ("просрочено" in text, text.count('"tag declined"'), text.count('"tag done"')) == (False, 1, 1)


async def test_the_region_itself_cannot_take_no_part(stage: Stage):
    serve(stage, activity(municipality=None, evidence=[], declined=None))
    assert "/decline" not in (await ask(stage, "ministry", DOOR)).text


async def test_that_one_takes_no_part_is_sent_once_it_is_confirmed(stage: Stage):
    serve(stage, posted=httpx.Response(200, json=activity()))
    asked = await ask(stage, HIS, NO_PART, NO | {"confirm": "", "on": "2022-03-01"})
    assert (asked.status_code, [one for one in stage.asked if one.method == "POST"]) == (422, [])
    assert '<a href="#confirm-decline">' in asked.text
    form = asked.text.partition(f'action="{NO_PART}"')[2].partition("</form>")[0]
    assert "Нет школ</textarea>" in form
    assert 'value="2022-03-01"' in form
    answer = await ask(stage, HIS, NO_PART, NO)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}&done=declined")
    [sent] = [one for one in stage.asked if one.method == "POST"]
    assert sent.url.path == "/v1/activities/region-2022:4/decline"
    assert (sent.headers["if-match"], sent.headers["idempotency-key"]) == ('"5"', "k")
    assert json.loads(sent.content) == {"municipality": OWN, "reason": "Нет школ"}


async def test_why_it_is_refused_to_take_no_part_is_said_and_nothing_is_lost(stage: Stage):
    serve(stage, posted=refused(409, "activity-has-evidence"))
    answer = await ask(stage, HIS, NO_PART, NO)
    assert (answer.status_code, "Отказ activity-has-evidence" in answer.text) == (409, True)
    assert "Нет школ</textarea>" in answer.text
    serve(stage, activity(state="done", evidence=[KEPT], declined=None), refused(412, "stale-revision"))
    answer = await ask(stage, HIS, NO_PART, NO)
    assert "Почему не участвует" in answer.text.partition("Вы ввели:")[2]


async def test_the_list_is_of_the_day_that_is_asked_about(stage: Stage):
    serve(stage)
    text = (await ask(stage, "", f"/activities?municipality={OWN}&on=2022-11-01")).text
    asked = next(one for one in stage.asked if one.url.path == "/v1/activities")
    assert dict(asked.url.params) == {"municipality": OWN, "on": "2022-11-01", "limit": "50"}
    assert "на 1\N{NO-BREAK SPACE}ноября\N{NO-BREAK SPACE}2022" in text
    stage.answers = lambda request: (
        refused(422, "invalid-request", ("/on", "not-a-date")) if request.url.path == "/v1/activities" else listed()
    )
    wrong = await ask(stage, "", "/activities?on=завтра")
    assert (wrong.status_code, "Это не день" in wrong.text) == (422, True)


async def test_a_form_of_a_foreign_site_confirms_nothing(stage: Stage, browser: httpx.AsyncClient):
    await stage.sign_in(browser, "ministry")
    serve(stage)
    assert (await browser.post(CONFIRM, data=FORM)).status_code == 403
    assert all(one.method == "GET" for one in stage.asked)


async def test_the_list_says_what_is_confirmed_and_leads_to_each(stage: Stage):
    gone = KEPT | {"number": 2, "done_on": "2022-03-03", "withdrawn": {"reason": "р", "at": AT}}
    serve(stage, activity(evidence=[KEPT, gone], declined=None))
    text = (await ask(stage, HIS, "/activities?state=overdue&roadmap=region-2022")).text
    assert f'href="{PATH}"' in text
    assert "<span>10.02.2022</span>" in text
    assert "03.03.2022" not in text
    asked = next(one for one in stage.asked if one.url.path == "/v1/activities")
    assert dict(asked.url.params) == {"roadmap": "region-2022", "state": "overdue", "limit": "50"}


async def test_the_rest_of_the_list_is_of_the_same_choice(stage: Stage):
    stage.answers = lambda _: httpx.Response(200, json={"items": [], "next": "behind"})
    text = (await ask(stage, HIS, "/activities?roadmap=r&state=no-such&cursor=here")).text
    asked = next(one for one in stage.asked if one.url.path == "/v1/activities")
    assert dict(asked.url.params) == {"roadmap": "r", "cursor": "here", "limit": "50"}
    assert 'href="/activities?roadmap=r&amp;cursor=behind">Дальше' in text


async def test_one_deadline_leaves_nothing_to_choose(stage: Stage):
    serve(stage, activity(occurrences=WINDOWS[:1], evidence=[], declined=None))
    assert not re.search('<select id="window"', (await ask(stage, HIS)).text)
