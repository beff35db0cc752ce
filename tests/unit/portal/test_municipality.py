"""A municipality's page: who sees what, in which order, and what stands there when something is missing."""

import re
from copy import deepcopy
from typing import Any

import httpx
import pytest

from services.portal.show.municipality import advice_of, changes_of, results_behind
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import (
    ADVICE,
    EMPTY,
    EVERYTHING,
    EXPLAIN,
    FLAG,
    FLAGGED,
    ITEM,
    LONG,
    OTHER,
    OWN,
    PROCEDURES,
    RESULT,
    SCORE,
    from_table,
    listed,
    rating,
)


def explained(*states: str) -> dict[str, object]:
    """An explanation with procedures in these states."""
    found = deepcopy(EXPLAIN)
    [group] = found["overall"]["groups"]
    kinds = {one["state"]: one for one in group["procedures"]}
    kinds["no_data"] = kinds["not_applicable"] | {
        "state": "no_data",
        "reason": "нет результатов",
        "act": None,
        "withdrawn": None,
    }
    group["procedures"] = [kinds[one] | {"procedure": f"p{number}"} for number, one in enumerate(states)]
    return found


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (("scored", "no_data", "no_data", "not_applicable"), "данные по 1 из 3 процедур"),
        (("scored", "scored", "not_applicable"), ""),
    ],
)
async def test_beside_the_score_stands_of_how_many_procedures_it_has_data(
    stage: Stage, states: tuple[str, ...], words: str
):
    told = {f"__v1__scores__{OWN}__explain": explained(*states)}
    text = (await shown(stage, f"municipality:{OWN}", **told)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert words in text
    assert ("данные по" in text) == bool(words)


async def test_the_last_place_is_told_as_the_last_one(stage: Stage):
    """Two of three share the second place: «1-е место среди 3» would let two more places be thought of."""
    text = (await shown(stage, f"municipality:{OWN}")).text
    assert "1-е место из 2<" in text
    assert "место среди" not in text


ORDER = ["now", "changed", "todo", "due", "chain", "peers", "years", "take"]


async def shown(stage: Stage, who: str = "", path: str = f"/municipalities/{OWN}", **table: object) -> httpx.Response:
    stage.answers = from_table({**EVERYTHING, **{name.replace("__", "/"): one for name, one in table.items()}})
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return await browser.get(path)


async def test_its_own_people_see_everything_in_the_order_that_helps(stage: Stage):
    answer = await shown(stage, f"municipality:{OWN}")
    text = answer.text
    assert answer.status_code == 200
    assert [one for one in re.findall(r'<section aria-labelledby="([a-z]+)"', text) if one in ORDER] == ORDER
    assert LONG in text
    for words in (
        "исправление, версия 2; кто внёс: министерство; источник: gis-education; почему: ошибка переноса",
        "и ещё 2",
        "Разобрать причины снижения",
        "15\N{NO-BREAK SPACE}декабря\N{NO-BREAK SPACE}2022",
        "Название в документе утрачено",
        "Доля работ",
        "нет данных",
        "не участвовал",
        "приказ № 7",
        "Максимум этой процедуры не входит в знаменатель",
    ):
        assert words in text, words
    assert text.count("<h1") == 1


async def test_the_public_sees_published_groups_and_nothing_inside(stage: Stage):
    answer = await shown(stage)
    asked = {one.url.path for one in stage.asked}
    assert answer.status_code == 200
    assert asked == {
        "/v1/periods",
        "/v1/ratings/2022",
        "/v1/procedures",
        "/v1/activities",
        "/v1/roadmaps",
        "/v1/trends",
    }
    assert sum(one.url.path == "/v1/ratings/2022" for one in stage.asked) == 4
    assert "gis-education" not in answer.text
    assert "Данные этого муниципалитета на" in answer.text


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (rating(edition="r-2022-1"), 'Опубликованная редакция: <a href="/editions/r-2022-1">r-2022-1</a>.'),
        (rating(change={"rank": 0, "percent": -2}), 'к опубликованной <a href="/editions">редакции</a>: −2 п. п.'),
        (rating(), "Текущие данные: редакция рейтинга не опубликована."),
    ],
    ids=["an edition", "live beside an edition", "live"],
)
async def test_whose_numbers_stand_there_is_said(stage: Stage, told: dict[str, Any], says: str):
    assert says in (await shown(stage, "ministry", __v1__ratings__2022=told)).text


