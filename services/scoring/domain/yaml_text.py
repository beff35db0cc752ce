"""A YAML text as plain data with the line of every place; nothing that YAML guesses, repeats or hides."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from shared.kernel import FieldError, Refused

MAX_SIZE = 262_144
MAX_DEPTH = 16
MAX_EVENTS = 50_000
TITLE = "Методика не принята"


@dataclass(frozen=True, slots=True)
class Parsed:
    """The data of a text and the line (from 1) of every JSON pointer in it."""

    data: Any
    lines: dict[str, int] = field(default_factory=dict)


def refused(*errors: FieldError) -> Refused:
    """The one refusal of a methodology, with every wrong place."""
    return Refused("invalid-methodology", TITLE, f"Ошибок: {len(errors)}", errors=errors)


def step(pointer: str, key: object) -> str:
    """A JSON pointer one step deeper (RFC 6901)."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def read_yaml(text: str) -> Parsed:
    """The data of a YAML text; numbers as int or Decimal, never floats.

    Refused (`invalid-methodology`): broken YAML, repeated keys, anchors, depth or size over the limit.
    """
    if len(text) > MAX_SIZE:
        raise refused(FieldError("", "too-large", f"Больше {MAX_SIZE} знаков", "Разделите документ"))
    try:
        _survey(text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise refused(_broken(error, text)) from None
    except UnicodeEncodeError as error:
        where = f"знак {error.start + 1}: "
        raise refused(FieldError("", "broken-yaml", f"{where}не Unicode", "Сохраните документ в UTF-8")) from None
    if node is None:
        raise refused(FieldError("", "empty", "Документ пуст", "Опишите методику"))
    lines: dict[str, int] = {}
    errors: list[FieldError] = []
    data = _plain(node, "", lines=lines, errors=errors)
    if errors:
        raise refused(*errors)
    return Parsed(data, lines)


def _broken(error: yaml.YAMLError, text: str) -> FieldError:
    mark = getattr(error, "problem_mark", None)
    last = len(text.splitlines())
    where = f"строка {min(mark.line + 1, last)}, столбец {mark.column + 1}: " if mark else ""
    remedy = "Проверьте отступы, кавычки и двоеточия в этом месте"
    return FieldError("", "broken-yaml", f"{where}это не YAML", remedy)


def _survey(text: str) -> None:
    """Walk the parser's events first: they cost no recursion, so depth and aliases are refused in time."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        mark = event.start_mark
        line = mark.line + 1 if mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = f"строка {line}: якоря и ссылки (& и *) не принимаются"
            raise refused(FieldError("", "anchor", message, "Напишите значение целиком"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or count > MAX_EVENTS:
            message = f"строка {line}: вложенность больше {MAX_DEPTH} или знаков разметки больше {MAX_EVENTS}"
            raise refused(FieldError("", "too-large", message, "Упростите документ"))


def _plain(node: yaml.Node, pointer: str, *, lines: dict[str, int], errors: list[FieldError]) -> Any:
    lines[pointer] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_pairs(node, pointer, lines=lines, errors=errors))
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_plain(item, step(pointer, index), lines=lines, errors=errors) for index, item in items]
    return _scalar(node)


def _pairs(
    node: yaml.MappingNode, pointer: str, *, lines: dict[str, int], errors: list[FieldError]
) -> Iterator[tuple[str, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            message = f"строка {line}: ключ должен быть строкой, а не списком и не объектом"
            errors.append(FieldError(pointer, "broken-yaml", message, "Напишите ключ одним словом"))
            continue
        key = str(key_node.value)
        here = step(pointer, key)
        if key in seen:
            message = f"строка {line}: ключ «{key}» уже стоит в строке {seen[key]}"
            errors.append(FieldError(here, "duplicate-key", message, "Оставьте один из них"))
        seen.setdefault(key, line)
        yield key, _plain(value_node, here, lines=lines, errors=errors)


def _scalar(node: yaml.Node) -> Any:
    kind, text = node.tag.rpartition(":")[2], str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    digits = text.lstrip("-")
    if kind == "int" and digits.isascii() and digits.isdigit() and len(digits) <= 30:  # noqa: PLR2004 - a limit of ours, see Place.number
        return int(text)
    if kind == "float" and digits.replace(".", "", 1).isdigit() and len(digits) <= 30:  # noqa: PLR2004 - as above
        return Decimal(text)
    return text
