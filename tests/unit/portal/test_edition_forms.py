"""Forms of an edition with several wrong places name all of them at once, in the summary and beside each field."""

from typing import Any

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.test_editions import answering, edition

ANSWER = "answer-2022-1-1"


async def sent(stage: Stage, who: str, path: str, **form: str) -> httpx.Response:
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        return await browser.post(f"/editions/2022-1/{path}", data={"revision": "3", **form})


def named(answer: httpx.Response) -> list[str]:
    """The fields that the summary leads to, in its order."""
    summary = answer.text.partition('id="errors"')[2].partition("</div>")[0]
    return [one.partition('"')[0] for one in summary.split('href="#')[1:]]


def tied(answer: httpx.Response, field: str) -> bool:
    """Whether an error stands at the field and its input says so."""
    return f'id="{field}-error"' in answer.text and f"{field}-error" in answer.text.partition("aria-describedby")[2]


@pytest.mark.parametrize(
    ("act", "form", "places"),
    [
        ("publish", {}, ["number", "date", "confirm-publish"]),
        ("publish", {"number": "01-14"}, ["date", "confirm-publish"]),
        ("withdraw", {}, ["reason", "confirm-withdraw"]),
    ],
)
async def test_an_unconfirmed_step_names_every_empty_field_with_it(
    stage: Stage, act: str, form: dict[str, str], places: list[str]
):
    stage.answers = answering(edition("frozen"))
    answer = await sent(stage, "ministry", act, **form)
    assert (answer.status_code, named(answer)) == (422, places)
    assert all(tied(answer, one) for one in places)
    assert [one.method for one in stage.asked if one.method == "POST"] == [], "nothing was sent on"


async def test_what_is_wrong_with_an_answer_stands_at_each_of_its_fields(stage: Stage):
    wrong: list[dict[str, Any]] = [
        {"pointer": "/reason", "code": "too-short", "message": "Поясните отказ.", "remedy": "Напишите причину."},
        {"pointer": "/correction/result", "code": "unknown", "message": "Такого результата нет.", "remedy": ""},
    ]
    problem = {"code": "invalid-answer", "title": "Ответ не записан", "detail": "Исправьте.", "errors": wrong}
    stage.answers = answering(edition(), httpx.Response(422, json=problem))
    form = {"decision": "declined", "correction": "result:3:r:1"}
    answer = await sent(stage, "regional_operator", "objections/2022-1-1/answer", **form)
    assert named(answer) == [f"reason-{ANSWER}", f"correction-{ANSWER}"]
    for field, words in ((f"reason-{ANSWER}", "Поясните отказ. Напишите причину."),
                         (f"correction-{ANSWER}", "Такого результата нет.")):  # fmt: skip
        assert tied(answer, field)
        assert f'id="{field}-error"><span class="unseen">Ошибка: </span>{words}</span>' in answer.text
