"""CloudEvents 1.0: an event sealed into a Kafka record, and a record or HTTP request opened again."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Self
from urllib.parse import unquote

from shared.exactjson import read, write
from shared.kernel import NOTHING, Cause, Event, FieldError, Malformed, Refused
from shared.telemetry import sane_correlation, trace_id

MAX_EVENT = 64 * 1024
MAX_HEADERS = 16 * 1024
# An event in structured mode: its data at their limit, escaped or in base64, and its attributes.
MAX_STRUCTURED = 8 * MAX_EVENT
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_ATTRIBUTES = ("id", "source", "type", "specversion")
_STRUCTURED = "application/cloudevents"
# Headers that carry no attribute; no attribute is named so.
_CONTENT_TYPE, _OTHER = "/content-type", "/other"
# So many names are remembered, of so many characters each: the records of others may bring any.
_REMEMBERED, _LONGEST_NAME = 1024, 100
# What a 64-bit number always holds.
_SEQUENCE_DIGITS = 18
_TOO_LARGE = f"Событие больше {MAX_EVENT} байт: разделите его на несколько."

_PASSED_ON = (("correlationid", sane_correlation), ("traceparent", trace_id))


class Beginning(bytes):
    """The beginning of the value of a record that is too large to be read: sizes and hash of the whole, and why."""

    def __new__(cls, value: bytes, whole: Mapping[str, Any], words: str = _TOO_LARGE) -> Self:
        """`whole`: bytes of `key` and `value`, how many `headers`, `sha256` of the value; None what is not known."""
        found = super().__new__(cls, value)
        found.whole = whole
        found.words = words
        return found

    whole: Mapping[str, Any]
    words: str


class Unreadable(Exception):
    """A message that is no usable CloudEvent: a stable code and, in Russian, what is wrong and how to mend it."""

    def __init__(self, code: str, message: str, *, source: str | None = None, event: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.source = source
        self.event = event


@dataclass(frozen=True, slots=True)
class Letter:
    """One record to be sent: `key` orders it, `headers` are text, `value` is JSON."""

    topic: str
    key: str
    headers: Mapping[str, str]
    value: bytes


class Opened(NamedTuple):
    """The attributes and the raw data of a received CloudEvent, not yet read as a type (one for each record)."""

    id: str
    source: str
    type: str
    data: bytes
    time: str | None = None
    extensions: Mapping[str, str] = NOTHING

    @property
    def cause(self) -> Cause:
        """What followed from this message carries its correlation, if it has one, and names it as the cause."""
        return Cause(self.correlation or self.id, self.id, self.traceparent)

    @property
    def correlation(self) -> str | None:
        """The sender's correlation id, if it had one that may be passed on."""
        return self.extensions.get("correlationid")

    @property
    def traceparent(self) -> str | None:
        """The sender's trace, if it had one."""
        return self.extensions.get("traceparent")

    @property
    def sequence(self) -> int | None:
        """The sender's number of this message within its key, if told."""
        text = self.extensions.get("sequence", "")
        return int(text) if len(text) <= _SEQUENCE_DIGITS and text.isascii() and text.isdigit() else None


def seal(event: Event, *, id: str, source: str, time: datetime, cause: Cause) -> Letter:  # noqa: A002 - CloudEvents says id
    """The letter that carries this event in binary mode; Refused, with what to shorten, where it is over 64 KiB.

    Every topic takes a letter of this size, so that nothing that was committed stands in the relay's way.
    """
    value = event.model_dump_json().encode()
    if len(value) > MAX_EVENT:
        raise _too_large(event, len(value))
    headers = {
        "content-type": "application/json",
        "ce_specversion": "1.0",
        "ce_id": id,
        "ce_source": source,
        "ce_type": event.TYPE,
        "ce_time": time.astimezone(UTC).isoformat(),
        "ce_partitionkey": event.key,
        "ce_correlationid": cause.correlation,
    }
    if cause.causation:
        headers["ce_causationid"] = cause.causation
    if cause.traceparent:
        headers["ce_traceparent"] = cause.traceparent
    if (size := sum(len(name) + len(text.encode()) for name, text in headers.items())) > MAX_HEADERS:
        raise ValueError(f"{event.TYPE} has {size} bytes of headers; there may be at most {MAX_HEADERS}")
    return Letter(event.topic(), event.key, headers, value)


def _too_large(event: Event, size: int) -> Refused:
    """What cannot be told is not stored either: whoever asked for it hears how much it is and what takes the room."""
    sizes = {name: len(event.model_dump_json(include={name}).encode()) for name in type(event).model_fields}
    name, most = max(sizes.items(), key=lambda one: one[1])
    detail = f"Сведения заняли бы {size} байт, сообщить другим службам можно не больше {MAX_EVENT}."
    message = f"Больше всего занимает {name}: {most} байт."
    remedy = f"Сократите {name} хотя бы на {size - MAX_EVENT} байт: буква кириллицы — 2 байта."
    error = FieldError(f"/{name}", "event-too-large", message, remedy)
    return Refused("event-too-large", "Сведений слишком много", f"{detail} {message} {remedy}", errors=[error])


