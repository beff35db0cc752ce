"""Our envelope beside the CloudEvents SDK: what we seal it opens, what it seals we open, in every mode."""

import json
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from cloudevents.core.bindings import http, kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.envelope import Unreadable, open_object, open_record, open_request, open_structured, seal
from shared.exactjson import read
from shared.kernel import Cause, Event, Refused

AT = datetime(2022, 11, 1, 4, 0, 0, 250000, tzinfo=UTC)
DATA = {"thing": "Златоуст", "share": "3/7"}
OWN = {"id": "e-1", "source": "/toys", "type": "ru.rsoko.toy.thing.kept.v1", "specversion": "1.0"}
EXTENSIONS = {"partitionkey": "74-zlatoustovsky-go", "correlationid": "c-1", "sequence": "5"}


class ThingKept(Event):
    """A thing was kept."""

    TYPE: ClassVar[str] = "ru.rsoko.toy.thing.kept.v1"
    thing: str
    share: str

    @property
    def key(self) -> str:
        return "74-zlatoustovsky-go"


@pytest.fixture
def theirs() -> CloudEvent:
    """An event that the SDK made."""
    attributes = {**OWN, "time": AT, "datacontenttype": "application/json", **EXTENSIONS}
    return CloudEvent(attributes=attributes, data=DATA)


def test_what_we_seal_the_sdk_opens():
    letter = seal(ThingKept(**DATA), id="e-1", source="/toys", time=AT, cause=Cause("c-1", "e-0", "00-aa-bb-01"))
    headers = {name: value.encode() for name, value in letter.headers.items()}
    message = kafka.KafkaMessage(headers=headers, key=letter.key, value=letter.value)
    opened = kafka.from_binary(message, JSONFormat())
    assert {name: opened.get_attributes()[name] for name in OWN} == OWN
    assert opened.get_time() == AT
    assert opened.get_data() == DATA
    extensions = {
        "partitionkey": letter.key,
        "correlationid": "c-1",
        "causationid": "e-0",
        "traceparent": "00-aa-bb-01",
    }
    assert {name: opened.get_extension(name) for name in extensions} == extensions


def _is_theirs(opened: object) -> bool:
    found = {name: getattr(opened, name) for name in ("id", "source", "type")}
    assert found == {name: OWN[name] for name in found}
    assert {name: opened.extensions.get(name) for name in EXTENSIONS} == EXTENSIONS
    assert datetime.fromisoformat(opened.time) == AT
    return json.loads(opened.data) == DATA


def test_what_the_sdk_sends_to_kafka_in_binary_mode_we_open(theirs: CloudEvent):
    message = kafka.to_binary(theirs, JSONFormat())
    assert _is_theirs(open_record(list(message.headers.items()), message.value))


def test_what_the_sdk_sends_to_kafka_in_structured_mode_we_open(theirs: CloudEvent):
    message = kafka.to_structured(theirs, JSONFormat())
    assert _is_theirs(open_record(list(message.headers.items()), message.value))


def test_what_the_sdk_sends_by_http_we_open(theirs: CloudEvent):
    binary, structured = http.to_binary(theirs, JSONFormat()), http.to_structured(theirs, JSONFormat())
    assert _is_theirs(open_request(binary.headers, binary.body))
    assert _is_theirs(open_structured(structured.body))
    assert all(_is_theirs(open_object(one)) for one in read(b"[" + structured.body + b"]"))


@pytest.mark.parametrize("raw", ["%ff", "%fe", "a%C3"])
def test_an_attribute_that_is_no_utf_8_is_refused_over_http_as_from_kafka(raw: str):
    with pytest.raises(Unreadable, match="bad-header") as found:
        open_request({f"ce-{name}": text for name, text in {**OWN, "id": raw}.items()}, b"{}")
    assert "ce-id" in found.value.message
    assert open_request({f"ce-{name}": text for name, text in {**OWN, "id": "%D1%81"}.items()}, b"{}").id == "с"


