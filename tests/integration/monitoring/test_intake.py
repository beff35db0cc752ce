"""The intake topic on a real Kafka: bad records become dead letters with their code, and the partition goes on."""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import bson
from aiokafka import AIOKafkaProducer

from services.monitoring.consumers import TERRITORY, listeners
from services.monitoring.usecases import REPORTED, Monitoring
from services.registry.events import DatedName, MunicipalityRegistered, OrganizationRegistered
from shared.broker import Kafka
from shared.broker.connection import make_producer
from shared.envelope import seal
from shared.kernel import Cause
from shared.mongo import Database
from shared.mongo.client import utc_now
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.monitoring.made import monitoring, told
from tests.unit.monitoring.made import NOW, TROITSK, ZLATOUST, body

Headers = list[tuple[str, Any]]


def headers(name: str | None = None, **more: str | bytes | None) -> Headers:
    given: dict[str, Any] = {
        "ce_specversion": "1.0",
        "ce_id": name or str(uuid.uuid4()),
        "ce_source": "gis-education",
        "ce_type": REPORTED,
        "content-type": "application/json",
        **more,
    }
    return [(key, one.encode() if isinstance(one, str) else one) for key, one in given.items() if one != ""]


def value(**more: Any) -> bytes:
    return json.dumps(body(source=..., **more)).encode()


@asynccontextmanager
async def consuming(
    settings: Settings, database: Database, uses: Monitoring, topic: str, *, group: int = 1
) -> AsyncIterator[AIOKafkaProducer]:
    """One of monitoring's groups at work on a topic of the test, and a producer beside it."""
    # A group of the test's own: a static member of the test before would have to time out first.
    listener = listeners(uses)[group]
    kafka = Kafka(settings, "monitoring", settings.instance)
    readers = {topic: {kind: read for of_topic in listener.readers.values() for kind, read in of_topic.items()}}
    own = replace(listener, readers=readers, group=f"{listener.group}.{settings.instance}")
    consumer = kafka.listen(own, database)
    producer = make_producer(settings, "test")
    await producer.start()
    kafka.start()
    try:
        await eventually(lambda: kafka.started and bool(consumer.positions.next), what="assignment")
        yield producer
    finally:
        await kafka.stop()
        await producer.stop()


async def send(
    producer: AIOKafkaProducer, topic: str, records: Sequence[tuple[bytes | None, bytes | None, Headers]]
) -> None:
    """All to one partition, in order."""
    for key, content, heads in records:
        await producer.send_and_wait(topic, value=content, key=key, headers=heads, partition=0)


KEY = ZLATOUST.id.encode()
CLOUD: Headers = [("content-type", b"application/cloudevents+json")]


def structured(more: str) -> tuple[bytes, bytes, Headers]:
    """A record in structured mode with this in its JSON."""
    told = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "gis-education", "type": REPORTED}
    return KEY, f"{json.dumps(told)[:-1]}, {more}}}".encode(), CLOUD


BAD: list[tuple[str, tuple[bytes | None, bytes | None, Headers]]] = [
    ("not-a-cloudevent", (None, b"\x00\xff\xfe\x01random", [])),
    ("empty-value", (KEY, None, headers())),
    ("empty-value", (KEY, b"", headers())),
    ("malformed-json", (KEY, b"{broken", headers())),
    ("invalid-encoding", (KEY, b'{"a": "\xff"}', headers())),
    ("not-a-number", (KEY, b'{"values": {"i1": NaN}}', headers())),
    ("not-a-cloudevent", (KEY, value(), headers(ce_id=None))),
    ("not-a-cloudevent", (KEY, value(), headers(ce_type=""))),
    ("bad-header", (KEY, value(), headers(ce_source=b"\xff\xfe"))),
    ("unsupported-version", (KEY, value(), headers(ce_specversion="0.3"))),
    ("unknown-type", (KEY, value(), headers(ce_type="ru.rsoko.other.thing.done.v1"))),
    ("unsupported-version", (KEY, value(), headers(ce_type="ru.rsoko.intake.result.reported.v2"))),
    ("too-large", (KEY, b" " * (64 * 1024) + value(), headers())),
    ("bad-key", (b"\xff\xfe", value(), headers())),
    ("foreign-key", (TROITSK.id.encode(), value(), headers())),
    ("occurred-in-future", (KEY, value(occurred_at="2999-01-01T00:00:00Z"), headers())),
    ("required", (KEY, value(occurred_at=...), headers())),
    ("unknown-period", (KEY, value(period="1999"), headers())),
    ("unknown-procedure", (KEY, value(procedure="nope"), headers())),
    ("unknown-source", (KEY, value(), headers(ce_source="nobody"))),
    ("unknown-municipality", (None, value(subject={"municipality": "nowhere"}), headers())),
    ("out-of-range", (KEY, value(values={"i1": 3, "i2": 0}), headers())),
    ("unknown-field", (KEY, value(pupil="Иванов"), headers())),
    ("notify-not-allowed", (KEY, value(notify=False), headers())),
    ("event-id-reused", (KEY, value(period="2021"), headers("first"))),
    ("invalid-data", structured('"data_base64": "я"')),
    ("number-too-long", structured('"data": {"x": 1e9999999999999999999}')),
]