def open_record(headers: Iterable[tuple[str, bytes | None]], value: bytes | None) -> Opened:
    """A Kafka record in binary or structured mode; raises `Unreadable` with what is wrong."""
    pairs = tuple(headers)
    try:
        attributes = {_NAMES[name]: content.decode() for name, content in pairs}  # type: ignore[union-attr]  # caught
    except (AttributeError, UnicodeDecodeError):
        attributes = {_NAMES[name]: _text(name, content) for name, content in pairs}
    attributes.pop(_OTHER, None)
    if isinstance(value, Beginning):
        raise Unreadable("too-large", value.words, **_who(attributes))
    if attributes.pop(_CONTENT_TYPE, "").lower().startswith(_STRUCTURED):
        return open_structured(value or b"")
    return _opened(attributes, value)


class _Names(dict[str, str]):
    """The attribute that a header of a record carries; the same few names come with every record."""

    def __missing__(self, header: str) -> str:
        name = header.lower()
        known = _CONTENT_TYPE if header == "content-type" else _OTHER
        found = name[3:] if name.startswith("ce_") else known
        if len(header) < _LONGEST_NAME:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[header] = found
        return found


_NAMES = _Names()


def open_request(headers: Mapping[str, str], body: bytes) -> Opened:
    """An HTTP request in binary mode: `ce-` headers, percent-encoded."""
    attributes = {k.lower()[3:]: _decoded(k, v) for k, v in headers.items() if k.lower().startswith("ce-")}
    return _opened(attributes, body)


def open_structured(body: bytes) -> Opened:
    """One event in structured mode, from Kafka; what is no JSON has the same codes as in binary mode and over HTTP."""
    if len(body) > MAX_STRUCTURED:
        raise Unreadable("too-large", _TOO_LARGE)
    try:
        found = read(body)
    except Malformed as error:
        raise Unreadable(error.code, error.detail) from None
    return open_object(found)


def open_object(found: Any) -> Opened:
    """One event given as a JSON object with its `data` (or `data_base64`) inside; numbers stay exact."""
    if not isinstance(found, dict):
        raise Unreadable("not-a-cloudevent", "Событие должно быть объектом JSON с полями CloudEvents 1.0.")
    who = _who({name: value for name, value in found.items() if isinstance(value, str)})
    attributes = {k: _attribute(k, v, who) for k, v in found.items() if not k.startswith("data") and v is not None}
    if "data_base64" in found:
        try:
            data = base64.b64decode(str(found["data_base64"]), validate=True)
        except ValueError:  # binascii.Error is one; so is what is not even ASCII
            raise Unreadable("invalid-data", "Поле data_base64 не является base64.", **_who(attributes)) from None
    else:
        data = write(found["data"]) if "data" in found else b""
    return _opened(attributes, data)


def _opened(attributes: dict[str, str], value: bytes | None) -> Opened:
    """What these attributes (which are used up) and data say."""
    wrong = _wrong(attributes, value)
    if wrong is not None or value is None:
        code, message = wrong or ("empty-value", "")
        raise Unreadable(code, message, **_who(attributes))
    take = attributes.pop
    identity, source, kind = take("id"), take("source"), take("type")
    del attributes["specversion"]
    # Here, once: whoever asks for the cause later has what may go on into headers and logs, or nothing.
    for name, usable in _PASSED_ON:
        if name in attributes and not usable(attributes[name]):
            del attributes[name]
    return Opened(identity, source, kind, value, take("time", None), attributes)


def _wrong(attributes: Mapping[str, str], value: bytes | None) -> tuple[str, str] | None:
    """Why this is no event we can open: a code and words, None where it is one."""
    if not all(map(attributes.get, _ATTRIBUTES)):
        names = ", ".join(name for name in _ATTRIBUTES if not attributes.get(name))
        return "not-a-cloudevent", f"Нет обязательных атрибутов CloudEvents: {names}."
    if attributes["specversion"] != "1.0":
        return "unsupported-version", "Поддерживается только CloudEvents specversion 1.0."
    if not value:
        return "empty-value", "У события нет данных: передайте их в теле сообщения (data)."
    if len(value) > MAX_EVENT:
        return "too-large", _TOO_LARGE
    return None


def _who(attributes: Mapping[str, str]) -> dict[str, str | None]:
    return {"source": attributes.get("source"), "event": attributes.get("id")}


def _text(name: str, raw: bytes | None) -> str:
    """The text of a header; one that carries no attribute may be anything."""
    carries = _NAMES[name] not in {_CONTENT_TYPE, _OTHER}
    try:
        return (raw or b"").decode("utf-8", "strict" if carries else "replace")
    except UnicodeDecodeError:
        raise Unreadable("bad-header", f"Заголовок {name[:80]} не в UTF-8: передайте его текстом UTF-8.") from None


def _decoded(name: str, text: str) -> str:
    """The text of a header of HTTP; letters as they are, or no UTF-8, would be another text, and two of them one."""
    wrong = f"Заголовок {name[:80]} не в ASCII: запишите знаки через % байтами UTF-8, например «с» — %D1%81."
    if not text.isascii():
        raise Unreadable("bad-header", wrong)
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise Unreadable("bad-header", wrong.replace("ASCII", "UTF-8")) from None


def _attribute(name: str, value: Any, who: Mapping[str, str | None]) -> str:
    """An attribute of the JSON format as text; only strings, numbers and booleans are attributes."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    wrong = f"Атрибут {name[:80]} должен быть строкой, числом или true/false."
    raise Unreadable("not-a-cloudevent", wrong, **who)
