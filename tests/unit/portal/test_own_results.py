"""What monitoring has stored is found: the newest first, by period and procedure, of one's own or as chosen."""

import re
from typing import Any

import httpx

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, RESULT, Services, listed, monitoring

HIS = f"municipality:{OWN}"
PERIODS = {"GET scoring /v1/periods": listed({"period": "2022", "scored": 1, "municipalities": 1})}


async def opened(stage: Stage, who: str, path: str, *items: Any, following: str | None = None) -> httpx.Response:
    found = httpx.Response(200, json={"items": list(items), "next": following})
    stage.answers = Services(monitoring(results=found) | PERIODS)
    async with stage.browser(headers={"Authorization": stage.token(who)} if who else {}) as browser:
        return await browser.get(path)


def asked(stage: Stage) -> dict[str, str]:
    """The first question about results."""
    return dict(next(one for one in stage.asked if one.url.path == "/v1/results").url.params)


def rows(text: str) -> list[str]:
    return re.findall(r'<tr><th scope="row"><a href="(/results/[^"]+)">', text)


async def test_the_newest_stands_first_with_its_revision_source_and_state(stage: Stage):
    later = {**RESULT, "id": "r2", "status": "withdrawn", "revision": 3, "source": "portal"}
    text = (await opened(stage, HIS, "/results", RESULT, later)).text
    assert asked(stage) == {"period": "2022", "limit": "200"}, "the period that pages begin with"
    assert rows(text) == ["/results/r2", "/results/r1"]
    first, second = text.split("<tr><th")[2:]
    assert '<span class="tag">отозван</span>, версия 3' in first
    assert "действует, версия 2" in second
    assert "gis-education, муниципалитет" in second
    assert "02.11.2022 09:00" in second
    assert f'href="/municipalities/{OWN}/explain?period=2022"' in second
    assert '<a href="/results" aria-current="page">Мои результаты</a>' in text
    assert 'id="municipality"' not in text


async def test_filters_are_asked_of_monitoring_and_only_the_staff_choose_a_municipality(stage: Stage):
    path = f"/results?period=&procedure=vpr&municipality={OWN}"
    text = (await opened(stage, "regional_operator", path, RESULT)).text
    assert asked(stage) == {"procedure": "vpr", "municipality": OWN, "limit": "200"}
    assert 'id="municipality"' in text
    assert ">Результаты</a>" in text


async def test_fifty_stand_on_a_page_and_the_others_behind_it(stage: Stage):
    many = [{**RESULT, "id": f"r{number}"} for number in range(150)]
    text = (await opened(stage, HIS, "/results?period=2022", *many)).text
    assert (rows(text)[0], rows(text)[-1], len(rows(text))) == ("/results/r149", "/results/r100", 50)
    assert f"Найдено: 150{chr(160)}результатов; на этой странице — 50." in text
    assert 'href="/results?period=2022&amp;page=2">Более ранние' in text
    text = (await opened(stage, HIS, "/results?period=2022&page=3", *many)).text
    assert (rows(text)[0], len(rows(text))) == ("/results/r49", 50)
    assert "Более ранние" not in text
    every = (await opened(stage, HIS, "/results?period=", *many)).text
    assert 'href="/results?period=&amp;page=2">Более ранние' in every, "no period is not the one to begin with"
    assert "Дальше ничего нет" in (await opened(stage, HIS, "/results?period=2022&page=4", *many)).text


async def test_where_there_are_more_than_can_be_read_the_oldest_are_not_shown_for_the_newest(stage: Stage):
    text = (await opened(stage, "ministry", "/results?period=2022", RESULT, following="more")).text
    assert rows(text) == []
    assert "больше 2\N{NO-BREAK SPACE}000 результатов. Список начинается с записанных последними" in text
    assert "Сузьте отбор: выберите муниципалитет или процедуру." in text
    narrow = f"/results?period=2022&procedure=vpr&municipality={OWN}"
    assert "Сузить его больше нечем" in (await opened(stage, "ministry", narrow, RESULT, following="more")).text


async def test_nothing_stored_a_wrong_period_and_a_service_that_is_away_say_so(stage: Stage):
    assert "За 2022 год результатов нет." in (await opened(stage, HIS, "/results?period=2022")).text
    answer = await opened(stage, HIS, "/results?period=2022x")
    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    answer = await opened(stage, "", "/results")
    assert answer.status_code == 303
    stage.answers = Services(PERIODS)
    async with stage.browser(headers={"Authorization": stage.token(HIS)}) as browser:
        answer = await browser.get("/results")
    assert (answer.status_code, "нет ответа" in answer.text) == (503, True)
