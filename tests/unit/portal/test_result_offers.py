"""What is offered beside a result: nothing that monitoring would refuse."""

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, RESULT, Services, listed, monitoring


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
    assert "Посмотреть ревизии" in pages[0].text
    for one in pages[1:]:
        assert ('<form method="post" action="/results/r1' in one.text) is offered
    for one in pages:
        assert ("Результат передала система" in one.text) is not offered
