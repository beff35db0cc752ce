"""Makes `docs/events.md` and the kept JSON Schemas of all events: `python -m deploy.cli.events [--write]`.

Without `--write` it only says what differs (exit 1). With it, a schema is replaced only where the change is compatible
in both directions: a reader of today takes what the kept schema allows, a reader of the kept schema takes what is told
today. A breaking change is a new `.v2` type beside the old one.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import jsoncompat
import yaml

from deploy.local.kafka.declared import DECLARED
from deploy.local.settings import ROOT, SERVICES
from shared.kernel import Event

SCHEMAS = ROOT / "tests" / "contracts" / "schemas"
PAGE = ROOT / "docs" / "events.md"
REMEDY = "python -m deploy.cli.events --write"
Schema = dict[str, Any]


def declared() -> dict[str, type[Event]]:
    """Every event class of every service by its type, in the order of the services."""
    found: dict[str, type[Event]] = {}
    for service in SERVICES:
        if importlib.util.find_spec(f"services.{service}.events") is not None:
            module = importlib.import_module(f"services.{service}.events")
            own = [one for one in vars(module).values() if inspect.isclass(one) and issubclass(one, Event)]
            found |= {one.TYPE: one for one in own if getattr(one, "TYPE", "")}
    return found


def hearers() -> dict[str, list[str]]:
    """Which services hear each type."""
    found: dict[str, list[str]] = {}
    for service in SERVICES:
        if importlib.util.find_spec(f"services.{service}.consumers") is not None:
            module = importlib.import_module(f"services.{service}.consumers")
            for event in module.HEARS:
                found.setdefault(event.TYPE, []).append(service)
    return found


def schema_of(event: type[Event]) -> Schema:
    """What a reader of this class takes: the schema that is kept."""
    return event.model_json_schema(mode="validation")


def broken(kept: Schema, event: type[Event]) -> list[str]:
    """Which directions a class breaks against its kept schema; empty where the change is compatible."""
    reads = _takes(schema_of(event), _closed(kept))
    read = _takes(kept, _closed(event.model_json_schema(mode="serialization")))
    told = [] if reads else ["the class no longer reads what was told under the kept schema"]
    return told if read else [*told, "readers of the kept schema cannot read what the class tells"]


def _takes(reader: Schema, writer: Schema) -> bool:
    """Whether an open reader takes all that a closed writer can say."""
    return jsoncompat.check_compat(json.dumps(_plain(writer)), json.dumps(_plain(reader)), role="deserializer")


def _closed(schema: Any) -> Any:
    """The same where an object has no other fields than those named: what a writer really says."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    return closed | {"additionalProperties": False} if isinstance(closed.get("properties"), dict) else closed


def _plain(schema: Any) -> Any:
    """Without what says nothing of compatibility, and with unions in the one form that the checker compares."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    names = {name: "anyOf" if name == "oneOf" else name for name in schema if name != "discriminator"}
    return {names[name]: _plain(schema[name]) for name in names}


def kept_path(kind: str) -> Path:
    """Where the schema of a type is kept."""
    return SCHEMAS / f"{kind}.json"


def shown(schema: Schema) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def page() -> str:
    """The whole of `docs/events.md`."""
    topics = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))["topics"]
    heard = hearers()
    parts = [_OPENING]
    parts += [_row(event, heard.get(kind, [])) for kind, event in declared().items()]
    parts += [_FOREIGN, _TIMES]
    for kind, event in declared().items():
        parts.append(_section(event, heard.get(kind, []), topics[event.topic()]))
    return "\n".join(parts) + "\n"


_OPENING = f"""# Events

Generated from `services/*/events`, `services/*/consumers` and `deploy/topics.yaml` by `{REMEDY}`; a test holds it
equal. Every event is a CloudEvent 1.0 in binary mode: attributes in `ce_*` headers, the fields below as the JSON value,
at most 64 KiB. `ce_id` with `ce_source` tells repeats apart; `ce_sequence` grows by one within a key.

