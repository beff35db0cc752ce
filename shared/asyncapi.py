"""The AsyncAPI 3.0 document of a service: events told and heard, with topics, keys, headers and schemas."""

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from shared.kernel import Event

_TEXT = {"type": "string"}
HEADERS: dict[str, Any] = {
    "type": "object",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {**_TEXT, "description": "идентификатор события; вместе с ce_source различает повторы"},
        "ce_source": {**_TEXT, "description": "кто рассказал"},
        "ce_type": {**_TEXT, "description": "вид события"},
        "ce_time": {**_TEXT, "format": "date-time", "description": "когда произошло"},
        "ce_partitionkey": {**_TEXT, "description": "то же, что ключ записи Kafka"},
        "ce_sequence": {**_TEXT, "description": "номер события внутри ключа, растёт на единицу"},
        "ce_correlationid": {**_TEXT, "description": "общий номер всего, что следует из одного запроса"},
        "ce_causationid": {**_TEXT, "description": "идентификатор сообщения, из которого следует это"},
        "ce_traceparent": {**_TEXT, "description": "W3C trace context"},
        "content-type": {"const": "application/json"},
    },
}


def _summary(event: type[Event]) -> str:
    return (event.__doc__ or "").strip().split("\n", 1)[0]


def _message(event: type[Event], schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "summary": _summary(event),
        "contentType": "application/json",
        "headers": {
            "allOf": [{"$ref": "#/components/schemas/CloudEventHeaders"}],
            "properties": {"ce_type": {"const": event.TYPE}},
        },
        "payload": schema,
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {"kafka": {"key": {**_TEXT, "description": "чей порядок хранится"}}},
    }


def _operation(action: str, topic: str, events: Sequence[type[Event]]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{event.__name__}"} for event in events],
    }


def _by_topic(events: Sequence[type[Event]]) -> dict[str, list[type[Event]]]:
    topics: dict[str, list[type[Event]]] = {}
    for event in events:
        topics.setdefault(event.topic(), []).append(event)
    return topics


def _channel(topic: str, events: Sequence[type[Event]]) -> dict[str, Any]:
    return {
        "address": topic,
        "messages": {one.__name__: {"$ref": f"#/components/messages/{one.__name__}"} for one in events},
        "bindings": {"kafka": {"topic": topic}},
    }


def document(
    *,
    service: str,
    title: str,
    version: str = "1.0.0",
    told: Sequence[type[Event]] = (),
    heard: Sequence[type[Event]] = (),
) -> dict[str, Any]:
    """The document of one service; `told` are sent, `heard` are received."""
    events = list(dict.fromkeys([*told, *heard]))
    mode: JsonSchemaMode = "serialization"
    schemas, defined = models_json_schema(
        [(event, mode) for event in events], ref_template="#/components/schemas/{model}"
    )
    tells = {f"tell.{topic}": _operation("send", topic, those) for topic, those in _by_topic(told).items()}
    hears = {f"hear.{topic}": _operation("receive", topic, those) for topic, those in _by_topic(heard).items()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": title,
            "version": version,
            "description": f"События службы {service}: CloudEvents 1.0.",
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, those) for topic, those in _by_topic(events).items()},
        "operations": tells | hears,
        "components": {
            "messages": {event.__name__: _message(event, schemas[event, mode]) for event in events},
            "schemas": {"CloudEventHeaders": HEADERS, **defined.get("$defs", {})},
        },
    }
