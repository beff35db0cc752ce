"""What if and the inbox: what is asked of the services, and how their answers read."""

import json
from typing import Any

import httpx
import pytest

from services.portal.show.entry import typed
from services.portal.show.inbox import anchor_of
from services.portal.show.what_if import steps
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, PROCEDURE, Services, listed, monitoring, refused
from tests.unit.portal.made import answers

SCORED = {"state": "scored", "points": "1.5", "maximum": "3", "share": "0.5", "percent": 50, "level": "medium"}
CHAIN = {
    "municipality": {"id": OWN, "name": "Златоустовский ГО", "oktmo": "75712000"},
    "period": "2022",
    "overall": {
        **SCORED,
        "rank": 5,
        "groups": [
            {
                "group": "results",
                "procedures": [
                    {
                        "procedure": "vpr",
                        "title": PROCEDURE["name"],
                        **SCORED,
                        "indicators": [
                            {"indicator": "i1", "value": "1.5", "maximum": "2", "rule": {"words": "от 0 до 2.5"}},
                            {"indicator": "i2", "value": None, "maximum": "1", "rule": {"words": "баллы даны прямо"}},
                        ],
                    }
                ],
            }
        ],
    },
}
EXPLAIN, SUPPOSE = f"GET scoring /v1/scores/{OWN}/explain", f"POST scoring /v1/scores/{OWN}/what-if"
ITEM: dict[str, Any] = {
    "id": "i:1", "kind": "score_changed", "title": "Златоустовский ГО: место 4", "body": "Общая: 50 %.\nПричина: ВПР.",
    "municipality": CHAIN["municipality"], "period": "2022", "changes": [], "created_at": "2022-11-02T04:00:00+00:00",
    "causes": [{"result": "r1", "revision": 2, "procedure": "vpr"}], "causes_count": 3, "read_at": None,
}  # fmt: skip


def score(rank: int = 5, **change: Any) -> dict[str, Any]:
    whole = {**SCORED, **change, "rank": rank}
    return {"overall": whole, "groups": {"results": whole}, "procedures": {"vpr": whole}}


def asking(**more: httpx.Response) -> Services:
    return Services({**monitoring(), EXPLAIN: httpx.Response(200, json=CHAIN), **more})


@pytest.fixture
def ministry(stage: Stage) -> httpx.AsyncClient:
    return stage.browser(headers={"Authorization": stage.token("ministry")})


async def test_what_if_asks_with_the_values_of_the_address(stage: Stage, ministry: httpx.AsyncClient):
    better = score(3, points="2.5", percent=83, share="5/6", level="above_average")
    stage.answers = asking(**{SUPPOSE: httpx.Response(200, json={"before": score(), "after": better})})
    answer = await ministry.get(f"/municipalities/{OWN}/what-if?procedure=vpr&value-i1=1,5&value-i2=1")

    sent = next(one for one in stage.asked if one.method == "POST")
    assert json.loads(sent.content) == {"period": "2022", "values": {"vpr": {"i1": "1.5", "i2": "1"}}}
    assert answer.status_code == 200
    assert "на 2\N{NO-BREAK SPACE}места выше" in answer.text
    assert "уровень: средний → выше среднего" in answer.text


async def test_before_the_first_question_nothing_is_asked_and_present_values_stand_there(
    stage: Stage, ministry: httpx.AsyncClient
):
    stage.answers = asking()
    answer = await ministry.get(f"/municipalities/{OWN}/what-if?procedure=vpr")

    assert [one for one in stage.asked if one.method == "POST"] == []
    assert 'id="value-i1" name="value-i1" type="text" value="1,5"' in answer.text
    assert "Сейчас: 1,5; от 0 до 2,5" in answer.text
    assert "Объективность" in answer.text


async def test_a_wrong_value_is_told_at_its_field(stage: Stage, ministry: httpx.AsyncClient):
    wrong = refused(422, "invalid-what-if", ("/values/vpr/i1", "out-of-range"))
    stage.answers = asking(**{SUPPOSE: wrong})
    answer = await ministry.get(f"/municipalities/{OWN}/what-if?procedure=vpr&value-i1=9&value-i2=")

    assert answer.status_code == 422
    assert '<a href="#value-i1">Охват: неверно' in answer.text
    assert "Введите число от 0 до 2" in answer.text


