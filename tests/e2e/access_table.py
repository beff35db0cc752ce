"""Who may do what, endpoint by endpoint, written from the roles of the domain and not from the policy file.

A row says the status that each actor gets. `EVERYBODY` and the like are short for several actors; who is not named gets
401 without a token and 403 with one. Requests are made so that nothing changes: what is allowed to pass the door meets
an empty body (422), an unknown thing (404), a result that exists (409) or a stale revision (412).
"""

from deploy.local import STORED
from tests.e2e.access_analytics import ANALYTICS
from tests.e2e.access_community import COMMUNITY
from tests.e2e.access_editions import EDITIONS
from tests.e2e.access_inbox import INBOX, NOTIFICATION
from tests.e2e.access_results import MONITORING, SEE_RESULT, SEE_SCHOOL
from tests.e2e.access_roadmaps import ROADMAPS
from tests.e2e.access_rows import (
    EVERYBODY,
    MUNICIPALITIES,
    NOTHING,
    READERS,
    SCHOOLS,
    SIGNED_IN,
    STAFF,
    SYSTEMS,
    Row,
    each,
)
from tests.e2e.access_schools import ABOUT_SCHOOLS
from tests.e2e.access_scores import APPLICABILITY, SCALES, SCORE_DETAILS, SCORE_PAGES
from tests.e2e.access_webhooks import WEBHOOKS
from tests.e2e.people import OWN, SCHOOL

SOME_YAML = {"content": b"id: other", "headers": {"Content-Type": "application/yaml"}}