| type | topic | told by | heard by |
|---|---|---|---|"""
_FOREIGN = """
From other systems: `ru.rsoko.intake.result.reported.v1` on `monitoring.intake.v1` (or `POST /v1/events` of monitoring),
key = the municipality's id or OKTMO code, or empty; heard by monitoring. Its data is the body of `POST /v1/results`
without `source`."""
_TIMES = """
`data_at` of what scoring tells is the time of the change itself, whatever it came from: a result, an act, an edition of
the methodology. The `data_at` of a rating is when its last result was recorded, and may be years before. Whoever asks
after such an event: a live rating or score includes the change when its `as_of` is not earlier."""


def _row(event: type[Event], heard: list[str]) -> str:
    kind = event.TYPE
    return f"| [`{kind}`](#{_anchor(kind)}) | `{event.topic()}` | {_teller(kind)} | {', '.join(heard) or '—'} |"


def _anchor(kind: str) -> str:
    return kind.replace(".", "")


def _teller(kind: str) -> str:
    return kind.split(".")[2]


def _section(event: type[Event], heard: list[str], topic: dict[str, Any]) -> str:
    schema = schema_of(event)
    kept = "compacted" if topic.get("cleanup_policy") == "compact" else "kept for days"
    lines = [
        "",
        f"## {event.TYPE}",
        "",
        (event.__doc__ or "").strip(),
        "",
        (
            f"Topic `{event.topic()}` ({topic['partitions']} partitions, {kept}), key `{key_of(event)}`. "
            f"Told by {_teller(event.TYPE)}, heard by {', '.join(heard) or 'nobody inside yet'}."
        ),
        "",
        *_fields(schema),
    ]
    for name, part in schema.get("$defs", {}).items():
        lines += ["", f"`{name}`: {part.get('description', '')}", "", *_fields(part)]
    return "\n".join(lines)


def key_of(event: type[Event]) -> str:
    """The expression of the event's key as its class states it, without `self.`."""
    read = next(vars(one)["key"] for one in event.__mro__ if "key" in vars(one))
    tree = ast.parse(textwrap.dedent(inspect.getsource(read.fget)))
    given = next(node.value for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is not None)
    return ast.unparse(given).replace("self.", "")


def _fields(schema: Schema) -> list[str]:
    required = set(schema.get("required", ()))
    rows = [
        f"| `{name}` | {_kind(field)} | {'yes' if name in required else 'no'} |"
        for name, field in schema.get("properties", {}).items()
    ]
    return ["| field | kind | always there |", "|---|---|---|", *rows]


def _kind(field: Schema) -> str:
    """A field's kind in a few words."""
    if "anyOf" in field:
        return " or ".join(_kind(one) for one in field["anyOf"])
    if "$ref" in field:
        return f"`{field['$ref'].rpartition('/')[2]}`"
    if "enum" in field:
        return "one of " + ", ".join(f"`{one}`" for one in field["enum"])
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    if isinstance(of := field.get("additionalProperties"), dict):
        return f"map of names to {_kind(of)}"
    return " ".join(filter(None, (str(field.get("type", "any")), str(field.get("format", "")))))


def differences() -> list[str]:
    """What is not as it is kept, each in a line: a schema or the page."""
    if lacking := undeclared():
        return lacking
    told = declared()
    stale = [f"{kind}: kept, but no class declares it" for kind in _kept() if kind not in told]
    for kind, event in told.items():
        path = kept_path(kind)
        if not path.exists():
            stale.append(f"{kind}: no schema is kept")
        elif path.read_text(encoding="utf-8") != shown(schema_of(event)):
            why = broken(json.loads(path.read_text(encoding="utf-8")), event)
            stale.append(f"{kind}: {'; '.join(why) or 'changed compatibly'}")
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        stale.append("docs/events.md: not as the classes say")
    return stale


def undeclared() -> list[str]:
    """Types whose topic is not declared, each in a line; the page says of every topic how long it is kept."""
    topics = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))["topics"]
    lacking = {kind: event.topic() for kind, event in declared().items() if event.topic() not in topics}
    return [f"{kind}: declare its topic {topic} in deploy/topics.yaml" for kind, topic in lacking.items()]


def _kept() -> list[str]:
    return sorted(path.stem for path in SCHEMAS.glob("*.json"))


def write() -> list[str]:
    """Write the page and every schema that is new or changed compatibly; the refused changes."""
    refused: list[str] = []
    SCHEMAS.mkdir(parents=True, exist_ok=True)
    for kind, event in declared().items():
        path = kept_path(kind)
        why = broken(json.loads(path.read_text(encoding="utf-8")), event) if path.exists() else []
        if why:
            refused.append(f"{kind}: {'; '.join(why)}; make a .v2 type beside it")
        else:
            path.write_text(shown(schema_of(event)), encoding="utf-8")
    if lacking := undeclared():
        return refused + lacking
    PAGE.write_text(page(), encoding="utf-8")
    return refused


def main(words: list[str]) -> int:
    """0 where all is as kept (or was written), 1 otherwise."""
    found = write() if "--write" in words else differences()
    sys.stderr.write("".join(f"{line}\n" for line in found))
    if found and "--write" not in words:
        sys.stderr.write(f"accept a compatible change with: {REMEDY}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
