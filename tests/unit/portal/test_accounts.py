"""Which account did something: pages show it as the services tell it, and no browser keeps a page that has it."""

from typing import Any

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.editions import OBJECTION, answering, edition
from tests.unit.portal.fake import OWN, RESULT, Services, listed, monitoring
from tests.unit.portal.test_activities import KEPT, activity
from tests.unit.portal.test_recommendation import advice

AT = "2023-02-01T09:00:00+00:00"
HIS = f"municipality:{OWN}"


def _result(told: dict[str, str]) -> Any:
    one = RESULT | told
    return Services(monitoring(result=httpx.Response(200, json=one), revisions=listed(one)))


def _edition(told: dict[str, str]) -> Any:
    steps = [{"state": "draft", "by": "ministry", "at": AT, "reason": None} | told]
    said = {"state": "declined", "settled": True, "answered_by": "regional_operator", "answered_at": AT}
    raised = {f"{name}_account": account for name in ("raised", "answered") for account in told.values()}
    return answering(edition(history=steps), objections=[OBJECTION | said | raised])


def _recommendation(told: dict[str, str]) -> Any:
    steps = [{"state": "issued", "at": AT, "role": "ministry", "on": None, "note": None} | told]
    return lambda _: httpx.Response(200, json=advice("issued") | {"steps": steps})


def _activity(told: dict[str, str]) -> Any:
    gone = KEPT | {"number": 2, "withdrawn": {"reason": "Ошибка", "at": AT} | told}
    one = activity(evidence=[KEPT | told, gone], declined=None)
    return lambda request: listed() if request.url.path == "/v1/roadmaps" else httpx.Response(200, json=one)


PAGES = [
    ("/results/r1", _result, 2),
    ("/editions/2022-1", _edition, 3),
    ("/recommendations/a1", _recommendation, 1),
    (f"/activities/region-2022%3A4?municipality={OWN}", _activity, 2),
]


async def ask(stage: Stage, who: str, path: str) -> httpx.Response:
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        return await browser.get(path)


@pytest.mark.parametrize(("path", "serve", "times"), PAGES)
async def test_the_staff_sees_the_account_of_each_step_and_no_browser_keeps_the_page(
    stage: Stage, path: str, serve: Any, times: int
):
    stage.answers = serve({"account": "9b7c-clerk"})
    answer = await ask(stage, "ministry", path)
    assert answer.status_code == 200
    assert answer.text.count(", учётная запись <code>9b7c-clerk</code>") == times
    assert answer.text.count("Учётные записи показаны только министерству и региональному оператору.") == 1
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("path", "serve"), [one[:2] for one in PAGES])
async def test_others_are_told_of_no_account(stage: Stage, path: str, serve: Any):
    stage.answers = serve({})
    answer = await ask(stage, HIS, path)
    assert answer.status_code == 200
    assert "чётн" not in answer.text
