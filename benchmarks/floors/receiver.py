"""A receiver of webhooks that does nothing but count: the same for us and for the bare loop beside us."""

import json
import time

from starlette.types import Receive, Scope, Send

SEEN = {"count": 0, "first": 0.0, "last": 0.0}


async def receiver(scope: Scope, receive: Receive, send: Send) -> None:
    """POST: 204, counted; GET: how many there were, and when the first and the last came (the machine's clock)."""
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    asked, body = scope["method"] == "GET", b""
    if asked:
        body = json.dumps(SEEN).encode()
    else:
        SEEN["last"] = time.monotonic()
        SEEN["first"] = SEEN["first"] or SEEN["last"]
        SEEN["count"] += 1
    headers = [(b"content-length", str(len(body)).encode())] if asked else []
    await send({"type": "http.response.start", "status": 200 if asked else 204, "headers": headers})
    await send({"type": "http.response.body", "body": body})
