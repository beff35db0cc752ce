"""The year that a page begins with where its address names none."""

from services.portal.page import Visitor


async def latest_year(visitor: Visitor) -> str:
    """The latest that there is a rating of, else last year."""
    answer = await visitor.get("scoring", "/v1/periods")
    years = [one["period"].rpartition("-")[2] for one in answer.items] if answer.ok else []
    return max(years, default=str(visitor.portal.clock().year - 1))