async def test_the_greatest_value_is_that_of_the_catalogue_not_the_points(stage: Stage, ministry: httpx.AsyncClient):
    counted = {"key": "i1", "name": "Охват", "maximum": "2", "values": {"unit": "count", "maximum": "40"}}
    procedures, wrong = {**PROCEDURE, "indicators": [counted]}, ("/values/vpr/i1", "out-of-range")
    stage.answers = asking(**{
        "GET monitoring /v1/procedures": listed(procedures), SUPPOSE: refused(422, "invalid-what-if", wrong),
    })  # fmt: skip
    answer = await ministry.get(f"/municipalities/{OWN}/what-if?procedure=vpr&value-i1=41")
    assert "Введите число от 0 до 40" in answer.text


async def test_what_if_of_somebody_else_says_why_not(stage: Stage):
    stage.answers = Services({**monitoring(), EXPLAIN: refused(403, "forbidden")})
    async with stage.browser(headers={"Authorization": stage.token("municipality:74-troitsky-go")}) as client:
        answer = await client.get(f"/municipalities/{OWN}/what-if")

    assert answer.status_code == 403
    assert "Отказ" in answer.text


def test_a_difference_is_told_in_points_places_and_level():
    same = steps({"before": score(), "after": score()}, "vpr", title="ВПР", group="results")
    lost = steps({"before": score(), "after": score(11, points="0", share="0")}, "vpr", title="ВПР", group="results")
    gone: dict[str, Any] = {"state": "no_data"}
    nothing = {"overall": gone, "groups": {"results": gone}, "procedures": {"vpr": gone}}
    none = steps({"before": score(), "after": nothing}, "vpr", title="ВПР", group="results")

    assert [one.words for one in same] == ["без изменений"] * 3
    assert (lost[0].turn, lost[0].words) == ("worse", "баллы: −1,5; на 6\N{NO-BREAK SPACE}мест ниже")
    assert none[2].words == "оценка есть → нет данных"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1,5", "1.5"), (" 1 234 ", "1234"), ("1\N{NO-BREAK SPACE}000", "1000"), ("", None), ("−1", "-1")],
)
def test_a_number_is_read_as_people_type_it(text: str, meant: str | None):
    assert typed(text) == meant


async def test_an_inbox_item_names_its_causes_and_can_be_marked(stage: Stage, ministry: httpx.AsyncClient):
    stage.answers = Services({**monitoring(), "GET notification /v1/inbox": listed(ITEM, unread=1)})
    text = (await ministry.get("/inbox")).text

    assert "Не прочитано: <strong>1</strong>" in text
    assert 'href="/results/r1">Всероссийские проверочные работы, версия 2</a>; и ещё 2' in text
    assert f'id="{anchor_of("i:1")}" class="unread"' in text
    assert 'action="/inbox/i%3A1/read"' in text
    assert "Найдено: 1\N{NO-BREAK SPACE}уведомление." in text


async def test_an_inbox_item_leads_to_its_recommendation(stage: Stage, ministry: httpx.AsyncClient):
    told = {"id": "rec:1", "state": "issued", "group": "results", "score_revision": 4}
    item = {**ITEM, "recommendations": [told]}
    stage.answers = Services({**monitoring(), "GET notification /v1/inbox": listed(item, unread=1)})
    text = (await ministry.get("/inbox")).text
    link = '<a href="/recommendations/rec%3A1">учебные и воспитательные результаты, изменение №&nbsp;4</a>'
    assert f"{link} — направлена." in text
    step = {**item, "kind": "recommendation_issued", "title": "Златоустовский ГО: направлена рекомендация"}
    stage.answers = Services({**monitoring(), "GET notification /v1/inbox": listed(step, unread=1)})
    text = (await ministry.get("/inbox")).text
    assert '<a href="/recommendations/rec%3A1">Златоустовский ГО: направлена рекомендация</a>' in text


async def test_an_item_about_a_school_leads_to_its_profile_and_is_no_change_of_a_score(
    stage: Stage, ministry: httpx.AsyncClient
):
    school = {"id": "74-school-1", "name": "Лицей № 1", "criteria": ["year.russian"], "thresholds": "small"}
    item = {**ITEM, "kind": "school_listed", "title": "Лицей № 1: низкие результаты", "school": school}
    stage.answers = answers(__v1__inbox={"items": [item], "next": None, "unread": 1})
    address = 'href="/schools/74-school-1?period=2022">Лицей №\N{NO-BREAK SPACE}1: низкие результаты</a>'

    assert address in (await ministry.get("/inbox")).text
    assert address in (await ministry.get("/")).text
    assert "Лицей № 1" not in (await ministry.get(f"/municipalities/{OWN}?period=2022")).text


async def test_a_mark_goes_to_the_service_and_leads_back(stage: Stage, ministry: httpx.AsyncClient):
    read = "notification /v1/inbox/i:1/read"
    stage.answers = Services({f"POST {read}": httpx.Response(200, json=ITEM), f"DELETE {read}": httpx.Response(404)})
    marked = await ministry.post("/inbox/i:1/read", data={"back": "/inbox?since=2022-01-01"})
    failed = await ministry.post("/inbox/i:1/read", data={"back": "https://evil.example", "unread": "1"})

    assert marked.headers["location"] == "/inbox?since=2022-01-01#item-i-1"
    assert failed.headers["location"] == "/inbox?failed=1#item-i-1"


async def test_the_notice_of_a_failure_goes_with_the_next_success(stage: Stage, ministry: httpx.AsyncClient):
    stage.answers = Services({"POST notification /v1/inbox/i:1/read": httpx.Response(200, json=ITEM)})
    back = {"back": "/inbox?since=2022-01-01&failed=1"}
    assert (await ministry.post("/inbox/i:1/read", data=back)).headers["location"] == "/inbox?since=2022-01-01#item-i-1"
    again = await ministry.post("/inbox/read", data=back)
    assert again.headers["location"] == "/inbox?since=2022-01-01&failed=1"
    for odd in ("/inbox//[", "/inboxes", "/inbox/../logout"):
        assert (await ministry.post("/inbox/i:1/read", data={"back": odd})).headers["location"] == "/inbox#item-i-1"


@pytest.mark.parametrize("filtered", [f"municipality={OWN}", "since=2022-11-01"])
async def test_nothing_is_marked_read_that_a_filter_hides(stage: Stage, ministry: httpx.AsyncClient, filtered: str):
    """The service marks every older item of all that the reader may see, whatever the page shows."""
    stage.answers = Services({**monitoring(), "GET notification /v1/inbox": listed(ITEM, unread=1)})
    everything, some = [(await ministry.get(f"/inbox{query}")).text for query in ("", f"?{filtered}")]

    assert 'action="/inbox/read"' in everything
    assert 'action="/inbox/read"' not in some
    assert "Отметить сразу все можно" in some
    assert 'action="/inbox/i%3A1/read"' in some


async def test_filters_go_to_the_service_and_an_empty_answer_is_said(stage: Stage, ministry: httpx.AsyncClient):
    stage.answers = Services({**monitoring(), "GET notification /v1/inbox": listed(unread=0)})
    text = (await ministry.get(f"/inbox?municipality={OWN}&since=2022-11-01")).text

    asked = next(one for one in stage.asked if one.url.path == "/v1/inbox")
    assert dict(asked.url.params) == {"municipality": OWN, "since": "2022-11-01T00:00:00+05:00", "limit": "20"}
    assert "По этому отбору уведомлений нет" in text
    assert "Такой даты нет" in (await ministry.get("/inbox?since=31.02.2022")).text


async def test_a_silent_service_leaves_the_inbox_page_standing(stage: Stage, ministry: httpx.AsyncClient):
    answer = await ministry.get("/inbox")

    assert answer.status_code == 503
    assert "<h1>Входящие</h1>" in answer.text
