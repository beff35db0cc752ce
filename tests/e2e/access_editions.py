"""The rows of publication in the table of access: editions, objections, files; none of them changes anything."""

from tests.e2e.access_rows import EVERYBODY, MUNICIPALITIES, NOTHING, STAFF, Row, each

NO = "/v1/editions/2020-9"
ANSWER = {"json": {"decision": "declined", "reason": "проверка"}}
OBJECTION = {"json": {"group": "overall", "text": "проверка", "evidence": "проверка"}}
STALE = {"If-Match": '"999"'}
PAGES = (
    Row("portal", "GET /editions", each(200, EVERYBODY)),
    Row("portal", "POST /editions", each(422, STAFF), NOTHING),
    Row("portal", "GET /editions/{edition}", each(404, EVERYBODY), path="/editions/2020-9"),
    Row(
        "portal",
        "GET /editions/{edition}/files/{name}",
        each(404, EVERYBODY),
        path="/editions/2020-9/files/rating.pdf",
    ),
    Row("portal", "POST /editions/{edition}/{act}", each(404, STAFF), NOTHING, "/editions/2020-9/freeze"),
    Row(
        "portal",
        "POST /editions/{edition}/objections",
        each(404, MUNICIPALITIES),
        NOTHING,
        "/editions/2020-9/objections",
    ),
    Row(
        "portal",
        "POST /editions/{edition}/objections/{objection}/answer",
        each(404, STAFF),
        NOTHING,
        "/editions/2020-9/objections/2020-9-1/answer",
    ),
)
EDITIONS = (
    *PAGES,
    Row("scoring", "GET /v1/editions", each(200, EVERYBODY)),
    Row("scoring", "GET /v1/signing-keys", each(200, EVERYBODY)),
    Row("scoring", "POST /v1/editions", each(422, STAFF), NOTHING),
    Row("scoring", "GET /v1/editions/{edition}", each(404, EVERYBODY), path=NO),
    *(
        Row("scoring", f"GET /v1/editions/{{edition}}/{part}", each(404, EVERYBODY), path=f"{NO}/{part}")
        for part in ("content", "passport", "manifest")
    ),
    Row("scoring", "GET /v1/editions/{edition}/changes", each(404, STAFF), path=f"{NO}/changes"),
    Row(
        "scoring",
        "POST /v1/editions/{edition}/freeze",
        each(404, "ministry"),
        {"headers": STALE},
        f"{NO}/freeze",
    ),
    Row(
        "scoring",
        "POST /v1/editions/{edition}/publish",
        each(404, "ministry"),
        {"json": {"act": {"number": "1", "date": "2023-01-01"}}, "headers": STALE},
        f"{NO}/publish",
    ),
    Row(
        "scoring",
        "POST /v1/editions/{edition}/withdraw",
        each(404, STAFF),
        {"json": {"reason": "проверка"}, "headers": STALE},
        f"{NO}/withdraw",
    ),
    Row("scoring", "POST /v1/editions/{edition}/reproduce", each(404, STAFF), path=f"{NO}/reproduce"),
    Row(
        "scoring",
        "GET /v1/editions/{edition}/objections",
        each(404, STAFF, MUNICIPALITIES),
        path=f"{NO}/objections",
    ),
    Row(
        "scoring",
        "POST /v1/editions/{edition}/objections",
        each(404, MUNICIPALITIES),
        OBJECTION,
        f"{NO}/objections",
    ),
    Row(
        "scoring",
        "POST /v1/editions/{edition}/objections/{objection}/answer",
        each(404, STAFF),
        ANSWER,
        f"{NO}/objections/2020-9-1/answer",
    ),
)