@pytest.mark.parametrize("raw", ["событие-1", "а-1", "\x81", "caf\xe9"])
def test_an_attribute_in_plain_letters_is_refused_over_http_with_what_to_do(raw: str):
    sent = {"ce-id": raw.encode().decode("latin-1")}
    with pytest.raises(Unreadable, match="bad-header") as found:
        open_request({**{f"ce-{name}": text for name, text in OWN.items()}, **sent}, b"{}")
    assert "ce-id" in found.value.message
    assert "%D1%81" in found.value.message


def test_a_field_lost_on_the_way_would_be_seen(theirs: CloudEvent):
    message = kafka.to_binary(theirs, JSONFormat())
    without = [(name, value) for name, value in message.headers.items() if name != "ce_sequence"]
    with pytest.raises(AssertionError):
        _is_theirs(open_record(without, message.value))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ('"data_base64": "я"', "invalid-data"),
        ('"data_base64": "?"', "invalid-data"),
        ('"data": 1e9999999999999999999', "number-too-long"),
        ('"more": 1e-99999', "number-too-long"),
        (f'"data": {"9" * 5000}', "number-too-long"),
        ('"data": NaN', "not-a-number"),
        ('"more": "\\ud800"', "invalid-encoding"),
        (f'"data": {"[" * 5000}', "too-deep"),
        ('"id": "e-2", "id": "e-3"', "duplicate-key"),
        ('"data": ', "malformed-json"),
    ],
    ids=lambda one: one[:30],
)
def test_what_cannot_be_read_in_structured_mode_has_its_code(change: str, code: str):
    """The same codes as in binary mode and over HTTP."""
    body = json.dumps(OWN)[:-1] + f", {change}}}"
    with pytest.raises(Unreadable) as found:
        open_structured(body.encode())
    assert (found.value.code, bool(found.value.message)) == (code, True)


def test_numbers_of_structured_data_stay_exact():
    written = '{"a": 1e2, "b": 1.50, "c": 12345678901234567890123, "d": -0.10e-1, "e": null}'
    opened = open_structured((json.dumps(OWN)[:-1] + f', "data": {written}}}').encode())
    assert read(opened.data) == {"a": "100", "b": "1.5", "c": 12345678901234567890123, "d": "-0.01", "e": None}


@pytest.mark.parametrize(
    ("told", "number"),
    [("5", 5), ("9" * 18, 10**18 - 1), ("9" * 5000, None), ("-1", None)],
    ids=lambda one: str(one)[:20],
)
def test_a_sequence_is_a_number_of_at_most_eighteen_digits(told: str, number: int | None):
    headers = [(f"ce_{name}", text.encode()) for name, text in {**OWN, "sequence": told}.items()]
    assert open_record(headers, b"{}").sequence == number


TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("correlation", "traceparent", "cause"),
    [
        ("story-2", TRACE, Cause("story-2", "e-1", TRACE)),
        ("a" * 2_000_000, TRACE * 1000, Cause("e-1", "e-1", None)),
        ("с пробелом", "00-aa-bb-01", Cause("e-1", "e-1", None)),
        ("", "", Cause("e-1", "e-1", None)),
    ],
    ids=["good", "huge", "odd", "empty"],
)
def test_only_a_sane_correlation_and_trace_are_passed_on(correlation: str, traceparent: str, cause: Cause):
    told = {**OWN, "correlationid": correlation, "traceparent": traceparent, "data": 1}
    assert open_object(told).cause == cause


def test_a_letter_that_a_topic_may_not_take_is_not_sealed():
    with pytest.raises(Refused, match="event-too-large"):
        seal(ThingKept(thing="a" * 70_000, share="1"), id="1", source="/toys", time=AT, cause=Cause("c"))
    with pytest.raises(ValueError, match="bytes of headers"):
        seal(ThingKept(thing="a", share="1"), id="1", source="/toys", time=AT, cause=Cause("c" * 17_000))


def test_structured_mode_is_read_up_to_a_size():
    def padded(spaces: int) -> bytes:
        return json.dumps({**OWN, "data": 1}).encode() + b" " * spaces

    assert open_structured(padded(500_000)).data == b"1"
    with pytest.raises(Unreadable, match="too-large"):
        open_structured(padded(600_000))