REGISTRY = (
    Row("registry", "GET /v1/municipalities", each(200, EVERYBODY)),
    Row("registry", "GET /v1/municipalities/{municipality}", each(200, EVERYBODY), path=f"/v1/municipalities/{OWN}"),
    Row("registry", "POST /v1/municipalities/import", each(422, STAFF), NOTHING),
    Row("registry", "GET /v1/organizations", each(200, SIGNED_IN)),
    Row("registry", "GET /v1/organizations/{organization}", each(200, SIGNED_IN), path=f"/v1/organizations/{SCHOOL}"),
    Row("registry", "POST /v1/organizations/import", each(422, STAFF), NOTHING),
)
SCORES = each(200, READERS)
SCORING = (
    Row("scoring", "GET /v1/ratings/{period}", each(200, EVERYBODY), path="/v1/ratings/2022", note="published"),
    Row(
        "scoring",
        "GET /v1/ratings/{period}",
        each(200, STAFF, MUNICIPALITIES, SYSTEMS),
        path="/v1/ratings/2020",
        note="not published",
    ),
    Row("scoring", "GET /v1/periods", each(200, EVERYBODY)),
    Row("scoring", "GET /v1/trends", each(200, EVERYBODY), path="/v1/trends?until=2022", note="published"),
    Row(
        "scoring",
        "GET /v1/trends",
        each(200, STAFF, MUNICIPALITIES, SYSTEMS),
        path="/v1/trends?until=2020",
        note="not published",
    ),
    Row(
        "scoring",
        "GET /v1/periods/{period}/publication",
        each(404, "ministry"),
        path="/v1/periods/1999/publication",
    ),
    Row(
        "scoring",
        "PUT /v1/periods/{period}/publication",
        each(422, "ministry"),
        NOTHING,
        "/v1/periods/2022/publication",
    ),
    Row("scoring", "GET /v1/scores/{municipality}", SCORES, path=f"/v1/scores/{OWN}"),
    *SCORE_DETAILS,
    *SCALES,
    *APPLICABILITY,
    Row("scoring", "GET /v1/scores/{municipality}/history", SCORES, path=f"/v1/scores/{OWN}/history"),
    Row(
        "scoring",
        "POST /v1/scores/{municipality}/what-if",
        each(200, STAFF, "own municipality"),
        {"json": {"period": "2022", "values": {"vpr": {"i1": 2}}}},
        f"/v1/scores/{OWN}/what-if",
    ),
    Row("scoring", "GET /v1/methodologies", each(200, EVERYBODY)),
    Row(
        "scoring",
        "GET /v1/methodologies/{methodology}",
        each(200, EVERYBODY),
        path="/v1/methodologies/complex-analytics-2022",
    ),
    Row(
        "scoring",
        "GET /v1/methodologies/{methodology}/check",
        each(200, EVERYBODY),
        path="/v1/methodologies/complex-analytics-2022/check",
    ),
    Row("scoring", "PUT /v1/methodologies/{methodology}", each(422, "ministry"), SOME_YAML, "/v1/methodologies/other"),
    Row("scoring", "POST /v1/operations/verify", each(200, STAFF)),
    Row("scoring", "POST /v1/operations/rebuild", each(200, STAFF)),
)
LETTER = "of|nobody|0|0"
PORTAL = (
    Row("portal", "GET /", each(200, EVERYBODY)),
    Row("portal", "GET /robots.txt", each(200, EVERYBODY)),
    Row("portal", "GET /.well-known/security.txt", each(404, EVERYBODY), note="nobody is named here"),
    Row("portal", "GET /recommendations", each(200, STAFF, MUNICIPALITIES)),
    Row(
        "portal",
        "GET /recommendations/{recommendation}",
        each(404, STAFF, MUNICIPALITIES),
        path="/recommendations/nothing",
    ),
    Row(
        "portal",
        "POST /recommendations/{recommendation}/{act}",
        each(404, STAFF, MUNICIPALITIES),
        NOTHING,
        "/recommendations/nothing/issue",
    ),
    Row("portal", "GET /rating.csv", each(200, EVERYBODY), path="/rating.csv?period=2022"),
    Row("portal", "GET /rating-excel.csv", each(200, EVERYBODY), path="/rating-excel.csv?period=2022"),
    Row("portal", "GET /trend", each(200, EVERYBODY)),
    Row("portal", "GET /trend.csv", each(200, EVERYBODY), path="/trend.csv?until=2022"),
    Row(
        "portal",
        "GET /municipalities/{municipality}/trend",
        each(200, EVERYBODY),
        path=f"/municipalities/{OWN}/trend",
        note="published",
    ),
    Row(
        "portal",
        "GET /municipalities/{municipality}/trend",
        each(200, STAFF, MUNICIPALITIES, SYSTEMS),
        path=f"/municipalities/{OWN}/trend?until=2020",
        note="not published",
    ),
    Row(
        "portal",
        "GET /municipalities/{municipality}/trend.csv",
        each(200, EVERYBODY),
        path=f"/municipalities/{OWN}/trend.csv?until=2022",
    ),
    Row("portal", "GET /stream", each(200, INBOX)),
    Row("portal", "GET /municipalities/{municipality}", each(200, EVERYBODY), path=f"/municipalities/{OWN}"),
    Row(
        "portal",
        "GET /municipalities/{municipality}/calendar.ics",
        each(200, EVERYBODY),
        path=f"/municipalities/{OWN}/calendar.ics",
    ),
    *SCORE_PAGES,
    Row("portal", "GET /login", each(303, EVERYBODY)),
    Row("portal", "GET /login/callback", each(400, EVERYBODY)),
    Row("portal", "GET /logout", each(200, EVERYBODY)),
    Row("portal", "POST /logout", each(303, EVERYBODY)),
    Row(
        "portal",
        "GET /municipalities/{municipality}/what-if",
        each(200, STAFF, "own municipality"),
        path=f"/municipalities/{OWN}/what-if",
    ),
    Row("portal", "GET /results", each(200, STAFF, MUNICIPALITIES, SCHOOLS, SYSTEMS)),
    Row("portal", "GET /results/new", each(200, STAFF, MUNICIPALITIES, SCHOOLS, SYSTEMS)),
    Row("portal", "POST /results/new", each(422, STAFF, MUNICIPALITIES, SCHOOLS, SYSTEMS), NOTHING),
    Row("portal", "GET /results/{result}", SEE_RESULT, path="/results/{of own}", note="of the municipality"),
    Row("portal", "GET /results/{result}", SEE_SCHOOL, path="/results/{of school}", note="of the school"),
    *(
        row
        for act in ("correction", "withdrawal")
        for row in (
            Row("portal", f"GET /results/{{result}}/{act}", SEE_RESULT, path=f"/results/{{of own}}/{act}"),
            Row(
                "portal",
                f"POST /results/{{result}}/{act}",
                each(412, STAFF, "own municipality", SYSTEMS) | each(404, "foreign municipality", SCHOOLS),
                NOTHING,
                f"/results/{{of own}}/{act}",
            ),
        )
    ),
    Row("portal", "GET /inbox", each(200, INBOX)),
    Row("portal", "POST /inbox/read", each(303, INBOX), NOTHING),
    Row("portal", "POST /inbox/{item}/read", each(303, INBOX), NOTHING, "/inbox/{item}/read"),
    Row("portal", "GET /operations", each(200, STAFF)),
    Row("portal", "GET /operations/{service}/letters", each(200, STAFF), path="/operations/scoring/letters"),
    Row("portal", "GET /operations/{service}/journal", each(200, STAFF), path="/operations/roadmap/journal"),
    Row(
        "portal",
        "GET /operations/{service}/letters/{letter}",
        each(404, STAFF),
        path=f"/operations/scoring/letters/{LETTER}",
    ),
    Row(
        "portal",
        "POST /operations/{service}/redrive/{letter}",
        each(404, STAFF),
        NOTHING,
        f"/operations/scoring/redrive/{LETTER}",
    ),
    Row(
        "portal",
        "POST /operations/{service}/discard/{letter}",
        each(404, STAFF),
        NOTHING,
        f"/operations/scoring/discard/{LETTER}",
    ),
)


def _operations(service: str) -> tuple[Row, ...]:
    doors = "/v1/operations"
    return (
        Row(service, f"GET {doors}/outbox", each(200, STAFF)),
        Row(service, f"GET {doors}/dead-letters", each(200, STAFF)),
        Row(service, f"GET {doors}/journal", each(200, STAFF)),
        Row(service, f"GET {doors}/dead-letters/{{letter}}", each(404, STAFF), path=f"{doors}/dead-letters/{LETTER}"),
        Row(service, f"POST {doors}/redrive/{{letter}}", each(404, STAFF), NOTHING, f"{doors}/redrive/{LETTER}"),
        Row(service, f"POST {doors}/discard/{{letter}}", each(422, STAFF), NOTHING, f"{doors}/discard/{LETTER}"),
    )


ROWS: tuple[Row, ...] = (
    *REGISTRY,
    *MONITORING,
    *SCORING,
    *COMMUNITY,
    *ANALYTICS,
    *EDITIONS,
    *NOTIFICATION,
    *WEBHOOKS,
    *ABOUT_SCHOOLS,
    *ROADMAPS,
    *PORTAL,
    *(row for service in STORED for row in _operations(service)),
)
# Open to everybody who reaches the port, also without a token: probes, figures, descriptions of the API.
OPEN = ("/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/asyncapi.json", "/asyncapi")
MOUNTED = {"docs-static", "static"}
