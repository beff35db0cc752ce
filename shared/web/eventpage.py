"""The AsyncAPI document as a page for people: rendered here, without scripts and without other hosts."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}: события</title><link rel="stylesheet" href="/docs/static/docs.css"></head>
<body><main><h1>{title}: события</h1><p>{about} <a href="/asyncapi.json">Документ AsyncAPI 3.0</a>.</p>
{body}</main></body></html>"""
_WORDS = {"send": "рассказывает", "receive": "слушает"}


def _named(reference: str, document: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    name = reference.rsplit("/", 1)[-1]
    return name, document["components"]["schemas"][name]


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " или ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(f"<code>{escape(str(one))}</code>" for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"список: {_kind(schema.get('items', {}))}"
    if "additionalProperties" in schema and isinstance(schema["additionalProperties"], dict):
        return f"имя → {_kind(schema['additionalProperties'])}"
    form = schema.get("format")
    return escape(str(schema.get("type", "любое"))) + (f" ({escape(str(form))})" if form else "")


def _table(schema: Mapping[str, Any]) -> str:
    needed = set(schema.get("required", []))
    rows = "".join(
        f"<tr><th scope=row><code>{escape(name)}</code></th><td>{_kind(told)}</td>"
        f"<td>{'да' if name in needed else 'нет'}</td></tr>"
        for name, told in schema.get("properties", {}).items()
    )
    head = "<tr><th scope=col>поле</th><th scope=col>значение</th><th scope=col>обязательно</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _sections(document: Mapping[str, Any]) -> Iterator[str]:
    for operation in document["operations"].values():
        topic = operation["channel"]["$ref"].rsplit("/", 1)[-1]
        yield f"<h2><code>{escape(topic)}</code> — {_WORDS[operation['action']]}</h2>"
        for reference in operation["messages"]:
            message = document["components"]["messages"][reference["$ref"].rsplit("/", 1)[-1]]
            yield f"<h3>{escape(message['title'])}</h3><p><code>{escape(message['name'])}</code></p>"
            yield f"<p lang=en>{escape(message['summary'])}</p>"
            payload = message["payload"]
            yield _table(_named(payload["$ref"], document)[1] if "$ref" in payload else payload)
    yield "<h2>Составные значения</h2>"
    events = {message["title"] for message in document["components"]["messages"].values()}
    for name, schema in document["components"]["schemas"].items():
        if name not in events:
            yield f'<h3 id="{escape(name)}">{escape(name)}</h3>{_table(schema)}'


def event_page(document: Mapping[str, Any]) -> str:
    """The HTML page of an AsyncAPI document of ours."""
    info = document["info"]
    body = "\n".join(_sections(document))
    return _PAGE.format(title=escape(info["title"]), about=escape(info["description"]), body=body)
