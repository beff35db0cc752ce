"""Two people writing: the slower one learns who was quicker and what stands now, and overwrites nothing unread."""

import re
from copy import deepcopy
from typing import Any

import httpx

from services.portal.show.analytics import mark_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import refused
from tests.unit.portal.test_analytics import document
from tests.unit.portal.test_analytics import serve as serve_document
from tests.unit.portal.test_recommendation import PATH
from tests.unit.portal.test_recommendation import serve as serve_advice

STALE = refused(412, "stale-revision")
SECTION = "/analytics/first.2022.v1/sections/conclusions"


def written(text: str) -> dict[str, Any]:
    one = deepcopy(document(revision=4))
    next(each for each in one["sections"] if each["key"] == "conclusions")["text"] = [{"paragraph": text}]
    return one


async def sent(stage: Stage, path: str, form: dict[str, str], who: str = "ministry") -> httpx.Response:
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        return await browser.post(path, data=form)


async def test_the_text_that_stands_now_is_shown_beside_the_typed_one(stage: Stage):
    serve_document(stage, written("Их вывод"), said=STALE)
    was = mark_of("Прежний вывод")
    answer = await sent(stage, SECTION, {"revision": "3", "was-conclusions": was, "text-conclusions": "Мой вывод"})
    assert answer.status_code == 412
    assert "Пока вы писали, этот раздел изменил кто-то другой" in answer.text
    assert re.search(r"Записано сейчас:</strong></p>\s*<p>Их вывод</p>", answer.text)
    assert "Мой вывод</textarea>" in answer.text
    form = answer.text[answer.text.index('<form method="post" action="/analytics/') :]
    assert 'name="revision" value="4"' in form
    assert f'name="was-conclusions" value="{mark_of("Их вывод")}"' in form


async def test_another_section_that_changed_is_said_to_be_another(stage: Stage):
    serve_document(stage, written("Прежний вывод"), said=STALE)
    was = mark_of("Прежний вывод")
    answer = await sent(stage, SECTION, {"revision": "3", "was-conclusions": was, "text-conclusions": "Мой вывод"})
    assert "Пока вы писали, изменился другой раздел" in answer.text
    assert "прежний: сохраните его ещё раз" in answer.text
    assert "Записано сейчас" not in answer.text
    assert "Мой вывод</textarea>" in answer.text


async def test_a_refusal_for_another_reason_renews_no_revision(stage: Stage):
    serve_document(stage, written("Их вывод"), said=refused(422, "invalid-request", ("/text/0", "too-long")))
    answer = await sent(stage, SECTION, {"revision": "3", "was-conclusions": "abc", "text-conclusions": "Мой вывод"})
    form = answer.text[answer.text.index('<form method="post" action="/analytics/') :]
    assert 'name="revision" value="3"' in form
    assert 'name="was-conclusions" value="abc"' in form
    serve_advice(stage, "considered", refused(422, "invalid-request", ("/reason", "too-short")))
    advised = await sent(stage, f"{PATH}/decline", {"revision": "2", "reason": ""}, "municipality:74-zlatoustovsky-go")
    values = re.findall(r'/(accept|decline)" novalidate>\s*.*?name="revision" value="(\d)"', advised.text)
    assert values == [("accept", "3"), ("decline", "2")]


async def test_who_took_the_step_of_a_recommendation_is_said_and_what_was_typed_stays(stage: Stage):
    serve_advice(stage, "issued", STALE)
    answer = await sent(stage, f"{PATH}/issue", {"revision": "1", "text": "Мои слова"})
    assert answer.status_code == 412
    assert "Пока страница была открыта, рекомендация изменилась" in answer.text
    assert "Направлена: министерство, 30" in answer.text
    assert "Вы ввели:" in answer.text
    assert '<p class="small">Текст</p><p class="typed">Мои слова</p>' in answer.text
    assert answer.text.count("Версия устарела") == 0


async def test_a_stale_revision_is_worded_for_people_everywhere(stage: Stage):
    serve_document(stage, document(), said=STALE)
    answer = await sent(stage, "/analytics/first.2022.v1/finish", {"revision": "2", "confirm": "1"})
    assert "Пока страница была открыта, запись изменилась" in answer.text
    assert "Её изменил кто-то другой, ваше не записано." in answer.text