async def test_bad_records_become_dead_letters_and_the_partition_goes_on(
    settings: Settings, database: Database, uses: Monitoring, topic: str
):
    async with consuming(settings, database, uses, topic) as producer:
        await send(producer, topic, [(KEY, value(), headers("first"))])
        for number, (_, record) in enumerate(BAD):
            year = 2006 + number % 20
            good = (KEY, value(period=f"{year}-{year + 1}", values={"i1": 0, "i2": number % 3}), headers())
            await send(producer, topic, [record, good])
        await send(producer, topic, [(None, value(period="2023"), headers("last"))])
        await eventually(lambda: database.count("events", {"_id": "gis-education\nlast"}), what="the last good one")
    letters = await database.find("dead_letters", {}, sort=[("offset", 1)])
    assert [row["code"] for row in letters] == [code for code, _ in BAD]
    assert [row["value"] for row in letters] == [record[1] for _, record in BAD]
    assert all(row["message"] for row in letters)
    copies = await database.find("outbox", {"topic": "monitoring.intake.v1.dlq"})
    assert len(copies) == len(BAD)
    assert await database.count("results", {}) == 1 + 20 + 1


async def test_a_null_key_and_odd_headers_are_taken(
    settings: Settings, database: Database, uses: Monitoring, topic: str
):
    async with consuming(settings, database, uses, topic) as producer:
        odd: Headers = [*headers("odd"), ("x-null", None), ("x-bytes", b"\xff"), ("x-empty", b"")]
        powers = json.dumps(body(source=..., period="2021", values={"i1": 2, "i2": "?"})).replace('"?"', "0e2")
        await send(
            producer,
            topic,
            [
                (None, value(), odd),
                (b"", value(period="2020"), headers("empty-key")),
                (b"75712000", value(period="2019"), headers("code")),
                (KEY, value(period="2018"), headers("long-sequence", ce_sequence="9" * 5000)),
                structured(f'"data": {powers}'),
                (KEY, value(period="2017"), headers("last")),
            ],
        )
        await eventually(lambda: database.count("events", {"_id": "gis-education\nlast"}))
    assert await database.count("dead_letters", {}) == 0
    assert {payload["period"] for _, payload in await told(database)} == {f"20{year}" for year in range(17, 23)}


async def test_huge_records_leave_a_row_and_a_copy_that_are_taken(
    settings: Settings, database: Database, uses: Monitoring, topic: str
):
    """A topic's limit is one of compressed bytes: some kilobytes on the wire may be many megabytes."""
    spaces, wide = b" " * 20_000_000, b" " * 900_000
    huge: list[tuple[bytes | None, bytes | None, Headers]] = [
        (KEY, b'"' + b"a" * 3_000_000 + b'"', headers()),
        (KEY, spaces, headers()),
        (KEY, spaces, CLOUD),
        (spaces, value(), headers()),
        (KEY, value(), headers(more=spaces)),
        (KEY, value(), headers(ce_source=spaces)),
        (wide, value(), headers()),
        (KEY, value(period="1999"), headers(more=wide)),
        (KEY, value(), headers(ce_source=wide)),
        (KEY, value(period="2021"), headers("odd", ce_correlationid=wide[1:], ce_traceparent=b"")),
    ]
    async with consuming(settings, database, uses, topic) as producer:
        squeezing = AIOKafkaProducer(
            bootstrap_servers=list(settings.kafka), compression_type="gzip", max_request_size=64_000_000
        )
        await squeezing.start()
        await send(squeezing, topic, huge)
        await squeezing.stop()
        await send(producer, topic, [(KEY, value(), headers("last"))])
        await eventually(lambda: database.count("events", {"_id": "gis-education\nlast"}))
    letters = await database.find("dead_letters", {}, sort=[("offset", 1)])
    codes = ["too-large"] * 6 + ["foreign-key", "unknown-period", "identity-too-long"]
    assert [row["code"] for row in letters] == codes
    assert max(len(bson.encode(row)) for row in letters) < 1_048_576
    assert [row["cut"]["value"] for row in letters[:3]] == [3_000_002, 20_000_000, 20_000_000]
    for copy in await database.find("outbox", {"topic": "monitoring.intake.v1.dlq"}):
        assert sum(len(value) for _, value in copy["raw_headers"]) + len(copy["value"]) + len(copy["key"]) < 1_048_576
    [row] = await database.find("outbox", {"headers.ce_causationid": "odd"})
    assert row["headers"]["ce_correlationid"] == "odd"
    assert "ce_traceparent" not in row["headers"]


