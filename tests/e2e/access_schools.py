"""Who may ask about schools: the region's staff about all, a municipality and a school about their own."""

from tests.e2e.access_rows import MUNICIPALITIES, SCHOOLS, STAFF, Row, each

ASKING = (*STAFF, *MUNICIPALITIES, *SCHOOLS)
SOME_YAML = {"content": b"id: other", "headers": {"Content-Type": "application/yaml"}}

ABOUT_SCHOOLS = (
    Row("scoring", "GET /v1/schools/low-results", each(200, ASKING), path="/v1/schools/low-results?period=2022"),
    Row("scoring", "GET /v1/schools/strong", each(200, ASKING), path="/v1/schools/strong?period=2022"),
    Row("scoring", "GET /v1/schools/results", each(200, ASKING), path="/v1/schools/results?period=2022"),
    Row("scoring", "GET /v1/schools/bias-signs", each(200, ASKING), path="/v1/schools/bias-signs?period=2022"),
    Row(
        "scoring",
        "GET /v1/clusters",
        each(200, ASKING),
        path="/v1/clusters?period=2022&of=municipalities",
        note="of municipalities",
    ),
    Row(
        "scoring",
        "GET /v1/schools/{school}/risk-profile",
        each(404, ASKING),
        path="/v1/schools/nothing/risk-profile",
    ),
    Row("scoring", "GET /v1/school-thresholds", each(200, ASKING)),
    Row("portal", "GET /schools", each(200, ASKING), path="/schools?period=2022"),
    Row("portal", "GET /schools/{school}", each(404, ASKING), path="/schools/nothing"),
    Row("scoring", "GET /v1/school-thresholds/{thresholds}", each(404, ASKING), path="/v1/school-thresholds/nothing"),
    Row(
        "scoring", "PUT /v1/school-thresholds/{thresholds}", each(422, STAFF), SOME_YAML, "/v1/school-thresholds/other"
    ),
)
