"""The period that a page begins with where its address names none."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from services.portal.clients import Answer
from services.portal.page import Visitor, trouble_page
from shared.kernel import NotFound


async def latest_year(visitor: Visitor) -> str:
    """The year of the period that pages begin with, else last year."""
    found = begun_with(await visitor.get("scoring", "/v1/periods"))
    return found.rpartition("-")[2] or str(visitor.portal.clock().year - 1)


def begun_with(periods: Answer) -> str:
    """The latest period in which at least half of the municipalities have a score, else the latest; empty without any.

    A new year begins with one result: that shall not turn every page to it.
    """
    ordered = sorted(periods.items, key=sparse)
    return str(ordered[0]["period"]) if ordered else ""


def sparse(period: Mapping[str, Any]) -> bool:
    """Whether most municipalities have no score yet; of an edition that is not asked: it was published so."""
    scored, known = period.get("scored"), period.get("municipalities")
    return scored is not None and known is not None and 2 * scored < known


def none_open() -> NotFound:
    """There is no period whose rating this visitor may see."""
    return NotFound("period-not-found", "Показать нечего", "Ни за один период нет рейтинга, который вам открыт.")


def without_period(visitor: Visitor, periods: Answer) -> Response:
    """The page where no period can be shown: why scoring did not name them, or that none is open."""
    if not periods.ok:
        return trouble_page(visitor, periods)
    raise none_open()
