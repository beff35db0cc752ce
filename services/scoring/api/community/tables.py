"""The nine indicators as CSV: of one municipality a line per counted item, of all a line per indicator."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.texts import safe_cell

VALUE = ("code", "title", "state", "value", "percent", "reason")
ONE = (*VALUE, "part", "what", "id", "date", "source", "origin")
ALL = ("municipality", "name", "oktmo", "year", *VALUE, "counted", "of", "year_before")
PARTS = ("numerator", "denominator", "before")
Row = Mapping[str, Any]


def indicators_csv(found: Row) -> bytes:
    """A line for each indicator, then one for each item of each of its parts."""
    return _csv(ONE, _lines(found["indicators"]))


def everywhere_csv(found: Sequence[Row]) -> bytes:
    """A line for each municipality and indicator."""
    return _csv(ALL, (_whose(one) | dict(each) for one in found for each in one["indicators"]))


def _whose(one: Row) -> dict[str, Any]:
    named = one["municipality"]
    return {"municipality": named["id"], "name": named["name"], "oktmo": named["oktmo"], "year": one["year"]}


def _lines(indicators: Iterable[Row]) -> Iterator[Row]:
    for one in indicators:
        yield one
        for part in PARTS:
            for item in (one[part] or {}).get("items", ()):
                yield {"code": one["code"], "part": part, **item}


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    out = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    out.writeheader()
    for row in rows:
        out.writerow({key: safe_cell(row[key]) for key in columns if row.get(key) is not None})
    return text.getvalue().encode()
