"""Pages that cannot be without a service that does not answer: what was typed stays, to be sent again."""

from fastapi import Response
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.forms import fields_of
from services.portal.page import Visitor, page, trouble_page


def away(visitor: Visitor, answer: Answer, *, title: str, typed: FormData | None = None) -> Response:
    """The page of a service that does not answer; what was `typed` can be sent again from it as it is."""
    fields = fields_of(typed) if typed else []
    headers = {"Cache-Control": "no-store"}
    return page(
        visitor, "away.html", status=answer.page_status, headers=headers, title=title, answer=answer, typed=fields
    )


def not_shown(visitor: Visitor, answer: Answer, *, title: str, typed: FormData | None) -> Response:
    """The page where there is nothing to show; a form stays, unless what it is about is not there for this reader."""
    if not typed or answer.missing or answer.barred:
        return trouble_page(visitor, answer)
    return away(visitor, answer, title=title, typed=typed)
