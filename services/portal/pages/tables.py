"""A table to take along: the CSV of another service, with the name that it gives it."""

from fastapi import Response

from services.portal.clients import Answer
from services.portal.page import Visitor, trouble_page

CSV = "text/csv"
WANTED = {"Accept": CSV}
KEPT = ("content-disposition", "etag")


def table_response(visitor: Visitor, found: Answer) -> Response:
    """The table as it was answered, or the page of why there is none."""
    if not found.ok:
        return trouble_page(visitor, found)
    kept = {name: found.headers[name] for name in KEPT if name in found.headers}
    return Response(found.body, media_type=CSV, headers=kept | {"Cache-Control": "private, no-cache"})
