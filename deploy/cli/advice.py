"""The end of the demo's story: what is recommended after a level fell, to whom, and the nearest deadlines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deploy.cli.api import Api
    from deploy.local import Settings

LEVELS = ("low", "medium", "above_average", "high")
# The region's road map is of 2022: the story asks what was due on a day of that year.
ON, UNTIL = "2022-11-01", "2022-12-31"
SHOWN = 5
JOINED_WITHIN = 5.0
STATES = {"open": "идёт", "planned": "впереди", "overdue": "просрочено"}


def falls(change: dict[str, Any]) -> int:
    """In how many groups a told change of a score lowered the level."""
    return sum(_height(one["after"]) < _height(one["before"]) for one in change.get("changes", ()) if _both(one))


def _both(one: dict[str, Any]) -> bool:
    return bool(one["before"]["level"] and one["after"]["level"])


def _height(standing: dict[str, Any]) -> int:
    return LEVELS.index(standing["level"])


def advised(api: Api, events: Sequence[dict[str, Any]], item: dict[str, Any]) -> list[str]:
    """The recommendations that were drafted, how the inbox item names them, and what was due on that day of 2022."""
    if not events:
        return ["Уровень не снизился: рекомендация не нужна."]
    lines = ["Что рекомендуется (проект; направляет его человек):"]
    for event in events:
        found = api.get("roadmap", f"/v1/recommendations/{event['recommendation']}")
        text = [f"    {line}" for line in found["text"].splitlines()]
        lines += [f"  {found['id']}", f"  кому: {found['addressee']}", *text]
    return [*lines, *_joined(api, item, len(events)), *deadlines(api, item["municipality"]["id"])]


def next_deadlines(item: dict[str, Any]) -> list[str]:
    """What the notification itself says of deadlines, today."""
    starts = ("Ближайшие сроки", "Просрочено")
    return [f"    {line}" for line in item["body"].splitlines() if line.startswith(starts)]


def _joined(api: Api, item: dict[str, Any], count: int) -> list[str]:
    """What the item of the inbox says since the recommendations joined it, which takes a moment."""
    end = time.monotonic() + JOINED_WITHIN
    while True:
        found = next(one for one in api.every("notification", "/v1/inbox") if one["id"] == item["id"])
        if len(found["recommendations"]) >= count or time.monotonic() > end:
            break
        time.sleep(0.05)
    more = [line for line in found["body"].splitlines() if line not in item["body"].splitlines()]
    if not more:
        return [f"Уведомление во входящих за {JOINED_WITHIN:g} с не дополнено: см. ./rsoko logs notification"]
    return ["Уведомление во входящих дополнено:", *(f"  {line}" for line in more)]


def deadlines(api: Api, municipality: str) -> list[str]:
    """The nearest deadlines of road maps as of that day of 2022, coming ones first."""
    due = list(api.every("roadmap", "/v1/activities", municipality=municipality, on=ON, due_before=UNTIL))
    coming = [one for one in due if one["state"] != "overdue"]
    missed = len(due) - len(coming)
    shown = [f"  {_day(one['due'])}  № {one['number']} {one['title'] or '(название утрачено)'} — {STATES[one['state']]}"
             for one in coming[:SHOWN]]  # fmt: skip
    return [f"Ближайшие сроки дорожных карт на {_day(ON)}:", *shown, f"  и просрочено без подтверждения: {missed}"]


def where_to_click(settings: Settings, municipality: dict[str, Any]) -> list[str]:
    """How the same story is followed in a browser."""
    portal = settings.url("portal")
    return [
        f"Портал: {portal}/",
        "  1. «Войти» → демонстрационный пользователь министерства.",
        f"  2. Ситуационный центр: плитка «{municipality['name']}» изменила уровень, событие — в ленте.",
        f"  3. {portal}/municipalities/{municipality['id']} — что изменилось, почему, что делать, сроки.",
        f"  4. {portal}/inbox — уведомление с рекомендацией.",
    ]


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}.{month}.{year}"
