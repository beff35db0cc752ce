"""The corrections offered for an objection: all that were recorded since the draft, and none that would be refused."""

from typing import Any

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.editions import ACT, OBJECTION, answering, edition, offered, page
from tests.unit.portal.fake import OWN, RESULT, listed

FIELD = "correction-answer-"
NEIGHBOUR = "74-troitsky-mr"


def result(number: int, municipality: str = OWN, **subject: str) -> dict[str, Any]:
    whose = {"municipality": {"id": municipality, "name": municipality}}
    return RESULT | {"id": f"r{number}", "subject": whose | subject}


def paged(*results: dict[str, Any], endless: bool = False) -> Any:
    """The list of monitoring: filtered as asked, in pages."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        whose, procedure = asked.get("municipality"), asked.get("procedure")
        found = [one for one in results if whose in {None, one["subject"]["municipality"]["id"]}]
        found = [one for one in found if procedure in {None, one["procedure"]}]
        start, limit = int(asked.get("cursor", 0)), int(asked.get("limit", 50))
        more = endless or len(found) > start + limit
        body = {"items": found[start : start + limit], "next": str(start + limit) if more else None}
        return httpx.Response(200, json=body)

    return answer


async def test_a_correction_behind_many_results_of_schools_and_of_others_is_offered(stage: Stage):
    schools = [result(number, organization=f"school-{number}") for number in range(250)]
    others = [result(number, NEIGHBOUR) for number in range(1000, 1250)]
    text = await page(
        stage, "regional_operator", edition(), results=paged(*schools, *others, result(9999) | {"revision": 2})
    )
    assert "result:2:r9999" in offered(text, FIELD)
    assert "Записанное раньше, но дошедшее до оценки уже после неё, называют через API." in text
    assert "не все поместились" not in text


async def test_where_more_was_recorded_than_the_page_reads_it_says_so(stage: Stage):
    text = await page(stage, "regional_operator", edition(), results=paged(endless=True))
    assert "не все поместились" in text
    assert "не записано" not in text


async def test_those_who_object_to_a_group_are_asked_about_every_procedure(stage: Stage):
    group = {"procedure": None, "indicator": None, "group": "results"}
    objections = [OBJECTION, OBJECTION | {"id": "2022-1-2"} | group]
    text = await page(stage, "regional_operator", edition(), *objections, results=paged(result(1)))
    asked = [one.url.params for one in stage.asked if one.url.path == "/v1/results"]
    assert [dict(one) for one in asked] == [
        {"period": "2022", "municipality": OWN, "changed_after": "2023-02-01T09:00:00+00:00", "limit": "200"}
    ]
    assert offered(text, f"{FIELD}2022-1-2") == ["", "result:2:r1", "act:new", "act:gone"]


@pytest.mark.parametrize("away", ["results", "applicability", "procedures"])
async def test_a_list_that_did_not_come_is_not_said_to_be_empty(stage: Stage, away: str):
    group = {"procedure": None, "indicator": None, "group": "results"}
    gone: dict[str, Any] = {"results": listed(), "applicability": listed()} | {away: httpx.Response(503)}
    text = await page(stage, "regional_operator", edition(), OBJECTION | group, **gone)
    assert "не записано" not in text
    assert "нет ответа" in text
    if away == "procedures":
        own = await page(stage, f"municipality:{OWN}", edition(), **gone)
        assert "Показатели выбрать пока нельзя" in own


async def test_what_came_is_offered_though_the_rest_did_not(stage: Stage):
    text = await page(stage, "regional_operator", edition(), results=httpx.Response(503))
    assert offered(text, FIELD) == ["", "act:new", "act:gone"]
    assert "нет ответа" in text


SENT = "2023-02-01T09:00:00+00:00"
HISTORY = [{"state": "draft", "by": "ministry", "at": "2023-02-01T09:00:05+00:00", "reason": None}]


async def test_nothing_is_offered_that_changed_nothing_since_the_draft(stage: Stage):
    """An act that was stated and withdrawn since; what was recorded between the content and the draft."""
    before, while_sent, since = "2023-01-01T00:00:00Z", "2023-02-01T09:00:03Z", "2023-02-02T00:00:00Z"
    acts = [
        ACT | {"id": name, "recorded_at": recorded, "withdrawn_at": withdrawn}
        for name, recorded, withdrawn in (
            ("stated", since, None),
            ("withdrawn", before, since),
            ("both", since, since),
            ("neither", before, None),
            ("long-gone", before, before),
            ("just-before", while_sent, None),
        )
    ]
    shown = edition(as_of=SENT, history=HISTORY)
    text = await page(stage, "regional_operator", shown, results=listed(), applicability=listed(*acts))
    assert offered(text, FIELD) == ["", "act:stated", "act:withdrawn"]
    asked = next(one for one in stage.asked if one.url.path == "/v1/results")
    assert asked.url.params["changed_after"] == HISTORY[0]["at"]


ACCEPTED = OBJECTION | {"state": "accepted", "reason": "Класс 9Б не учтён"}


async def test_a_correction_is_recorded_only_where_one_was_chosen(stage: Stage):
    stage.answers = answering(edition(), objections=[ACCEPTED])
    form = {"state": "accepted", "decision": "accepted", "reason": "Класс 9Б", "correction": ""}
    door = "/editions/2022-1/objections/2022-1-1/answer"
    async with stage.browser(headers={"Authorization": stage.token("regional_operator")}) as browser:
        first = (await browser.get("/editions/2022-1")).text
        refused = await browser.post(door, data=form)
        assert all(one.method == "GET" for one in stage.asked), "nothing was sent on"
        chosen = await browser.post(door, data=form | {"correction": "act:new"})
        at_once = await browser.post(door, data=form | {"state": "open"})
    assert 'name="state" value="accepted"' in first
    assert refused.status_code == 422
    assert f'href="#{FIELD}2022-1-1"' in refused.text
    assert f'id="{FIELD}2022-1-1-error"' in refused.text
    assert (chosen.status_code, at_once.status_code) == (303, 303), "an open one is accepted before it is corrected"


async def test_where_no_correction_is_recorded_there_is_no_button_to_record_one(stage: Stage):
    nothing = {"results": listed(), "applicability": listed()}
    text = await page(stage, "regional_operator", edition(), ACCEPTED, **nothing)
    assert "не записано" in text
    assert "/answer" not in text
    assert "Записать исправление" not in text
    open_one = await page(stage, "regional_operator", edition(), **nothing)
    assert "/answer" in open_one
