"""Analytics documents in the portal: texts as people type them, forms for their writers, refusals that lose nothing."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.portal.show.analytics import blocks_of, change_points, share_percent, typed_of
from shared.exactjson import write
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import PROCEDURE, Services, listed, refused
from tests.unit.portal.made import AT, FLAG, FLAGGED, OWN

CONTENT = json.loads(
    (Path(__file__).parents[1] / "scoring" / "analytics" / "golden.json").read_text(encoding="utf-8")
)  # fmt: skip
DOOR = "/v1/analytics-documents"
HEAD: dict[str, Any] = {
    "id": "first.2022.v1", "procedure": {"key": "first", "title": "Первая"}, "period": "2022", "before": "2021",
    "version": 1, "state": "draft", "revision": 3, "reason": None, "created_at": AT,
    "finished_at": None, "digest": None,
}  # fmt: skip
LINES = st.text(st.characters(categories=["L", "N"], include_characters=" .,<>&"), min_size=1).map(
    lambda line: " ".join(line.split())
)
BLOCKS = st.lists(
    st.one_of(
        LINES.filter(bool).map(lambda line: {"paragraph": line}),
        st.lists(LINES.filter(bool), min_size=1, max_size=4).map(lambda items: {"list": items}),
    )
)


def document(**changes: Any) -> dict[str, Any]:
    return HEAD | {"missing": ["methods", "conclusions"], "sections": CONTENT["sections"]} | changes


def serve(stage: Stage, one: dict[str, Any], *, said: httpx.Response | None = None) -> None:
    at = f"scoring {DOOR}/first.2022.v1"
    other = said or httpx.Response(200, json=one)
    stage.answers = Services(
        {
            f"GET {at}": httpx.Response(200, json=one),
            f"PUT {at}/sections/conclusions": other,
            f"POST {at}/finish": other,
            f"GET {at}/document.json": httpx.Response(200, json=CONTENT),
            f"GET scoring {DOOR}": listed(one),
            f"POST scoring {DOOR}": said or httpx.Response(201, json=one),
            "GET monitoring /v1/procedures": listed(PROCEDURE),
        }
    )


@settings(deadline=None)
@given(BLOCKS)
def test_a_text_is_typed_as_it_is_read_again(blocks: list[dict[str, Any]]):
    merged = blocks_of(typed_of(blocks))
    assert typed_of(merged) == typed_of(blocks)
    assert [line for one in merged for line in one.get("list", [one.get("paragraph")])] == [
        line for one in blocks for line in one.get("list", [one.get("paragraph")])
    ]


def test_lines_with_a_dash_are_a_list_and_empty_lines_part_paragraphs():
    typed = "Первый\r\nабзац\r\n\r\nВступление:\r\n- раз\r\n— два\r\nи дальше\r\n\r\n \r\n"
    assert blocks_of(typed) == [
        {"paragraph": "Первый абзац"}, {"paragraph": "Вступление:"}, {"list": ["раз", "два"]},
        {"paragraph": "и дальше"},
    ]  # fmt: skip


def test_shares_are_percents_with_one_decimal_and_nothing_is_no_zero():
    told = [
        share_percent("1/3"),
        share_percent(None),
        change_points("-1/3"),
        change_points("0.125"),
        change_points("0"),
    ]
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in told] == [
        "33,3 %",
        "—",
        "−33,3 п. п.",
        "+12,5 п. п.",
        "0,0 п. п.",
    ]


@pytest.mark.parametrize(("who", "buttons"), [("ministry", 11), ("regional_operator", 11), (f"municipality:{OWN}", 0)])
async def test_the_forms_of_a_draft_are_for_its_writers(stage: Stage, who: str, buttons: int):
    serve(stage, document())
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.get("/analytics/first.2022.v1")
    assert answer.status_code == 200
    assert len(re.findall(r'<button formaction="/analytics/first\.2022\.v1/', answer.text)) == buttons
    assert len(re.findall(r'<form[^>]*action="/analytics/first\.2022\.v1/', answer.text)) == min(buttons, 1)
    assert 'href="#section-methods">4. Источники, инструменты, методы</a>' in answer.text
    assert "Муниципалитеты по уровням: высокий — 1" in answer.text


async def test_section_7_says_the_numbers_of_a_rule_with_commas(stage: Stage):
    sections = deepcopy(CONTENT["sections"])
    sections[6]["data"]["rows"][0]["rule"] = "ступени: от 0.5 — 2.5"
    serve(stage, document(sections=sections))
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        answer = await browser.get("/analytics/first.2022.v1")
    assert "<span>ступени: от 0,5 — 2,5</span>" in answer.text


async def test_section_8_says_what_counts_without_permission_also_where_that_was_not_told_yet(stage: Stage):
    for flags, said in (({"flags": [FLAG]}, True), ({}, False)):
        sections = deepcopy(CONTENT["sections"])
        sections[7]["data"] = {key: one for key, one in sections[7]["data"].items() if key != "flags"} | flags
        serve(stage, document(sections=sections))
        async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
            answer = await browser.get("/analytics/first.2022.v1")
        assert (answer.status_code, FLAGGED in answer.text) == (200, said)


async def test_section_10_says_which_reform_hinders_also_where_that_was_not_told_yet(stage: Stage):
    reform = "01.07.2022 объединение: Б МР → А ГО"
    for reason, said in (({"reason": reform}, True), ({}, False)):
        sections = deepcopy(CONTENT["sections"])
        row = {key: one for key, one in sections[9]["data"]["rows"][0].items() if key != "reason"}
        sections[9]["data"]["rows"][0] = row | {"state": "not_comparable"} | reason
        serve(stage, document(sections=sections))
        async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
            answer = await browser.get("/analytics/first.2022.v1")
        assert (answer.status_code, f"не сопоставимо: {reform}" in answer.text) == (200, said)
        assert "не сопоставимо" in answer.text


async def test_a_finished_one_offers_only_a_new_version(stage: Stage):
    serve(stage, document(state="finished", missing=[], finished_at=AT, digest="abc"))
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        answer = await browser.get("/analytics/first.2022.v1")
    assert re.findall(r'action="(/analytics[^"]*)"', answer.text) == ["/analytics"]
    assert "textarea" not in answer.text


async def test_a_text_is_sent_with_its_revision_and_a_refused_one_comes_back(stage: Stage):
    form = {"revision": "3", "text-conclusions": "Вывод\n\n- раз"}
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        serve(stage, document())
        kept = await browser.post("/analytics/first.2022.v1/sections/conclusions", data=form)
        sent = next(one for one in stage.asked if one.method == "PUT")
        serve(stage, document(), said=refused(412, "stale-revision"))
        stale = await browser.post("/analytics/first.2022.v1/sections/conclusions", data=form)
    assert (kept.status_code, kept.headers["location"]) == (303, "/analytics/first.2022.v1#section-conclusions")
    assert json.loads(sent.content) == {"text": [{"paragraph": "Вывод"}, {"list": ["раз"]}]}
    assert sent.headers["if-match"] == '"3"'
    assert (stale.status_code, "- раз</textarea>" in stale.text) == (412, True)


async def test_missing_sections_are_linked_when_finishing_is_refused(stage: Stage):
    serve(stage, document(), said=refused(422, "analytics-incomplete", ("/sections/methods", "section-empty")))
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        answer = await browser.post("/analytics/first.2022.v1/finish", data={"revision": "3", "confirm": "1"})
    assert answer.status_code == 422
    assert '<a href="#section-methods">Неверно: section-empty.</a>' in answer.text


async def test_a_draft_that_is_there_already_is_one_click_away(stage: Stage):
    serve(stage, document(), said=refused(409, "analytics-draft-exists", document="first.2022.v1"))
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        answer = await browser.post("/analytics", data={"procedure": "first", "period": "2022", "key": "k"})
    assert answer.status_code == 409
    assert 'href="/analytics/first.2022.v1">Открыть черновик' in answer.text
    assert "analytics-draft-exists" in answer.text


async def test_the_json_is_handed_on_as_the_bytes_that_the_digest_is_of(stage: Stage):
    serve(stage, document())
    async with stage.browser(headers={"Authorization": stage.token("expert:e1")}) as browser:
        answer = await browser.get("/analytics/first.2022.v1/document.json")
    assert answer.content == write(CONTENT)
    assert answer.headers["content-disposition"] == 'attachment; filename="first.2022.v1.json"'
