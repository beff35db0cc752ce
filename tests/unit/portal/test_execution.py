"""The page of the report of execution: counted states in words, the day and the road map in the address."""

from codecs import BOM_UTF8
from typing import Any

import httpx
import pytest

from services.portal.show.execution import report_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, Services, listed, refused

STATES = ("planned", "awaiting_schedule", "open", "done", "done_late", "overdue", "declined", "cancelled")
DOOR = "GET roadmap /v1/reports/execution"
PLACE = {"id": OWN, "name": "Златоустовский <ГО>", "oktmo": "75712000"}


def counted(what: str, **states: int) -> dict[str, Any]:
    return {what: sum(states.values()), "states": dict.fromkeys(STATES, 0) | states}


REPORT = {
    "as_of": "2022-11-01", "region": "74", "roadmaps": [{"id": "region-2022", "title": "Карта региона"}],
    **counted("activities", done=1, done_late=1, overdue=2),
    "municipalities": [
        {"municipality": None, **counted("activities", overdue=2)},
        {"municipality": PLACE, **counted("activities", done=1, done_late=1)},
    ],
    "sections": [{"roadmap": "region-2022", "section": "", **counted("activities", done=1, done_late=1, overdue=2)}],
    "occurrences": 5,
    "months": [
        {"month": "2022-02", **counted("occurrences", done=1, overdue=3)},
        {"month": None, **counted("occurrences", declined=1)},
    ],
}  # fmt: skip
NOTHING = {**REPORT, **counted("activities"), "occurrences": 0, "municipalities": [], "sections": [], "months": []}
MAP = {"id": "region-2022", "title": "Карта региона", "region": "74", "municipality": None}


@pytest.fixture
def asked(stage: Stage) -> list[httpx.URL]:
    """What the service of road maps was asked; it answers the report."""
    found: list[httpx.URL] = []

    def report(request: httpx.Request) -> httpx.Response:
        found.append(request.url)
        return httpx.Response(200, json=REPORT)

    stage.answers = Services({DOOR: report, "GET roadmap /v1/roadmaps": listed(MAP, {**MAP, "municipality": PLACE})})
    return found


async def seen(stage: Stage, path: str) -> httpx.Response:
    async with stage.browser() as browser:
        return await browser.get(path)


def test_columns_are_those_that_are_asked_for_first_and_those_with_anything_in_them():
    found = report_of(REPORT)
    assert found.columns == ["planned", "open", "done", "done_late", "overdue", "declined"]
    assert [row.title for row in found.municipalities] == ["Сам регион", PLACE["name"]]
    assert [row.title for row in found.months] == ["Февраль 2022", "Без срока"]
    assert [(title, [row.title for row in rows]) for title, rows in found.sections] == [
        ("Карта региона", ["Без раздела"])
    ]


async def test_the_page_counts_and_adds_up(stage: Stage, asked: list[httpx.URL]):
    page = await seen(stage, "/execution?as_of=2022-11-01&roadmap=region-2022")
    assert page.status_code == 200
    assert dict(asked[0].params) == {"as_of": "2022-11-01", "roadmap": "region-2022"}
    text = page.text
    assert "4\N{NO-BREAK SPACE}мероприятия; выполнено 2 (из них с опозданием 1), просрочено 2." in text
    assert "Златоустовский &lt;ГО&gt;" in text
    assert "<ГО>" not in text
    assert 'href="/execution.csv?as_of=2022-11-01&amp;roadmap=region-2022"' in text
    assert '<option value="region-2022" selected>Карта региона</option>' in text


async def test_that_several_road_maps_are_added_up_is_said(stage: Stage):
    two = {**REPORT, "roadmaps": [*REPORT["roadmaps"], {"id": "region-2023", "title": "Карта 2023 года"}]}
    stage.answers = Services({DOOR: httpx.Response(200, json=two), "GET roadmap /v1/roadmaps": listed()})
    said = "сложены все дорожные карты: Карта региона; Карта 2023 года."
    assert said in (await seen(stage, "/execution")).text
    assert said not in (await seen(stage, "/execution?roadmap=region-2022")).text


