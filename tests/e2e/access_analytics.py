"""Who may do what with analytics documents: staff write, the signed-in read what is finished, nobody else anything."""

from tests.e2e.access_rows import NOTHING, READERS, STAFF, Row, each

DOCUMENTS = "/v1/analytics-documents"
DOCUMENT = f"{DOCUMENTS}/{{document}}"
NONE = f"{DOCUMENTS}/none"
TEXT = {"json": {"text": [{"paragraph": "проверка"}]}, "headers": {"If-Match": '"1"'}}

PAGE = "/analytics/{document}"
NOWHERE = "/analytics/none"

PAGES = (
    Row("portal", "GET /analytics", each(200, READERS)),
    Row("portal", "POST /analytics", each(422, STAFF), NOTHING),
    Row("portal", f"GET {PAGE}", each(404, READERS), path=NOWHERE),
    Row(
        "portal",
        f"POST {PAGE}/sections/{{section}}",
        each(404, STAFF),
        NOTHING,
        f"{NOWHERE}/sections/conclusions",
    ),
    Row("portal", f"POST {PAGE}/finish", each(404, STAFF), NOTHING, f"{NOWHERE}/finish"),
    Row("portal", f"GET {PAGE}/document.{{ending}}", each(404, READERS), path=f"{NOWHERE}/document.pdf"),
)
ANALYTICS = (
    *PAGES,
    Row("scoring", f"GET {DOCUMENTS}", each(200, READERS)),
    Row("scoring", f"POST {DOCUMENTS}", each(422, STAFF), NOTHING),
    Row("scoring", f"GET {DOCUMENT}", each(404, READERS), path=NONE),
    Row("scoring", f"PUT {DOCUMENT}/sections/{{section}}", each(404, STAFF), TEXT, f"{NONE}/sections/conclusions"),
    Row("scoring", f"POST {DOCUMENT}/finish", each(404, STAFF), {"headers": {"If-Match": '"1"'}}, f"{NONE}/finish"),
    *(
        Row("scoring", f"GET {DOCUMENT}/document.{ending}", each(404, READERS), path=f"{NONE}/document.{ending}")
        for ending in ("json", "docx", "pdf")
    ),
)
