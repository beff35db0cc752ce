"""What is offered beside a result: nothing that monitoring would refuse."""

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, Services, monitoring


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
