"""Who may submit, read and correct results, and describe procedures and sources."""

from tests.e2e.access_rows import EVERYBODY, MUNICIPALITIES, NOTHING, POWERLESS, SCHOOLS, STAFF, SYSTEMS, Row, each
from tests.e2e.people import OWN, SCHOOL, SOURCE

VALUES = {"i1": 0, "i2": 0, "i3": 0, "i4": 0}
ABOUT_OWN = {"procedure": "vpr", "subject": {"municipality": OWN}, "period": "2022", "values": VALUES, "source": SOURCE}
BY_HAND = {**ABOUT_OWN, "source": "portal"}
ABOUT_SCHOOL = {**ABOUT_OWN, "subject": {"organization": SCHOOL}, "period": "2021"}
SEE_RESULT = each(200, STAFF, "own municipality", SYSTEMS) | each(404, "foreign municipality", SCHOOLS)
SEE_SCHOOL = each(200, STAFF, "own municipality", "own school", SYSTEMS) | each(
    404, "foreign municipality", "foreign school"
)
STALE = {"json": {"values": VALUES, "reason": "проверка"}, "headers": {"If-Match": '"999"'}}
QUIET = {**STALE, "json": {"values": VALUES, "reason": "проверка", "notify": False}}
BATCH_TYPE = {"content": b"[]", "headers": {"Content-Type": "application/cloudevents-batch+json"}}

MONITORING = (
    Row("monitoring", "GET /v1/procedures", each(200, EVERYBODY)),
    Row("monitoring", "GET /v1/procedures/{key}", each(200, EVERYBODY), path="/v1/procedures/vpr"),
    Row("monitoring", "PUT /v1/procedures/{key}", each(422, STAFF), NOTHING, "/v1/procedures/vpr"),
    Row("monitoring", "GET /v1/sources", each(200, STAFF, MUNICIPALITIES, SCHOOLS)),
    Row("monitoring", "GET /v1/sources/{key}", each(200, STAFF, MUNICIPALITIES, SCHOOLS), path=f"/v1/sources/{SOURCE}"),
    Row("monitoring", "PUT /v1/sources/{key}", each(422, STAFF), NOTHING, f"/v1/sources/{SOURCE}"),
    Row(
        "monitoring",
        "POST /v1/results",
        each(409, STAFF, "own municipality", "own system"),
        {"json": ABOUT_OWN},
        note="of the own municipality, from a source of a system and of people",
    ),
    Row(
        "monitoring",
        "POST /v1/results",
        each(409, STAFF),
        {"json": {**ABOUT_OWN, "source": "complex-analytics-2022"}},
        note="of the own municipality, from a source that is not open to people",
    ),
    Row(
        "monitoring",
        "POST /v1/results",
        each(409, STAFF, "own municipality"),
        {"json": BY_HAND},
        note="of the own municipality, by hand",
    ),
    Row(
        "monitoring",
        "POST /v1/results",
        each(409, STAFF, "own municipality", "own school", "own system"),
        {"json": ABOUT_SCHOOL},
        note="of the own school, from a source of a system and of people",
    ),
    Row(
        "monitoring",
        "POST /v1/results",
        each(409, STAFF, "own municipality", "own school"),
        {"json": {**ABOUT_SCHOOL, "source": "portal"}},
        note="of the own school, by hand",
    ),
    Row("monitoring", "POST /v1/results/batch", each(422, STAFF, MUNICIPALITIES, SCHOOLS, SYSTEMS), NOTHING),
    Row("monitoring", "GET /v1/results", each(200, STAFF, MUNICIPALITIES, SCHOOLS, SYSTEMS)),
    Row("monitoring", "GET /v1/results/{result}", SEE_RESULT, path="/v1/results/{of own}", note="of the municipality"),
    Row("monitoring", "GET /v1/results/{result}", SEE_SCHOOL, path="/v1/results/{of school}", note="of the school"),
    Row("monitoring", "GET /v1/results/{result}/revisions", SEE_RESULT, path="/v1/results/{of own}/revisions"),
    Row(
        "monitoring",
        "POST /v1/results/{result}/revisions",
        each(412, STAFF, "own municipality", "own system") | each(404, "foreign municipality", SCHOOLS),
        STALE,
        "/v1/results/{of system}/revisions",
        note="of the municipality, by the system",
    ),
    Row(
        "monitoring",
        "POST /v1/results/{result}/revisions",
        each(412, STAFF, "own municipality", "own school", "own system")
        | each(404, "foreign municipality", "foreign school"),
        STALE,
        "/v1/results/{of school}/revisions",
        note="of the school",
    ),
    Row(
        "monitoring",
        "POST /v1/results/{result}/revisions",
        each(412, STAFF) | each(404, "foreign municipality", SCHOOLS),
        STALE,
        "/v1/results/{of own}/revisions",
        note="of the municipality, from a source that is not open to people",
    ),
    Row(
        "monitoring",
        "POST /v1/results/{result}/revisions",
        each(412, STAFF) | each(404, "foreign municipality", SCHOOLS),
        QUIET,
        "/v1/results/{of system}/revisions",
        note="of the municipality, quietly",
    ),
    Row("monitoring", "POST /v1/events", each(202, STAFF, SYSTEMS), BATCH_TYPE),
    Row("monitoring", "GET /v1/refusals", each(200, STAFF, SYSTEMS, POWERLESS)),
)
