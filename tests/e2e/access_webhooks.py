"""Who may do what with webhooks and their deliveries: the region's staff all, the others their own."""

from tests.e2e.access_rows import MUNICIPALITIES, NOTHING, STAFF, SYSTEMS, Row, each
from tests.e2e.people import OWN

HOLDERS = (*STAFF, *MUNICIPALITIES, *SYSTEMS)
NONE = "/v1/webhooks/none"
PAUSE = {"json": {"state": "paused"}, "headers": {"If-Match": '"1"'}}
# A port that no address may have: what passes the door is refused, and nothing is asked of a name server.
WRONG_PORT = {"json": {"url": "https://example.org:22/", "municipality": OWN}}

WEBHOOKS = (
    Row("notification", "GET /v1/webhooks", each(200, HOLDERS)),
    Row("notification", "POST /v1/webhooks", each(422, HOLDERS), NOTHING),
    Row(
        "notification",
        "POST /v1/webhooks",
        each(422, STAFF, "own municipality", SYSTEMS),
        WRONG_PORT,
        note="about the own municipality",
    ),
    Row("notification", "GET /v1/webhooks/{webhook}", each(404, HOLDERS), path=NONE),
    Row("notification", "PATCH /v1/webhooks/{webhook}", each(404, HOLDERS), PAUSE, NONE),
    Row("notification", "DELETE /v1/webhooks/{webhook}", each(404, HOLDERS), path=NONE),
    Row(
        "notification",
        "POST /v1/webhooks/{webhook}/rotate",
        each(404, HOLDERS),
        {"json": {"overlap_hours": 1}, "headers": {"If-Match": '"1"'}},
        f"{NONE}/rotate",
    ),
    Row("notification", "POST /v1/webhooks/{webhook}/test", each(404, HOLDERS), path=f"{NONE}/test"),
    Row(
        "notification",
        "POST /v1/webhooks/{webhook}/replay",
        each(404, HOLDERS),
        {"json": {"from": 1}},
        f"{NONE}/replay",
    ),
    Row("notification", "GET /v1/subscriptions", each(200, HOLDERS)),
    Row("notification", "GET /v1/deliveries", each(200, HOLDERS)),
    Row("notification", "GET /v1/deliveries", each(404, HOLDERS), path="/v1/deliveries?webhook=none", note="of none"),
)
