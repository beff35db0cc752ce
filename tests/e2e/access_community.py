"""Who may do what with the expert community: items are the municipality's own business, counts are compared."""

from tests.e2e.access_rows import MUNICIPALITIES, NOTHING, STAFF, Row, each
from tests.e2e.people import OWN

AT = f"/v1/expert-community/{OWN}"
SEE = each(200, STAFF, "own municipality")
NO_ITEM = each(404, STAFF, "own municipality")
STATEMENT = {
    "json": {"kind": "none", "of": "material", "year": 2022, "on": "2022-12-30", "source": "справка"},
    # A revision of an item that is not there: what passes the door is stale.
    "headers": {"If-Match": '"1"'},
}
WITHDRAWN = {"json": {"reason": "проверка"}, "headers": {"If-Match": '"1"'}}
PAGE, PLACE = "/municipalities/{municipality}/community", f"/municipalities/{OWN}/community"
ITEM = "/v1/expert-community/{municipality}/items/{item}"

COMMUNITY = (
    Row(
        "scoring",
        "GET /v1/expert-community",
        each(200, STAFF, MUNICIPALITIES),
        path="/v1/expert-community?year=2022",
    ),
    Row("scoring", "GET /v1/expert-community/{municipality}", SEE, path=f"{AT}?year=2022"),
    Row("scoring", "GET /v1/expert-community/{municipality}/items", SEE, path=f"{AT}/items?year=2022"),
    Row("scoring", f"GET {ITEM}", NO_ITEM, path=f"{AT}/items/nothing"),
    Row("scoring", f"PUT {ITEM}", each(412, "operator", "own municipality"), STATEMENT, f"{AT}/items/nothing"),
    Row(
        "scoring",
        f"PUT {ITEM}",
        each(422, "operator", MUNICIPALITIES),
        NOTHING,
        f"{AT}/items/nothing",
        note="without a body",
    ),
    Row(
        "scoring",
        f"POST {ITEM}/withdrawal",
        each(404, "operator", "own municipality"),
        WITHDRAWN,
        f"{AT}/items/nothing/withdrawal",
    ),
    Row("portal", "GET /community", each(200, STAFF, MUNICIPALITIES), path="/community?year=2022"),
    Row("portal", "GET /community.csv", each(200, STAFF, MUNICIPALITIES), path="/community.csv?year=2022"),
    Row("portal", f"GET {PAGE}", SEE, path=f"{PLACE}?year=2022"),
    Row("portal", f"GET {PAGE}.csv", SEE, path=f"{PLACE}.csv?year=2022"),
)
