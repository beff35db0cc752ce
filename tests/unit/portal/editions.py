"""An edition with its content and objections, and what the services answer about it and beside it."""

import re
from collections.abc import Sequence
from typing import Any

import httpx

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, PROCEDURE, RESULT, Reply, listed

NAME = {"id": OWN, "name": "Златоустовский ГО", "oktmo": "75712000"}
ROW = {
    "rank": 1, "municipality": NAME, "points": "74", "maximum": "95", "percent": 78, "level": "above_average",
    "share": "74/95", "level_conflict": False, "data_at": "2022-12-30T00:00:00+00:00",
}  # fmt: skip
TABLES = [
    {"group": "overall", "kind": "overall", "title": "Общий итог", "flags": [{"procedure": "vpr", "act": "письмо № 9"}],
     "rows": [ROW], "no_data": []},
    {"group": "vpr", "kind": "procedure", "title": "ВПР", "flags": [], "rows": [ROW], "no_data": []},
]  # fmt: skip
CONTENT = {"methodology": {"id": "m", "title": "Методика", "sha256": "0"}, "ratings": TABLES}
OBJECTION: dict[str, Any] = {
    "id": "2022-1-1", "edition": "2022-1", "municipality": NAME, "group": None, "procedure": "vpr", "indicator": "i2",
    "text": "Не так", "evidence": "протокол № 4", "state": "open", "settled": False,
    "raised_at": "2023-02-01T09:00:00+00:00", "reason": None, "correction": None, "closed_at": None,
}  # fmt: skip
STANDING = {
    "state": "scored", "points": "74", "maximum": "95", "share": "74/95", "percent": 78, "level": "above_average",
    "rank": 1,
}  # fmt: skip
ACT = {
    "procedure": "vpr", "period": "2022", "municipalities": [NAME], "reason": "не участвовал",
    "act": {"number": "5", "date": "2023-02-01"}, "recorded_at": "2023-02-02T00:00:00Z", "withdrawn_at": None,
}  # fmt: skip
CHANGES = {
    "edition": "2022-1",
    "as_of": "2023-02-11T09:00:00+00:00",
    "items": [
        {"municipality": NAME, "before": STANDING, "after": STANDING | {"points": "72.5", "percent": 76},
         "procedures": [{"procedure": "vpr", "title": "ВПР", "before": STANDING, "after": None}]}
    ],
}  # fmt: skip


BESIDE = {
    "procedures": [PROCEDURE],
    "results": [
        RESULT | {"id": "r:1", "revision": 3},
        RESULT | {"id": "r2", "subject": RESULT["subject"] | {"organization": "74-school-1"}},
        RESULT | {"id": "r3", "procedure": "oge"},
        RESULT | {"id": "r4", "subject": {"municipality": {"id": "74-troitsky-mr"}}},
    ],
    "applicability": [
        ACT | {"id": "old", "recorded_at": "2023-01-01T00:00:00Z"},
        ACT | {"id": "new"},
        ACT | {"id": "gone", "recorded_at": "2023-01-01T00:00:00Z", "withdrawn_at": "2023-02-02T00:00:00Z"},
        ACT | {"id": "foreign", "municipalities": [{"id": "74-troitsky-mr"}]},
    ],
}


def edition(state: str = "draft", **more: Any) -> dict[str, Any]:
    return {
        "id": "2022-1", "period": "2022", "number": 1, "title": "Рейтинг муниципалитетов за 2022 год", "state": state,
        "revision": 3, "reply_until": "2100-02-10", "replies_end": "2100-02-11T00:00:00+05:00", "act": None,
        "as_of": "2023-02-01T09:00:00+00:00", "methodology": "m", "sha256": "abc", "previous": None, "files": [],
        "superseded_by": None, "history": [{"state": "draft", "by": "ministry", "at": "2023-02-01T09:00:00+00:00",
                                            "reason": None}], **more,
    }  # fmt: skip


def answering(
    shown: dict[str, Any],
    posted: httpx.Response | None = None,
    objections: Sequence[dict[str, Any]] = (OBJECTION,),
    **beside: Reply,
) -> Any:
    """What the services answer; `results`, `procedures`, `applicability` may be replaced."""

    kept: dict[str, Reply] = {name: listed(*items) for name, items in BESIDE.items()}
    kept |= {"content": httpx.Response(200, json=CONTENT), "changes": httpx.Response(200, json=CHANGES)}
    kept |= {"objections": listed(*objections), **beside}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return posted or httpx.Response(201, json={"id": "2022-1"})
        reply = kept.get(request.url.path.rpartition("/")[2], httpx.Response(200, json=shown))
        return reply(request) if callable(reply) else reply

    return answer


async def page(
    stage: Stage, who: str | None, shown: dict[str, Any], *objections: dict[str, Any], **beside: Reply
) -> str:
    stage.answers = answering(shown, objections=objections or (OBJECTION,), **beside)
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return (await browser.get("/editions/2022-1")).text


def offered(text: str, field: str) -> list[str]:
    """The values that a select offers."""
    select = text[text.index(f'<select id="{field}') :].partition("</select>")[0]
    return re.findall(r'<option value="([^"]*)"', select)
