"""A municipality's page after some years: past maps and settled recommendations hide nothing that is ahead or waits."""

from collections.abc import Callable
from typing import Any

import httpx

from services.portal.pages.every import EVERY, MOST_PAGES
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import ACTIVITY, ADVICE, listed
from tests.unit.portal.test_municipality import shown

AHEAD = {
    **ACTIVITY,
    "id": "m2",
    "number": "9.9",
    "title": "Совещание впереди",
    "state": "open",
    "due": "2100-11-10",
    "occurrences": [{"start": "2022-11-01", "end": "2100-11-10", "state": "open"}],
}
MISSED = [{**ACTIVITY, "id": f"past{number}", "number": str(number)} for number in range(EVERY)]
MORE = "показаны не все сроки"


def paged(*pages: list[dict[str, Any]]) -> Callable[[httpx.Request], Any]:
    """A list whose cursor is the number of the page."""

    def answer(request: httpx.Request) -> Any:
        at = int(request.url.params.get("cursor", "0"))
        return listed(*pages[at]) | {"next": str(at + 1) if at + 1 < len(pages) else None}

    return answer


async def test_what_was_missed_in_past_years_hides_no_coming_deadline(stage: Stage):
    text = (await shown(stage, "ministry", __v1__activities=paged(MISSED, [AHEAD]))).text
    assert "Совещание впереди" in text
    assert f"Просрочено сроков: {EVERY}" in text
    assert MORE not in text


async def test_what_is_more_than_a_page_holds_is_said(stage: Stage):
    pages = [[{**ACTIVITY, "id": f"m{number}"}] for number in range(MOST_PAGES + 1)]
    text = (await shown(stage, "ministry", __v1__activities=paged(*pages))).text
    assert f"Просрочено сроков: {MOST_PAGES}" in text
    assert MORE in text


async def test_a_piece_is_not_shown_for_the_whole(stage: Stage):
    def answer(request: httpx.Request) -> Any:
        return None if "cursor" in request.url.params else listed(AHEAD) | {"next": "1"}

    text = (await shown(stage, "ministry", __v1__activities=answer)).text
    assert "Совещание впереди" not in text
    assert "нет ответа" in text


async def test_newer_drafts_hide_no_recommendation_that_waits_for_its_meeting(stage: Stage):
    newer = [{**ADVICE, "id": f"new{number}", "state": "discarded", "text": "Снятая"} for number in range(50)]
    waits = {**ADVICE, "id": "old", "state": "issued", "text": "Ждёт заседания"}

    def answer(request: httpx.Request) -> Any:
        state = request.url.params.get("state")
        found = [one for one in (*newer, waits) if state in {None, one["state"]}]
        return listed(*found[: int(request.url.params.get("limit", "50"))])

    text = (await shown(stage, "ministry", __v1__recommendations=answer)).text
    assert text.count("Ждёт заседания") == 1
    assert text.index("Ждёт заседания") < text.index("Снятая"), "what waits stands first"
