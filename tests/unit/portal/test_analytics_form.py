"""The one form of an analytics document: whatever is pressed, nothing that was typed into any section is lost."""

import json
import re
from copy import deepcopy
from typing import Any

import httpx

from services.portal.show.analytics import mark_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import Services, refused
from tests.unit.portal.made import AT
from tests.unit.portal.test_analytics import DOOR, document

HOME = "/analytics/first.2022.v1"
AT_SERVICE = f"scoring {DOOR}/first.2022.v1"
EMPTY = mark_of("")
TYPED = {
    "revision": "3",
    **{f"was-{key}": EMPTY for key in ("methods", "conclusions", "effect")},
    "text-methods": "Работы",
    "text-conclusions": "Вывод\r\n\r\n- раз",
    "text-effect": "",
}
STALE = refused(412, "stale-revision")
FINISHED = refused(409, "analytics-finished")


def stored(revision: int = 3, state: str = "draft", **texts: str) -> dict[str, Any]:
    one = deepcopy(document(revision=revision, state=state, finished_at=AT if state == "finished" else None))
    for each in one["sections"]:
        each["text"] = [{"paragraph": texts[each["key"]]}] if each["key"] in texts else []
    return one


def serve(stage: Stage, now: dict[str, Any], **said: httpx.Response) -> None:
    """Each text that is put makes a revision; what is `said` to a section or to `finish` stands instead."""
    stage.asked.clear()

    def put(request: httpx.Request) -> httpx.Response:
        revision = int(request.headers["if-match"].strip('"')) + 1
        return said.get(request.url.path.rpartition("/")[2]) or httpx.Response(200, json={"revision": revision})

    puts = {f"PUT {AT_SERVICE}/sections/{each['key']}": put for each in now["sections"]}
    finished = said.get("finish") or httpx.Response(200, json=now)
    stage.answers = Services({f"GET {AT_SERVICE}": httpx.Response(200, json=now), **puts,
                              f"POST {AT_SERVICE}/finish": finished})  # fmt: skip


async def sent(stage: Stage, act: str, **form: str) -> httpx.Response:
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        return await browser.post(f"{HOME}/{act}", data={**TYPED, **form})


def written(stage: Stage) -> list[tuple[str, str]]:
    """What was sent on, over which revision."""
    return [
        (one.url.path.rpartition("/")[2], one.headers["if-match"])
        for one in stage.asked
        if one.method in {"PUT", "POST"}
    ]


def field(answer: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*?(?: value="([^"]*)">|>([^<]*)</textarea>)', answer.text)
    assert found, name
    return found[1] if found[2] is None else found[2]


async def test_saving_one_section_saves_what_was_typed_into_the_others(stage: Stage):
    serve(stage, stored())
    answer = await sent(stage, "sections/conclusions")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}#section-conclusions")
    assert written(stage) == [("conclusions", '"3"'), ("methods", '"4"')], "what is as it was is left alone"
    texts = [json.loads(one.content)["text"] for one in stage.asked if one.method == "PUT"]
    assert texts == [[{"paragraph": "Вывод"}, {"list": ["раз"]}], [{"paragraph": "Работы"}]]


async def test_after_a_refusal_what_was_saved_is_saved_and_the_rest_stays_typed(stage: Stage):
    wrong = refused(422, "invalid-request", ("/text/0/paragraph", "too-long"))
    serve(stage, stored(4, conclusions="Вывод"), methods=wrong)
    answer = await sent(stage, "sections/conclusions")
    assert (answer.status_code, 'href="#text-methods"' in answer.text) == (422, True)
    assert (field(answer, "text-methods"), field(answer, "was-methods")) == ("Работы", EMPTY)
    assert (field(answer, "text-conclusions"), field(answer, "was-conclusions")) == ("Вывод", mark_of("Вывод"))
    assert field(answer, "revision") == "4", "that of what was saved"


async def test_of_several_typed_texts_each_that_others_wrote_is_shown_and_none_is_overwritten_unread(stage: Stage):
    serve(stage, stored(5, methods="Их работы"), conclusions=STALE)
    answer = await sent(stage, "sections/conclusions")
    assert (answer.status_code, written(stage)) == (412, [("conclusions", '"3"')])
    assert "этот раздел изменил кто-то другой" in answer.text
    assert re.findall(r"#section-(\w+)\">В разделе", answer.text) == ["methods"]
    assert re.findall(r"Записано сейчас:</strong></p>\s*<p>([^<]*)</p>", answer.text) == ["Их работы"]
    assert (field(answer, "text-methods"), field(answer, "was-methods")) == ("Работы", mark_of("Их работы"))
    assert (field(answer, "text-conclusions"), field(answer, "revision")) == (
        "Вывод\n\n- раз".replace("\n", "\r\n"),
        "5",
    )


async def test_the_same_text_twice_is_no_conflict(stage: Stage):
    """Sent again after an answer that did not come."""
    serve(stage, stored(4, methods="Работы"), conclusions=STALE)
    answer = await sent(stage, "sections/conclusions")
    assert "Записано сейчас" not in answer.text


async def test_texts_stay_where_a_colleague_has_finished_the_document(stage: Stage):
    serve(stage, stored(4, "finished"), conclusions=FINISHED)
    answer = await sent(stage, "sections/conclusions")
    assert (answer.status_code, "<textarea" in answer.text) == (409, False)
    shown = answer.text[answer.text.index("Вы ввели:") :].partition("</div>")[0]
    assert re.findall(r'class="typed">([^<]*)</p>', shown) == ["Вывод\n\n- раз".replace("\n", "\r\n"), "Работы"]
    assert re.findall(r'class="small">(\d+)\. ', shown) == ["9", "4"]


async def test_finishing_is_confirmed_and_nothing_is_written_before(stage: Stage):
    serve(stage, stored())
    answer = await sent(stage, "finish")
    assert (answer.status_code, written(stage)) == (422, [])
    assert '<a href="#confirm-finish">Отметьте подтверждение.</a>' in answer.text
    assert 'aria-describedby="confirm-finish-error"' in answer.text
    assert (field(answer, "text-methods"), field(answer, "revision")) == ("Работы", "3")
    assert "Завершённый документ не изменить" in answer.text


async def test_what_was_typed_is_finished_with_the_document(stage: Stage):
    serve(stage, stored())
    answer = await sent(stage, "finish", confirm="1")
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert written(stage) == [("methods", '"3"'), ("conclusions", '"4"'), ("finish", '"5"')]
    serve(stage, stored(4), methods=STALE)
    assert (await sent(stage, "finish", confirm="1")).status_code == 412
    assert written(stage) == [("methods", '"3"')], "nothing is frozen without what was typed"


async def test_ten_texts_of_the_longest_are_a_form(stage: Stage):
    serve(stage, stored())
    keys = [each["key"] for each in stored()["sections"]]
    form = {f"text-{key}": "ё" * 20_000 for key in keys}
    assert (await sent(stage, "sections/conclusions", **form)).status_code == 303
    assert len(written(stage)) == len(keys)
