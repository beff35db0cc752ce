"""What is offered beside a result: nothing that monitoring would refuse."""

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, PROCEDURE, RESULT, Services, listed, monitoring


@pytest.mark.parametrize(("people", "offered"), [(True, True), (False, False), (None, True)])
async def test_a_municipality_is_offered_no_correction_that_would_be_refused(
    stage: Stage, *, people: bool | None, offered: bool
):
    source = {} if people is None else {"source": httpx.Response(200, json={"key": "gis-education", "people": people})}
    stage.answers = Services(monitoring(**source))
    headers = {"Authorization": stage.token(f"municipality:{OWN}"), "Accept": "text/html"}
    async with stage.browser(headers=headers) as client:
        answer = await client.get("/results/r1")
    assert answer.status_code == 200
    assert ("/results/r1/correction" in answer.text) is offered
    assert ("Результат передала система" in answer.text) is not offered


@pytest.mark.parametrize(("people", "offered"), [(True, True), (False, False)])
async def test_who_enters_what_a_system_brought_is_not_led_into_a_form_that_would_be_refused(
    stage: Stage, *, people: bool, offered: bool
):
    source = httpx.Response(200, json={"key": "gis-education", "people": people})
    stage.answers = Services(monitoring(source=source, results=listed(RESULT)))
    headers = {"Authorization": stage.token(f"municipality:{OWN}"), "Accept": "text/html"}
    async with stage.browser(headers=headers) as client:
        pages = [
            await client.get(path)
            for path in (
                "/results/new?procedure=vpr&period=2022",
                "/results/r1/correction",
                "/results/r1/withdrawal",
            )
        ]
    assert [one.status_code for one in pages] == [200, 200, 200]
    assert ("/results/r1/correction" in pages[0].text) is ("исправьте этот" in pages[0].text) is offered
    assert "Посмотреть версии" in pages[0].text
    for one in pages[1:]:
        assert ('<form method="post" action="/results/r1' in one.text) is offered
    for one in pages:
        assert ("Результат передала система" in one.text) is not offered


SCHOOL = {
    **RESULT,
    "subject": {"organization": "74-school-1", "municipality": {"id": OWN, "name": "Златоустовский ГО"}},
}


async def school_after(stage: Stage, done: str, **described: object) -> str:
    """The result's page of a school after what was done; `described`: more of its procedure."""
    procedure = httpx.Response(200, json=PROCEDURE | described)
    stage.answers = Services(monitoring(result=httpx.Response(200, json=SCHOOL), procedure=procedure))
    async with stage.browser(headers={"Authorization": stage.token("organization:74-school-1")}) as client:
        return (await client.get(f"/results/r1?done={done}")).text


async def test_a_procedure_that_is_not_described_for_schools_promises_no_profile(stage: Stage):
    text = await school_after(stage, "entered")
    assert "Результат принят." in text
    assert "за несколько секунд" not in text
    assert "Посмотреть профиль" not in text


@pytest.mark.parametrize("done", ["entered", "corrected"])
async def test_a_school_is_led_to_its_profile_not_to_a_score_that_is_not_its(stage: Stage, done: str):
    text = await school_after(
        stage, done, school={"subject": "russian", "level": "basic", "grade": 9, "external": True}
    )
    assert "Профиль школы обновится за несколько секунд, если эта процедура в нём учитывается." in text
    assert 'href="/schools/74-school-1">Посмотреть профиль школы</a>' in text
    assert "Баллы и рейтинг" not in text
    assert f"/municipalities/{OWN}" not in text


async def test_a_municipality_is_led_to_its_score(stage: Stage):
    stage.answers = Services(monitoring())
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as client:
        text = (await client.get("/results/r1?done=entered")).text
    assert "Баллы и рейтинг пересчитаются" in text
    assert f'href="/municipalities/{OWN}?period=2022">Посмотреть оценку муниципалитета</a>' in text


def of_years(*years: tuple[int, int | None], period: str = "2022") -> Services:
    """A result, and editions of the methodology that are in force in these years."""
    editions = [{"id": "e", "title": "Методика", "in_force": {"from": first, "to": last}} for first, last in years]
    present = httpx.Response(200, json={**RESULT, "period": period})
    return Services({**monitoring(result=present), "GET scoring /v1/methodologies": listed(*editions)})


@pytest.mark.parametrize(
    ("years", "period", "scored"),
    [
        ([(2022, 2022)], "2022", True),
        ([(2019, None)], "2022", True),
        ([(2022, 2022)], "2021-2022", True),
        ([(2022, 2022)], "2022-2023", False),
        ([(2017, 2021), (2023, None)], "2022", False),
        ([], "2022", False),
    ],
)
@pytest.mark.parametrize("done", ["entered", "corrected"])
async def test_no_score_is_promised_for_a_period_without_a_methodology(
    stage: Stage, years: list[tuple[int, int | None]], period: str, *, scored: bool, done: str
):
    stage.answers = of_years(*years, period=period)
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as client:
        text = (await client.get(f"/results/r1?done={done}")).text
    assert ("пересчитаются за несколько секунд" in text, "Посмотреть оценку" in text) == (scored, scored)
    assert ("За этот период методики нет" in text) is not scored


async def test_a_withdrawn_result_is_not_called_in_force(stage: Stage):
    withdrawn = {**RESULT, "status": "withdrawn", "reason": "внесён дважды", "revision": 3}
    stage.answers = Services(
        monitoring(
            result=httpx.Response(200, json=withdrawn), revisions=listed(RESULT, withdrawn), results=listed(withdrawn)
        )
    )
    async with stage.browser(headers={"Authorization": stage.token("regional_operator")}) as client:
        seen = (await client.get("/results/r1")).text
        entering = (await client.get(f"/results/new?procedure=vpr&municipality={OWN}&period=2022")).text
    assert "<strong>Версия 3</strong>, результат отозван" in seen
    assert "действует" not in seen
    assert "Такой результат был и отозван" in entering
    assert "причина: внесён дважды. Второго результата быть не может; внесите этот заново исправлением." in entering
    assert '/results/r1/correction">Внести заново</a>' in entering
    assert "уже есть" not in entering


@pytest.mark.parametrize(("today", "offered"), [(OWN, True), ("74-miassky-go", False), (None, False)])
async def test_a_school_that_changed_hands_is_corrected_by_whom_it_is_of_today(
    stage: Stage, *, today: str | None, offered: bool
):
    told = {"id": "74-school-1", "name": "Школа № 1", "municipality": today and {"id": today, "name": "x"}}
    stage.answers = Services(
        monitoring(result=httpx.Response(200, json=SCHOOL))
        | {"GET registry /v1/organizations/74-school-1": httpx.Response(200, json=told)}
    )
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as client:
        text = (await client.get("/results/r1")).text
    assert "Школа № 1" in text
    assert ("/results/r1/correction" in text) is offered
