"""A whole list of a service, page by page, as far as a page of the portal can wait for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.portal.clients import Answer
from services.portal.page import Visitor

EVERY = 200
MOST_PAGES = 10


async def every(visitor: Visitor, service: str, path: str, params: Mapping[str, Any]) -> Answer:
    """All items as one answer; `next` is there where they are more than so many pages hold.

    The answer that did not come, where one of the pages did not: a piece is not shown for the whole.
    """
    asked = {**params, "limit": EVERY}
    answer = await visitor.get(service, path, params=asked)
    items = answer.items
    for _ in range(MOST_PAGES - 1):
        if not answer.ok or not answer.body["next"]:
            break
        answer = await visitor.get(service, path, params=asked | {"cursor": answer.body["next"]})
        items = [*items, *answer.items]
    return replace(answer, body={**answer.body, "items": items}) if answer.ok else answer