async def test_repeats_and_late_ones_change_nothing(
    settings: Settings, database: Database, uses: Monitoring, topic: str
):
    newer = value(values={"i1": 0, "i2": 0}, occurred_at="2022-11-01T10:00:00+05:00")
    async with consuming(settings, database, uses, topic) as producer:
        await send(
            producer,
            topic,
            [
                (KEY, newer, headers("b")),
                (KEY, value(), headers("a")),
                (KEY, newer, headers("b")),
                (KEY, value(), headers("a")),
                (KEY, value(period="2021"), headers("end")),
            ],
        )
        await eventually(lambda: database.count("events", {"_id": "gis-education\nend"}))
    rows = await database.find("events", {}, sort=[("_id", 1)])
    assert [row["status"] for row in rows] == ["superseded", "accepted", "accepted"]
    assert [payload["revision"] for _, payload in await told(database)] == [1, 1]
    [row] = await database.find("outbox", {"headers.ce_causationid": "b"})
    assert row["headers"]["ce_correlationid"] == "b"


async def test_a_thousand_events_are_told_in_order(
    settings: Settings, database: Database, uses: Monitoring, topic: str
):
    async with consuming(settings, database, uses, topic) as producer:
        for number in range(1000):
            content = value(
                period=f"{2006 + number % 20}",
                values={"i1": number % 3, "i2": f"{number % 20000 / 10000:.4f}"},
                occurred_at=f"2022-11-01T{number // 60:02}:{number % 60:02}:00Z",
            )
            await producer.send(topic, value=content, key=KEY, headers=headers(f"n{number}"), partition=0)
        await producer.flush()
        await eventually(lambda: database.count("events", {"_id": "gis-education\nn999"}))
    assert await database.count("dead_letters", {}) == 0
    revisions: dict[str, list[int]] = {}
    for _, payload in await told(database):
        revisions.setdefault(payload["period"], []).append(payload["revision"])
    assert revisions == {str(year): list(range(1, 51)) for year in range(2006, 2026)}
    assert await database.count("revisions", {}) == 1000 - 20


async def test_the_registry_is_heard(settings: Settings, database: Database, uses: Monitoring, topic: str):
    named = DatedName(name="Новый ГО", kind="urban_okrug", oktmo="75999000", valid_from=NOW.date().replace(year=2006))
    municipality = MunicipalityRegistered(id="74-new-go", revision=1, region="74", history=(named,))
    school = OrganizationRegistered(
        id="school-9",
        revision=1,
        region="74",
        name="Школа",
        kind="school",
        owner="municipality",
        municipality="74-new-go",
        valid_from=NOW.date(),
        valid_to=NOW.date().replace(year=2024),
    )
    async with consuming(settings, database, uses, topic, group=0) as producer:
        for state in (municipality, school):
            letter = seal(state, id=str(uuid.uuid4()), source="rsoko/registry", time=utc_now(), cause=Cause("c"))
            heads: Headers = [(key, text.encode()) for key, text in letter.headers.items()]
            await send(producer, topic, [(letter.key.encode(), letter.value, heads)])
        await eventually(lambda: "school-9" in uses.directing.directory.organizations)
    heard = uses.directing.directory.organizations["school-9"]
    assert (heard.municipality, heard.since, heard.until) == ("74-new-go", school.valid_from, school.valid_to)
    assert (await monitoring(database)).directing.directory.organizations["school-9"] == heard, "as it is stored"
    assert {event.topic() for event in TERRITORY} == {"registry.municipality.v1", "registry.organization.v1"}
