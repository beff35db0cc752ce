"""Files for browsers, which keep them for a day where the address changes with the content."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

KEPT, ASKED_AGAIN = "public, max-age=86400", "no-cache"
_VERSIONED = re.compile(r"[^/]*-[0-9]+(\.[0-9]+)+/")


def stamps_of(folder: Path) -> dict[str, str]:
    """What the address of each file under a folder ends with, by its path there; another content, another stamp."""
    files = [one for one in folder.rglob("*") if one.is_file()]
    return {one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()[:8] for one in files}


class KeptFiles(StaticFiles):
    """A folder of such files: in a folder named by a version, or asked for by their stamp.

    While versions stand side by side a page of one asks another for its files: what it gives instead, under a stamp of
    other content, must not be kept as that.
    """

    def __init__(self, folder: Path, stamps: Mapping[str, str] | None = None) -> None:
        super().__init__(directory=folder)
        self._stamps = stamps or {}

    def file_response(self, full_path: Any, stat_result: Any, scope: Scope, status_code: int = 200) -> Response:
        """One of them, to be kept if its address says of which content it is."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["Cache-Control"] = KEPT if self._named(scope) else ASKED_AGAIN
        return answer

    def _named(self, scope: Scope) -> bool:
        path, query = Path(self.get_path(scope)).as_posix(), scope["query_string"].decode("latin-1")
        return query == self._stamps.get(path) if query else _VERSIONED.search(path) is not None