async def test_everybody_is_told_what_counts_without_permission(stage: Stage):
    flagged = {"/v1/ratings/2022": rating() | {"flags": [FLAG]}, f"/v1/scores/{OWN}": SCORE | {"flags": [FLAG]}}
    for who in ("", f"municipality:{OWN}"):
        assert FLAGGED in (await shown(stage, who, **flagged)).text, who
        assert FLAGGED not in (await shown(stage, who)).text, who


async def test_a_foreign_municipality_asks_for_nothing_that_is_not_its_own(stage: Stage):
    await shown(stage, f"municipality:{OTHER}")
    asked = {one.url.path for one in stage.asked}
    assert not asked & {f"/v1/scores/{OWN}/explain", "/v1/inbox", "/v1/recommendations"}
    assert not any(one.startswith("/v1/results") for one in asked)


async def test_a_code_leads_to_the_same_page(stage: Stage):
    answer = await shown(stage, "ministry", path="/municipalities/75712000")
    assert LONG in answer.text


async def test_changes_of_other_years_are_not_told_as_this_years(stage: Stage):
    answer = await shown(stage, "ministry", __v1__inbox=listed({**ITEM, "period": "2020"}))
    assert "С тех пор как данные загружены, оценка не менялась" in answer.text
    asked = next(one for one in stage.asked if one.url.path == "/v1/inbox")
    assert dict(asked.url.params) == {"municipality": OWN, "period": "2022", "kind": "score_changed"}


async def test_a_change_without_a_result_behind_it_says_so(stage: Stage):
    recomputed = {**ITEM, "causes": [], "causes_count": 0}
    text = (await shown(stage, "ministry", __v1__inbox=listed(recomputed))).text
    assert "<p><strong>Причина:</strong> пересчёт оценки.</p>" in text
    ruled = {**recomputed, "rules": [{"words": "применена редакция методики «новая»"}]}
    text = (await shown(stage, "ministry", __v1__inbox=listed(ruled))).text
    assert "<p><strong>Причина:</strong></p>" in text
    assert "<li>применена редакция методики «новая»</li>" in text
    assert "Причины:" not in text


async def test_that_nothing_changed_is_said_only_where_everything_was_seen(stage: Stage):
    later = {"items": [{**ITEM, "period": "2020"}], "next": "further", "unread": 0}
    text = (await shown(stage, "ministry", __v1__inbox=later)).text
    assert "оценка не менялась" not in text
    assert f'<a href="/inbox?municipality={OWN}">' in text


async def test_the_day_asked_about_goes_to_the_road_maps(stage: Stage):
    await shown(stage, "ministry", path=f"/municipalities/{OWN}?on=2022-11-01")
    asked = next(one for one in stage.asked if one.url.path == "/v1/activities")
    assert asked.url.params["on"] == "2022-11-01"


@pytest.mark.parametrize(
    "gone", ["__v1__inbox", "__v1__recommendations", "__v1__activities", "__v1__results__r1__revisions"]
)
async def test_a_service_that_is_away_takes_only_its_part_with_it(stage: Stage, gone: str):
    answer = await shown(stage, "ministry", **{gone: None})
    assert answer.status_code == 200
    assert LONG in answer.text


async def test_without_scoring_the_page_says_so_with_the_right_status(stage: Stage):
    stage.answers = from_table({})
    away = await shown(stage, "ministry", **{f"__v1__scores__{OWN}": None})
    assert (away.status_code, "нет ответа" in away.text) == (503, True)


async def test_a_municipality_without_data_is_no_zero(stage: Stage):
    answer = await shown(stage, path=f"/municipalities/{EMPTY}")
    assert answer.status_code == 200
    assert "Нет оценки: нет результатов" in answer.text
    assert "нет данных" in answer.text
    assert not re.search(r"\b0\s?%", answer.text)


