"""The portal's own files: styles, scripts, fonts; kept by browsers under an address that changes with them."""

from typing import Any

from fastapi import APIRouter, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from services.portal.page import HERE

router = APIRouter()


class _Kept(StaticFiles):
    def file_response(self, *given: Any, **named: Any) -> Response:
        answer = super().file_response(*given, **named)
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer


router.routes.append(Mount("/static", _Kept(directory=HERE / "static"), name="static"))
