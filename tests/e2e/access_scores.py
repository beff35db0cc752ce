"""Who may see out of what a score is made, and compare scores: a municipality in detail only its own."""

from tests.e2e.access_rows import EVERYBODY, MUNICIPALITIES, NOTHING, READERS, STAFF, SYSTEMS, Row, each
from tests.e2e.people import FOREIGN, OWN

DETAILED = each(200, STAFF, "own municipality", SYSTEMS)
PDF = {"headers": {"Accept": "application/pdf"}}
PLANNERS = each(200, STAFF, "own municipality")
LIVE = each(200, STAFF, MUNICIPALITIES, SYSTEMS)
CLOSED = "not published"
SCORES = f"/v1/scores/{OWN}"
PAGES = f"/municipalities/{OWN}"
SCORE_DETAILS = (
    Row("scoring", "GET /v1/scores/{municipality}", LIVE, path=f"{SCORES}?period=2020", note=CLOSED),
    Row(
        "scoring",
        "GET /v1/scores/{municipality}/compare",
        LIVE,
        path=f"{SCORES}/compare?period=2022&with_period=2020",
        note=CLOSED,
    ),
    Row("scoring", "GET /v1/scores/{municipality}/explain", DETAILED, path=f"{SCORES}/explain"),
    Row("scoring", "GET /v1/scores/{municipality}/explain", DETAILED, PDF, f"{SCORES}/explain", note="as a paper"),
    Row(
        "scoring",
        "GET /v1/scores/{municipality}/compare",
        each(200, READERS),
        path=f"{SCORES}/compare?period=2022&with={FOREIGN}",
    ),
    Row("scoring", "GET /v1/scores/{municipality}/next-level", PLANNERS, path=f"{SCORES}/next-level?period=2022"),
)
SCALES = (
    Row("scoring", "GET /v1/scales/{period}", each(200, READERS), path="/v1/scales/2022"),
    Row("scoring", "GET /v1/scales/{period}", LIVE, path="/v1/scales/2020", note=CLOSED),
    Row("scoring", "GET /v1/scales/{period}/{number}", each(404, READERS), path="/v1/scales/2022/1"),
)
APPLICABILITY = (
    Row("scoring", "GET /v1/methodologies/schema.json", each(200, EVERYBODY)),
    Row("scoring", "GET /v1/applicability", each(200, EVERYBODY)),
    Row("scoring", "GET /v1/applicability/{act}", each(404, EVERYBODY), path="/v1/applicability/none"),
    Row("scoring", "POST /v1/applicability", each(422, STAFF), NOTHING),
    Row(
        "scoring",
        "POST /v1/applicability/{act}/withdrawal",
        each(404, STAFF),
        {"json": {"reason": "проверка"}, "headers": {"If-Match": '"1"'}},
        "/v1/applicability/none/withdrawal",
    ),
)
SCORE_PAGES = (
    Row("portal", "GET /municipalities/{municipality}", LIVE, path=f"{PAGES}?period=2020", note=CLOSED),
    Row("portal", "GET /municipalities/{municipality}/explain", DETAILED, path=f"{PAGES}/explain"),
    Row("portal", "GET /municipalities/{municipality}/explain.json", DETAILED, path=f"{PAGES}/explain.json"),
    Row("portal", "GET /municipalities/{municipality}/explain.pdf", DETAILED, path=f"{PAGES}/explain.pdf"),
    Row(
        "portal",
        "GET /municipalities/{municipality}/compare",
        each(200, READERS),
        path=f"{PAGES}/compare?period=2022&with={FOREIGN}",
    ),
    Row("portal", "GET /municipalities/{municipality}/next-level", PLANNERS, path=f"{PAGES}/next-level?period=2022"),
)