async def test_nobody_is_not_found(stage: Stage):
    answer = await shown(stage, path="/municipalities/99-nowhere")
    assert (answer.status_code, "Такого муниципалитета нет" in answer.text) == (404, True)


async def test_a_wrong_address_is_said_in_russian(stage: Stage):
    answer = await shown(stage, path=f"/municipalities/{OWN}?on=yesterday")
    assert (answer.status_code, "Адрес страницы неверен" in answer.text) == (422, True)


async def test_the_causes_are_asked_for_by_their_own_ids(stage: Stage):
    """A list of the municipality's results would be full of those of its schools, the oldest first."""
    await shown(stage, "ministry")
    asked = [one.url.path for one in stage.asked if one.url.path.startswith("/v1/results")]
    assert asked == ["/v1/results/r1/revisions"]


async def test_of_more_revisions_than_a_page_the_one_that_holds_is_told(stage: Stage):
    first = {**RESULT, "revision": 1, "reason": None}
    many = {"__v1__results__r1__revisions": listed(first) | {"next": "200"}, "__v1__results__r1": RESULT}
    assert "почему: ошибка переноса" in (await shown(stage, "ministry", **many)).text


async def test_a_withdrawal_is_told_as_one(stage: Stage):
    withdrawn = {**RESULT, "status": "withdrawn", "reason": "внесён дважды"}
    text = (await shown(stage, "ministry", __v1__results__r1__revisions=listed(withdrawn))).text
    assert "отзыв, версия 2; кто внёс: министерство" in text
    assert "исправление, версия" not in text


async def test_many_causes_have_a_heading_in_the_plural(stage: Stage):
    text = (await shown(stage, "ministry", __v1__inbox=listed({**ITEM, "causes_count": 21}))).text
    assert "<strong>Причины:</strong>" in text


def test_a_cause_keeps_its_own_reason_when_its_result_went_on():
    later = {**RESULT, "revision": 3, "reason": "другая причина", "submitted_by": "system:gis-education"}
    cause = changes_of([ITEM], [RESULT, later], PROCEDURES["items"])[0].causes[0]
    assert (cause.procedure, cause.act, cause.source, cause.reason, cause.by) == (
        "Всероссийские проверочные работы",
        "исправление, версия 2",
        "gis-education",
        "ошибка переноса",
        "министерство",
    )


def test_only_so_many_causes_are_named_that_each_can_be_asked_for():
    causes = [{"result": f"r{number}", "revision": 1, "procedure": "vpr"} for number in range(30)]
    item = {**ITEM, "causes": causes, "causes_count": 40}
    change = changes_of([item], [], PROCEDURES["items"])[0]
    assert ([one.result for one in change.causes], change.more) == ([f"r{number}" for number in range(10)], 30)
    assert results_behind([item, item]) == [f"r{number}" for number in range(10)]


def test_recommendations_that_wait_stand_first():
    told = [{**ADVICE, "state": state} for state in ("declined", "accepted", "drafted", "issued")]
    assert [one["state"] for one in advice_of(told)] == ["drafted", "issued", "accepted", "declined"]


async def test_the_calendar_and_the_explanation_pass_through(stage: Stage):
    stage.answers = lambda request: (
        httpx.Response(200, content=b"BEGIN:VCALENDAR", headers={"content-type": "text/calendar"})
        if request.url.path == "/v1/calendar.ics"
        else httpx.Response(200, json=EXPLAIN)
    )
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        calendar = await browser.get(f"/municipalities/{OWN}/calendar.ics")
        explain = await browser.get(f"/municipalities/{OWN}/explain.json?period=2022")
    assert calendar.content == b"BEGIN:VCALENDAR"
    assert calendar.headers["content-disposition"] == f'attachment; filename="{OWN}.ics"'
    assert explain.json() == EXPLAIN


async def test_who_may_not_see_the_explanation_is_led_to_sign_in(stage: Stage):
    stage.answers = from_table({f"/v1/scores/{OWN}/explain": 401})
    async with stage.browser() as browser:
        answer = await browser.get(f"/municipalities/{OWN}/explain.json")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")