async def test_a_municipality_is_opened_on_the_day_of_the_report(stage: Stage, asked: list[httpx.URL]):
    assert f'href="/municipalities/{OWN}?on=2022-11-01"' in (await seen(stage, "/execution?as_of=2022-11-01")).text
    assert f'href="/municipalities/{OWN}"' in (await seen(stage, "/execution")).text


async def test_a_number_of_a_municipality_leads_to_the_activities_that_it_counts(stage: Stage, asked: list[httpx.URL]):
    plain = (await seen(stage, "/execution")).text
    assert f'href="/activities?municipality={OWN}">2<' in plain
    assert f'href="/activities?municipality={OWN}&amp;state=done_late">1<' in plain
    assert 'href="/activities?state=overdue"' not in plain, "with maps of municipalities it would list theirs, too"
    chosen = (await seen(stage, "/execution?as_of=2022-11-01&roadmap=region-2022")).text
    whose = f"municipality={OWN}&amp;roadmap=region-2022"
    assert f'href="/activities?{whose}&amp;state=done&amp;on=2022-11-01">1<' in chosen
    assert 'href="/activities?roadmap=region-2022&amp;state=overdue&amp;on=2022-11-01"><strong>2</strong>' in chosen
    assert f"{whose}&amp;state=overdue" not in chosen


async def test_without_a_day_it_is_today(stage: Stage, asked: list[httpx.URL]):
    page = await seen(stage, "/execution")
    assert not asked[0].params
    assert 'name="as_of" type="date" value="2' in page.text


async def test_where_nothing_is_planned_it_says_so(stage: Stage):
    stage.answers = Services({DOOR: httpx.Response(200, json=NOTHING), "GET roadmap /v1/roadmaps": listed()})
    assert "дорожных карт у региона пока нет" in (await seen(stage, "/execution")).text


async def test_a_day_that_is_none_is_said_at_its_field(stage: Stage):
    stage.answers = Services(
        {DOOR: refused(422, "invalid-request", ("/as_of", "invalid")), "GET roadmap /v1/roadmaps": listed(MAP)}
    )
    page = await seen(stage, "/execution?as_of=завтра")
    assert page.status_code == 422
    assert "«завтра» — не день" in page.text
    assert 'aria-invalid="true"' in page.text


async def test_another_refusal_is_a_page_of_its_own(stage: Stage):
    stage.answers = Services({DOOR: refused(404, "roadmap-not-found"), "GET roadmap /v1/roadmaps": listed(MAP)})
    page = await seen(stage, "/execution?roadmap=none")
    assert (page.status_code, 'name="as_of"' in page.text) == (404, False)


async def test_while_road_maps_cannot_be_listed_the_report_stands(stage: Stage):
    stage.answers = Services({DOOR: httpx.Response(200, json=REPORT)})
    page = await seen(stage, "/execution?roadmap=region-2022")
    assert page.status_code == 200
    assert '<option value="region-2022" selected>region-2022</option>' in page.text


async def test_while_road_maps_are_away_the_page_says_so(stage: Stage):
    stage.answers = Services({})
    assert (await seen(stage, "/execution")).status_code == 503


async def test_the_table_is_taken_along(stage: Stage, asked: list[httpx.URL]):
    found = await seen(stage, "/execution.csv?as_of=2022-11-01")
    assert found.headers["content-type"].partition(";")[0] == "text/csv"
    assert found.headers["content-disposition"] == 'attachment; filename="execution-excel-2022-11-01.csv"'
    assert found.content.startswith(BOM_UTF8)
    head, total, *rows = [line.split(";") for line in found.content.decode("utf-8-sig").splitlines()]
    assert head[:5] == ["Разрез", "Название", "Всего", "запланировано", "идёт"]
    assert total[:7] == ["Всего", "", "4", "0", "0", "1", "1"]
    assert [row[:3] for row in rows] == [
        ["Муниципалитет", "Сам регион", "2"],
        ["Муниципалитет", PLACE["name"], "2"],
        ["Раздел: Карта региона", "Без раздела", "4"],
        ["Месяц сроков", "Февраль 2022", "4"],
        ["Месяц сроков", "Без срока", "1"],
    ]
    assert dict(asked[0].params) == {"as_of": "2022-11-01"}
