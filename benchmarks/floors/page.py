"""The floor of the rating page: bare FastAPI that returns the same bytes with the same headers.

The answer to give is the JSON file that RSOKO_BENCH_PAGE names: {"body": …, "headers": […], "short": […]}.
"""

import json
import os
from pathlib import Path

from fastapi import FastAPI, Request, Response


def create() -> FastAPI:
    """One route; nothing else is checked, counted or logged."""
    page = json.loads(Path(os.environ["RSOKO_BENCH_PAGE"]).read_text(encoding="utf-8"))
    body, headers, short = page["body"].encode(), dict(page["headers"]), dict(page["short"])
    etag = headers["etag"]
    app = FastAPI(openapi_url=None)

    @app.get("/v1/ratings/2022")
    async def read(request: Request) -> Response:
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=short)
        return Response(body, headers=headers)

    return app
