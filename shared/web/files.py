"""Files for browsers, which keep them for a day: their addresses change with them."""

from typing import Any

from fastapi import Response
from starlette.staticfiles import StaticFiles


class KeptFiles(StaticFiles):
    """A folder of such files."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        """One of them, to be kept."""
        answer = super().file_response(*given, **named)
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer
