"""Bad records on the intake topic of the running platform: dead letters with their code, and no partition waits."""

import json
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deploy.local.region import read_region
from tests.e2e.conftest import Running, until
from tests.e2e.people import FOREIGN, OWN, SOURCE
from tests.e2e.records import AGAIN, INTAKE, KEY, LATE, REPORTED, Record, attributes, bad, send, value

PARTITIONS = 6
BAD = bad()
YEARS = ("2023", "2024", "2025")
PROCEDURES = {one["key"]: [indicator["key"] for indicator in one["indicators"]] for one in read_region().procedures}


def _good(number: int, partition: int) -> Record:
    """A good record of its own period behind a bad one in the same partition, seen in the scores by its points."""
    period, procedure = _place(number)
    points = {**dict.fromkeys(PROCEDURES[procedure], 0), "i1": 1}
    return Record(KEY, value(procedure=procedure, period=period, values=points), attributes(), partition)


def _place(number: int) -> tuple[str, str]:
    return YEARS[number // len(PROCEDURES)], list(PROCEDURES)[number % len(PROCEDURES)]


@pytest.fixture(scope="module")
def offsets(running: Running) -> dict[str, tuple[int, int]]:
    """Every bad record in one partition each, a good one behind it; where each bad one is."""
    first = Record(KEY, value(), attributes(ce_id=AGAIN), 0)
    until(lambda: send(running, [first]))
    records = []
    for number, (_, record) in enumerate(BAD.values()):
        partition = 0 if AGAIN.encode() in dict(record.headers).values() else number % PARTITIONS
        records += [Record(record.key, record.value, record.headers, partition), _good(number, partition)]
    places = send(running, records)
    return dict(zip(BAD, places[::2], strict=True))


def _letters(running: Running) -> dict[tuple[int, int], dict[str, Any]]:
    path, found = "/v1/refusals?limit=200", {}
    while path:
        page = running.tell("operator", "GET", "monitoring", path)
        for one in page["items"]:
            if (origin := one["origin"]) and origin["topic"] == INTAKE:
                found[origin["partition"], origin["offset"]] = one
        path = f"/v1/refusals?limit=200&cursor={page['next']}" if page["next"] else ""
    return found


def _points(running: Running, number: int) -> str | None:
    period, procedure = _place(number)
    answer = running.ask("operator", "GET", "scoring", f"/v1/scores/{OWN}?period={period}")
    return answer.json()["procedures"].get(procedure, {}).get("points") if answer.is_success else None


def test_the_good_record_behind_each_bad_one_is_scored(running: Running, offsets: dict[str, tuple[int, int]]):
    assert len(offsets) == len(BAD)
    for number, what in enumerate(BAD):
        until(lambda at=number: _points(running, at) == "1", what=f"the score behind {what}")


@pytest.mark.parametrize("what", BAD)
def test_a_bad_record_is_listed_with_its_code(running: Running, offsets: dict[str, tuple[int, int]], what: str):
    letter = until(lambda: _letters(running).get(offsets[what]), what=what)
    assert letter["code"] == BAD[what][0], letter
    assert any("а" <= char <= "я" for char in letter["message"]), "said in Russian"
    named = dict(BAD[what][1].headers).get("ce_source")
    if named == SOURCE.encode() and BAD[what][0] != "bad-header":
        assert letter["source"] == SOURCE
    assert letter["received_at"]


def test_nothing_but_the_bad_ones_is_refused(running: Running, offsets: dict[str, tuple[int, int]]):
    own = {place for place, one in _letters(running).items() if not (one["event"] or "").startswith("made-")}
    assert set(offsets.values()) <= own
    letters = running.tell("operator", "GET", "monitoring", "/v1/operations/dead-letters?limit=200")["items"]
    told = {(one["origin"]["partition"], one["origin"]["offset"]) for one in letters}
    assert set(offsets.values()) <= told


def test_a_system_sees_its_own_refusals_only(running: Running, offsets: dict[str, tuple[int, int]]):
    for who, sources in (("own system", {SOURCE}), ("foreign system", set())):
        items = running.tell(who, "GET", "monitoring", "/v1/refusals?limit=200")["items"]
        # What it sent itself over HTTP without a readable source is its own, too.
        assert {one["source"] for one in items} - {None} == sources


def _letter_id(place: tuple[int, int]) -> str:
    return f"monitoring.intake|{INTAKE}|{place[0]}|{place[1]}"


def _listed(running: Running) -> set[str]:
    return {one["id"] for one in json.loads(running.cli("dlq", "list", "--json").stdout)["items"]}


def test_operators_list_show_redrive_and_discard(running: Running, offsets: dict[str, tuple[int, int]]):
    late, over = _letter_id(offsets["an unknown source"]), _letter_id(offsets["points over the maximum"])
    until(lambda: {late, over} <= _listed(running))
    listed = running.cli("dlq", "list", "--json")
    assert listed.returncode == 1, "there is something to look at"
    shown = json.loads(running.cli("dlq", "show", late, "--json").stdout)
    assert json.loads(shown["value"])["period"] == "2016"
    assert dict(shown["headers"])["ce_source"] == LATE
    assert f"id: {late}\n" in running.cli("dlq", "show", late).stdout
    again = running.cli("dlq", "redrive", late, "--json")
    assert (again.returncode, json.loads(again.stdout)["handled"]) == (1, False)

    source = {"name": "Опоздавший источник", "procedures": "all", "clients": []}
    running.tell("operator", "PUT", "monitoring", f"/v1/sources/{LATE}", json=source)
    done = running.cli("dlq", "redrive", late, "--json")
    assert (done.returncode, json.loads(done.stdout)["state"]) == (0, "redriven"), done.stderr
    query = f"/v1/results?municipality={OWN}&period=2016&procedure=vpr"
    assert running.tell("operator", "GET", "monitoring", query)["items"][0]["source"] in {LATE, SOURCE}

    dropped = running.cli("dlq", "discard", over, "--reason", "проверка", "--json")
    assert json.loads(dropped.stdout)["state"] == "discarded"
    refused = running.cli("dlq", "redrive", over)
    assert refused.returncode == 1
    assert "отброшен" in refused.stderr.lower()
    assert not {late, over} & _listed(running)


# Anything at all, and almost good events, which reach further.
NAMES = st.sampled_from(
    ["ce_id", "ce_source", "ce_type", "ce_specversion", "ce_time", "ce_traceparent", "content-type", "x", ""]
)
TEXTS = st.sampled_from([SOURCE, REPORTED, "1.0", "application/cloudevents+json", "application/json", "made-1"])
CONTENTS = st.one_of(st.none(), st.binary(max_size=40), TEXTS.map(str.encode))
HEADERS = st.lists(st.tuples(NAMES, CONTENTS), max_size=8).map(tuple)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(["vpr", OWN, FOREIGN, "2015"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)
FIELDS = st.dictionaries(
    st.sampled_from(["procedure", "subject", "values", "occurred_at", "comment", "notify", "not_applicable", "more"]),
    JSON,
)
STRUCTURED = {"specversion": "1.0", "id": "made-2", "source": SOURCE, "type": REPORTED}
VALUES = st.one_of(
    st.none(),
    st.binary(max_size=200),
    JSON.map(lambda one: json.dumps(one).encode()),
    FIELDS.map(lambda change: value(period="2015", **change)),
    FIELDS.map(lambda data: json.dumps({**STRUCTURED, "data": data}).encode()),
)
GOOD_HEADERS = st.uuids().map(lambda one: attributes(ce_id=f"made-{one}"))
RECORDS = st.builds(
    Record, st.one_of(st.none(), st.binary(max_size=20), st.just(KEY)), VALUES, st.one_of(HEADERS, GOOD_HEADERS),
    st.integers(0, PARTITIONS - 1),
).filter(lambda one: one.key is not None or one.value is not None)  # fmt: skip


@settings(
    max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(records=st.lists(RECORDS, min_size=60, max_size=60))
def test_no_generated_record_holds_its_partition(running: Running, records: Sequence[Record]):
    mark = f"made-{uuid.uuid4()}"
    last = [
        Record(b"", value(period="2014", procedure="nope", comment=mark), attributes(ce_id=f"{mark}-{number}"), number)
        for number in range(PARTITIONS)
    ]
    places = send(running, [*records, *last])
    until(lambda: set(places[-PARTITIONS:]) <= _letters(running).keys(), what="the last record of every partition")
    until(lambda: _state(running, "monitoring") == "ready", what="it is well")


def _state(running: Running, name: str) -> str:
    processes = json.loads(running.cli("status", "--json").stdout)["processes"]
    return next(str(one["state"]) for one in processes if one["name"] == name)
