"""What somebody may send or ask wrongly over HTTP, with the refusal that each must get."""

from typing import Any

from tests.e2e.access_results import ABOUT_OWN
from tests.e2e.people import OWN

RESULTS, BATCH, EVENTS = "/v1/results", "/v1/results/batch", "/v1/events"
BODY = {**ABOUT_OWN, "period": "2018"}
VALUES = BODY["values"]
JSON = {"Content-Type": "application/json"}
MIB10 = 10 * 1024 * 1024


def raw(content: bytes | str, **headers: str) -> dict[str, Any]:
    """A request with this very body."""
    return {"content": content.encode() if isinstance(content, str) else content, "headers": {**JSON, **headers}}


def with_values(text: str) -> dict[str, Any]:
    """A result whose first value is this very JSON text."""
    return raw(
        f'{{"procedure": "vpr", "subject": {{"municipality": "{OWN}"}}, "period": "2018", "source": "gis-education",'
        f' "values": {{"i1": {text}, "i2": 0, "i3": 0, "i4": 0}}}}'
    )


def changed(**fields: Any) -> dict[str, Any]:
    """The good body with other fields (`...` takes one away)."""
    return {"json": {name: value for name, value in {**BODY, **fields}.items() if value is not ...}}


# what is wrong: request, status, code, the pointer of a wrong place and its code (if places are named)
SUBMITTED: dict[str, tuple[dict[str, Any], int, str, str | None, str | None]] = {
    "broken JSON": (raw('{"procedure": "vpr", '), 400, "malformed-json", None, None),
    "an empty body": (raw(""), 422, "invalid-request", "", "required"),
    "not UTF-8": (raw(b'{"procedure": "\xff\xfe"}'), 400, "invalid-encoding", None, None),
    "half a character": (raw('{"procedure": "\\ud800"}'), 400, "invalid-encoding", None, None),
    "a field twice": (raw('{"period": "2018", "period": "2019"}'), 400, "duplicate-key", None, None),
    "deep nesting": (raw('{"a":' * 5000 + "1" + "}" * 5000), 400, "too-deep", None, None),
    "a dry run": (changed() | {"params": {"dry_run": "true"}}, 422, "invalid-request", None, None),
    "NaN": (with_values("NaN"), 400, "not-a-number", None, None),
    "Infinity": (with_values("Infinity"), 400, "not-a-number", None, None),
    "minus Infinity": (with_values("-Infinity"), 400, "not-a-number", None, None),
    "a huge power": (with_values("1e999999"), 400, "number-too-long", None, None),
    "a huge number": (with_values("9" * 5000), 400, "number-too-long", None, None),
    "NaN as text": (with_values('"NaN"'), 422, "invalid-result", "/values/i1", "not-a-number"),
    "a number over bounds": (with_values("1e20"), 422, "invalid-result", "/values/i1", "not-a-number"),
    "points over the maximum": (with_values("3"), 422, "invalid-result", "/values/i1", "out-of-range"),
    "points a little over": (with_values('"2.0001"'), 422, "invalid-result", "/values/i1", "out-of-range"),
    "negative points": (with_values("-1"), 422, "invalid-result", "/values/i1", "out-of-range"),
    "five decimals": (with_values("1.00001"), 422, "invalid-result", "/values/i1", "too-many-decimals"),
    "true for a number": (with_values("true"), 422, "invalid-result", "/values/i1", "not-a-number"),
    "an object for a number": (with_values('{"a": 1}'), 422, "invalid-result", "/values/i1", "not-a-number"),
    "a list for a body": (raw("[1]"), 422, "invalid-result", "", "not-an-object"),
    "null for a body": (raw("null"), 422, "invalid-result", "", "not-an-object"),
    "a number for a text": (changed(procedure=5), 422, "invalid-result", "/procedure", "not-a-string"),
    "no procedure": (changed(procedure=...), 422, "invalid-result", "/procedure", "required"),
    "an unknown procedure": (changed(procedure="nope"), 422, "invalid-result", "/procedure", "unknown-procedure"),
    "an unknown municipality": (
        changed(subject={"municipality": "00000000"}), 422, "invalid-result",
        "/subject/municipality", "unknown-municipality",
    ),
    "an unknown indicator": (
        changed(values={**VALUES, "i9": 1}), 422, "invalid-result", "/values/i9", "unknown-indicator",
    ),
    "an indicator not named": (changed(values={"i1": 1}), 422, "invalid-result", "/values/i2", "required"),
    "an unknown field": (changed(pupil="Иванов"), 422, "invalid-result", "/pupil", "unknown-field"),
    "an unknown period": (changed(period="1899"), 422, "invalid-result", "/period", "unknown-period"),
    "an unknown source": (changed(source="nobody"), 422, "invalid-result", "/source", "unknown-source"),
    "two subjects": (
        changed(subject={"municipality": OWN, "organization": "x"}), 422, "invalid-result", "/subject", "wrong-subject",
    ),
    "a time without a zone": (
        changed(occurred_at="2018-01-01T00:00:00"), 422, "invalid-result", "/occurred_at", "no-time-zone",
    ),
    "a time in the future": (
        changed(occurred_at="2999-01-01T00:00:00Z"), 422, "invalid-result", "/occurred_at", "occurred-in-future",
    ),
    "another media type": (raw("{}", **{"Content-Type": "text/plain"}), 415, "unsupported-media-type", None, None),
    "another charset": (
        raw("{}", **{"Content-Type": "application/json; charset=cp1251"}), 415, "unsupported-media-type", None, None,
    ),
    "10 MB": (raw(b'{"comment": "' + b"a" * MIB10 + b'"}'), 413, "body-too-large", None, None),
    "an odd idempotency key": (
        {**changed(), "headers": {"Idempotency-Key": "k" * 5000}}, 400, "invalid-idempotency-key", None, None,
    ),
}  # fmt: skip
# address and status of a wrong address, cursor or parameter
ASKED: dict[str, tuple[str, str, str, int, str]] = {
    "no such path": ("GET", "monitoring", "/v1/nothing", 404, "not-found"),
    "no such method": ("DELETE", "monitoring", RESULTS, 405, "method-not-allowed"),
    "an unknown result": ("GET", "monitoring", f"{RESULTS}/nothing", 404, "result-not-found"),
    "a bad cursor": ("GET", "monitoring", f"{RESULTS}?cursor=%00%ff", 400, "invalid-cursor"),
    "a made-up cursor": ("GET", "monitoring", f"{RESULTS}?cursor=bm9wZQ", 400, "invalid-cursor"),
    "a foreign cursor": ("GET", "registry", "/v1/municipalities?cursor=bm9wZQ", 400, "invalid-cursor"),
    "too large a page": ("GET", "monitoring", f"{RESULTS}?limit=100000", 422, "invalid-request"),
    "a moment before the calendar": (
        "GET",
        "notification",
        "/v1/inbox?since=0001-01-01T00:00:00%2B05:00",
        422,
        "invalid-request",
    ),
    "a moment behind the calendar": (
        "GET",
        "monitoring",
        "/v1/results?changed_after=9999-12-31T23:59:59-05:00",
        422,
        "invalid-request",
    ),
    "a page of words": ("GET", "notification", "/v1/inbox?limit=все", 422, "invalid-request"),
    "a time of words": ("GET", "scoring", "/v1/ratings/2022?as_of=вчера", 422, "invalid-request"),
    "a time without a zone": (
        "GET",
        "monitoring",
        f"{RESULTS}?changed_after=2022-01-01T00:00:00",
        422,
        "invalid-request",
    ),
    "an unknown municipality": ("GET", "monitoring", f"{RESULTS}?municipality=nope", 422, "invalid-request"),
    "an unknown procedure": ("GET", "monitoring", f"{RESULTS}?procedure=nope", 422, "invalid-request"),
    "schools of nobody": ("GET", "registry", "/v1/organizations?municipality=nope", 422, "invalid-request"),
    "editions of no period": ("GET", "scoring", "/v1/editions?period=foo", 422, "invalid-request"),
    "an unknown parameter": ("GET", "monitoring", f"{RESULTS}?procedur=vpr", 422, "invalid-request"),
    "a parameter twice": ("GET", "monitoring", f"{RESULTS}?period=2022&period=2021", 422, "invalid-request"),
    "a score of nobody": ("GET", "scoring", "/v1/scores/nope?period=2022", 404, "municipality-not-found"),
    "an unknown group": ("GET", "scoring", "/v1/ratings/2022?group=nope", 404, "group-not-found"),
    "an unknown period": ("GET", "scoring", "/v1/ratings/1066", 404, "period-not-found"),
    "an unknown methodology": ("GET", "scoring", "/v1/methodologies/nope", 404, "methodology-not-found"),
    "an unknown organisation": ("GET", "registry", "/v1/organizations/nope", 404, "organization-not-found"),
    "an odd event id": ("GET", "notification", "/v1/stream?last_event_id=x", 400, "invalid-event-id"),
}
