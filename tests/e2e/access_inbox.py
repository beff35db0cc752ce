"""Who may do what with the inbox and the live stream: the region's staff all, municipalities their own."""

from tests.e2e.access_rows import MUNICIPALITIES, NOTHING, STAFF, Row, each
from tests.e2e.people import OWN

INBOX = (*STAFF, *MUNICIPALITIES)
ITEM = each(200, STAFF, "own municipality") | each(404, "foreign municipality")
NOTIFICATION = (
    Row("notification", "GET /v1/inbox", each(200, INBOX)),
    Row(
        "notification",
        "GET /v1/inbox",
        each(200, STAFF, "own municipality"),
        path=f"/v1/inbox?municipality={OWN}",
        note="of the own municipality",
    ),
    Row("notification", "POST /v1/inbox/read", each(422, INBOX), NOTHING),
    Row("notification", "POST /v1/inbox/{id}/read", ITEM, path="/v1/inbox/{item}/read"),
    Row("notification", "DELETE /v1/inbox/{id}/read", ITEM, path="/v1/inbox/{item}/read"),
    Row("notification", "GET /v1/stream", each(200, INBOX)),
    Row(
        "notification",
        "GET /v1/stream",
        each(200, STAFF, "own municipality"),
        path=f"/v1/stream?municipality={OWN}",
        note="of the own municipality",
    ),
)
