"""A file to take along: the CSV of another service by its own name, or one made here."""

from fastapi import Response

from services.portal.clients import Answer
from services.portal.page import Visitor, trouble_page

CSV = "text/csv"
WANTED = {"Accept": CSV}
KEPT = ("content-disposition", "etag")


def table_response(visitor: Visitor, found: Answer) -> Response:
    """The table as it was answered, or the page of why there is none."""
    return file_response(found, CSV) if found.ok else trouble_page(visitor, found)


def file_response(found: Answer, media_type: str) -> Response:
    """A file as another service made it, by the name that it has there."""
    kept = {name: found.headers[name] for name in KEPT if name in found.headers}
    return Response(found.body, media_type=media_type, headers=kept | {"Cache-Control": "private, no-cache"})


def attached(name: str, way: str = "attachment") -> dict[str, str]:
    """The headers of a file that is made for this reader alone."""
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-._"))
    return {"Content-Disposition": f'{way}; filename="{plain}"', "Cache-Control": "private, no-cache"}
