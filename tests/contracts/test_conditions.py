"""Nothing stored is changed by who has not read it: every door that writes takes If-Match, or is named here and why."""

import json
from pathlib import Path

import pytest

from deploy.local import STORED

KEPT = Path(__file__).parent / "openapi"
# The portal's forms are no doors of others: they carry what was shown, and the services ask them for If-Match.
NEW = "makes something new; a repeat is known by its Idempotency-Key"
ROWS = "each row that changes something names the revision that was read"
FACT = "says what was so at the source; which of two holds, their own times decide"
ONCE = "happens once: a second time it says so and changes nothing"
NOTHING = "changes nothing that is stored"
MARK = "one person's marks; setting one twice, or in another order, is the same"
WITHOUT: dict[str, dict[str, str]] = {
    "registry": {"POST /v1/municipalities/import": ROWS, "POST /v1/organizations/import": ROWS},
    "monitoring": {"POST /v1/events": FACT, "POST /v1/results": NEW, "POST /v1/results/batch": FACT},
    "scoring": {
        "POST /v1/analytics-documents": NEW,
        "POST /v1/applicability": NEW,
        "POST /v1/editions": NEW,
        "POST /v1/editions/{edition}/objections": NEW,
        "POST /v1/editions/{edition}/objections/{objection}/answer": ONCE,
        "POST /v1/editions/{edition}/reproduce": NOTHING,
        "POST /v1/operations/rebuild": "makes what is derived again from the facts",
        "POST /v1/operations/verify": NOTHING,
        "POST /v1/scores/{municipality}/what-if": NOTHING,
        "PUT /v1/methodologies/{methodology}": "is stored once and never changed (methodology-in-use)",
    },
    "notification": {
        "POST /v1/inbox/read": MARK,
        "POST /v1/inbox/{id}/read": MARK,
        "DELETE /v1/inbox/{id}/read": MARK,
        "POST /v1/webhooks": NEW,
        "POST /v1/webhooks/{webhook}/replay": "adds deliveries, the webhook stays as it is",
        "POST /v1/webhooks/{webhook}/test": NOTHING,
    },
}
OF_ALL = {"POST /v1/operations/discard/{letter}": ONCE, "POST /v1/operations/redrive/{letter}": ONCE}


@pytest.mark.parametrize("service", STORED)
def test_every_door_that_changes_what_is_stored_takes_the_revision_that_was_read(service: str):
    kept = json.loads((KEPT / f"{service}.json").read_text(encoding="utf-8"))["operations"]
    writing = {name: one["parameters"] for name, one in kept.items() if not name.startswith("GET ")}
    free = {
        name for name, parameters in writing.items() if not {"header if-match", "header if-match *"} & parameters.keys()
    }
    named = WITHOUT.get(service, {}).keys() | OF_ALL.keys()
    assert free - named == set(), (
        f"give {service} a Condition or an ExpectedRevision (shared/web/conditions.py), or say in WITHOUT why not"
    )
    assert named - free == set(), f"{service} has no such door any more, or it takes If-Match now"


@pytest.mark.parametrize("service", STORED)
def test_what_is_put_can_be_made_new_by_a_standard_condition(service: str):
    kept = json.loads((KEPT / f"{service}.json").read_text(encoding="utf-8"))["operations"]
    creating = {
        name: one for name, one in kept.items() if name.startswith("PUT ") and name not in WITHOUT.get(service, {})
    }
    inside = {"PUT /v1/analytics-documents/{document}/sections/{section}"}  # a part of what is there
    lacking = {name for name, one in creating.items() if "header if-none-match" not in one["parameters"]}
    assert lacking == inside & creating.keys()
