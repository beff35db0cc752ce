"""Who may do what with road maps: everybody reads the maps, people write about their own side of them."""

from tests.e2e.access_rows import EVERYBODY, MUNICIPALITIES, NOTHING, STAFF, Row, each
from tests.e2e.people import OWN

READERS_OF_ADVICE = (*STAFF, *MUNICIPALITIES)
UNKNOWN = "/v1/recommendations/none"
ACTIVITY = "/v1/activities/region-2022:4"
STALE = {"If-Match": '"999"'}
DONE = {"json": {"text": "сделано", "municipality": OWN}, "headers": STALE}
PAGE = "/activities/region-2022:4"
UNREAD = {"data": {"revision": "999", "text": "сделано", "done_on": "2022-11-01", "reason": "нет"}}
NOT_THERE, ADDRESSED = each(404, READERS_OF_ADVICE), each(404, MUNICIPALITIES)

ROADMAPS = (
    Row("roadmap", "GET /v1/roadmaps", each(200, EVERYBODY)),
    Row("roadmap", "GET /v1/roadmaps/{roadmap}", each(200, EVERYBODY), path="/v1/roadmaps/region-2022"),
    Row("roadmap", "PUT /v1/roadmaps/{roadmap}", each(422, STAFF), NOTHING, "/v1/roadmaps/other"),
    Row("roadmap", "GET /v1/activities", each(200, EVERYBODY)),
    Row(
        "roadmap",
        "GET /v1/activities",
        each(200, EVERYBODY),
        path=f"/v1/activities?municipality={OWN}&on=2022-11-01&due_before=2022-12-31",
        note="of the own municipality",
    ),
    Row("roadmap", "GET /v1/activities/{activity}", each(200, EVERYBODY), path=ACTIVITY),
    Row(
        "roadmap",
        "POST /v1/activities/{activity}/evidence",
        each(412, STAFF, "own municipality"),
        DONE,
        f"{ACTIVITY}/evidence",
        note="for the own municipality",
    ),
    Row(
        "roadmap",
        "POST /v1/activities/{activity}/evidence/{number}/withdraw",
        each(412, STAFF),
        {"json": {"reason": "не тот год", "municipality": OWN}, "headers": STALE},
        f"{ACTIVITY}/evidence/1/withdraw",
    ),
    Row(
        "roadmap",
        "POST /v1/activities/{activity}/decline",
        each(412, STAFF, "own municipality"),
        {"json": {"reason": "нет участников", "municipality": OWN}, "headers": STALE},
        f"{ACTIVITY}/decline",
        note="for the own municipality",
    ),
    Row("roadmap", "GET /v1/reports/execution", each(200, EVERYBODY)),
    Row("portal", "GET /activities", each(200, EVERYBODY)),
    Row("portal", "GET /activities/{activity}", each(200, EVERYBODY), path=PAGE),
    Row(
        "portal",
        "POST /activities/{activity}/evidence",
        each(412, STAFF, "own municipality"),
        UNREAD,
        f"{PAGE}/evidence?municipality={OWN}",
        note="for the own municipality",
    ),
    Row(
        "portal",
        "POST /activities/{activity}/evidence/{number}/withdraw",
        each(412, STAFF),
        UNREAD,
        f"{PAGE}/evidence/1/withdraw?municipality={OWN}",
    ),
    Row(
        "portal",
        "POST /activities/{activity}/decline",
        each(412, STAFF, "own municipality"),
        {"data": UNREAD["data"] | {"confirm": "1"}},
        f"{PAGE}/decline?municipality={OWN}",
        note="for the own municipality",
    ),
    Row("portal", "GET /execution", each(200, EVERYBODY)),
    Row("portal", "GET /execution.csv", each(200, EVERYBODY)),
    Row("roadmap", "GET /v1/questions", each(200, STAFF)),
    Row(
        "roadmap",
        "POST /v1/activities/{activity}/deadline",
        each(422, STAFF),
        {"json": {}, "headers": STALE},
        f"{ACTIVITY}/deadline",
    ),
    Row("roadmap", "GET /v1/recommendations", each(200, READERS_OF_ADVICE)),
    Row(
        "roadmap",
        "GET /v1/recommendations",
        each(200, STAFF, "own municipality"),
        path=f"/v1/recommendations?municipality={OWN}",
        note="of the own municipality",
    ),
    Row("roadmap", "GET /v1/recommendations/{recommendation}", NOT_THERE, path=UNKNOWN),
    Row(
        "roadmap",
        "POST /v1/recommendations/{recommendation}/issue",
        each(404, STAFF),
        {"json": {}, "headers": STALE},
        f"{UNKNOWN}/issue",
    ),
    Row(
        "roadmap",
        "POST /v1/recommendations/{recommendation}/discard",
        each(404, STAFF),
        {"json": {"reason": "уровень восстановлен"}, "headers": STALE},
        f"{UNKNOWN}/discard",
    ),
    Row(
        "roadmap",
        "POST /v1/recommendations/{recommendation}/consider",
        ADDRESSED,
        {"json": {"meeting": "Совет", "held_on": "2022-10-31"}, "headers": STALE},
        f"{UNKNOWN}/consider",
    ),
    Row(
        "roadmap",
        "POST /v1/recommendations/{recommendation}/accept",
        ADDRESSED,
        {"json": {}, "headers": STALE},
        f"{UNKNOWN}/accept",
    ),
    Row(
        "roadmap",
        "POST /v1/recommendations/{recommendation}/decline",
        ADDRESSED,
        {"json": {"reason": "нет"}, "headers": STALE},
        f"{UNKNOWN}/decline",
    ),
    Row("roadmap", "GET /v1/calendar.ics", each(200, EVERYBODY)),
)
