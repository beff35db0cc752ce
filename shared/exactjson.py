"""JSON without loss: numbers are ints or Decimals, never floats; what is not exact or safe is refused."""

import json
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import orjson

from shared.kernel import Malformed, number_text

DEEPEST = 32
# More than any document of ours has: millions of `{}` in a few megabytes would be hundreds of megabytes of objects.
MOST_KEYS, MOST_PARTS = 2_000, 100_000
DIGITS = 30
_EXPONENT = re.compile(r"[eE]([+-]?\d+)$")
# A string, or a number as the decoder reads it.
_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|(NaN|-?Infinity|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)', re.DOTALL
)
_BOM = b"\xef\xbb\xbf"
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class _OddNumber(Exception):
    """A number that is not taken; `written` as it stands in the text."""

    def __init__(self, code: str, detail: str, written: str) -> None:
        super().__init__(code)
        self.code, self.detail, self.written = code, detail, written


def _refused(code: str, detail: str) -> Malformed:
    return Malformed(code, "Тело не читается как JSON", detail)


def _whole(text: str) -> int:
    if len(text) > DIGITS + 1:
        raise _OddNumber("number-too-long", f"в числе больше {DIGITS} цифр: {text[:20]}…", text)
    return int(text)


def _decimal(text: str) -> Decimal:
    exponent = _EXPONENT.search(text)
    if len(text) > 2 * DIGITS or (exponent and (len(exponent[1]) > len("+99") or abs(int(exponent[1])) > DIGITS)):
        detail = f"в числе больше {DIGITS} цифр или слишком большая степень: {text[:20]}…"
        raise _OddNumber("number-too-long", detail, text)
    return Decimal(text)


def _constant(text: str) -> Any:
    raise _OddNumber("not-a-number", f"{text} не число: запишите число, строку с числом или null.", text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS:
        raise _refused("too-many-keys", f"Ключей в одном объекте: {len(pairs)}, можно не больше {MOST_KEYS}.")
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise _refused("duplicate-key", f"Ключ «{twice[:100]}» записан дважды.")
    return found


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_int=_whole, parse_constant=_constant, object_pairs_hook=_once)


def _place(text: str, written: str) -> str:
    """Where this number stands first: what is read before it was taken."""
    at = next((one.start() for one in _TOKEN.finditer(text) if one[1] == written), 0)
    return f"Строка {text.count(chr(10), 0, at) + 1}, столбец {at - text.rfind(chr(10), 0, at)}"


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level := [child for one in level for child in _children(one)]:
        depth += 1
        if depth > DEEPEST:
            raise _refused("too-deep", f"Вложенность больше {DEEPEST} уровней.")


def _check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        raise _refused("invalid-encoding", "В строке записана половина знака (\\ud800–\\udfff без пары).") from None


def _value(body: bytes) -> Any:
    if body.startswith(_BOM):
        raise _refused("malformed-json", "Тело начинается с метки порядка байтов (BOM): запишите его в UTF-8 без BOM.")
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _refused("invalid-encoding", f"Тело не в кодировке UTF-8: байт {error.start + 1}.") from None
    except _OddNumber as error:
        raise _refused(error.code, f"{_place(body.decode(), error.written)}: {error.detail}") from None
    except json.JSONDecodeError as error:
        place = f"строка {error.lineno}, столбец {error.colno}"
        raise _refused("malformed-json", f"Ошибка записи: {place}. Проверьте кавычки, запятые и скобки.") from None
    except RecursionError:
        raise _refused("too-deep", f"Вложенность больше {DEEPEST} уровней.") from None


def read(body: bytes) -> Any:
    """The value of a JSON text in UTF-8; Malformed names the line and column, or what is not taken."""
    parts = body.count(b"[") + body.count(b"{")
    if parts > MOST_PARTS:
        raise _refused("too-many-parts", f"Объектов и массивов {parts}, можно не больше {MOST_PARTS}.")
    value = _value(body)
    if parts > DEEPEST:
        _check_depth(value)
    if _ESCAPED_SURROGATE.search(body):
        _check_surrogates(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | Fraction):
        return number_text(Fraction(value))
    if isinstance(value, frozenset | set):
        return sorted(value)
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        return dump(mode="python")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def write(value: Any) -> bytes:
    """JSON bytes; Decimals and Fractions become exact strings, aware times RFC 3339."""
    try:
        return orjson.dumps(value, default=_plain)
    except orjson.JSONEncodeError:  # an integer over 64 bits
        return json.dumps(value, default=_plain, ensure_ascii=False).encode("utf-8", "replace")
