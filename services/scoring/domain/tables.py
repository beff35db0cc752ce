"""A rating as open data: CSV with a line per municipality."""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

COLUMNS = (
    "rank", "id", "name", "oktmo", "points", "maximum", "share", "percent", "level", "level_conflict", "reason",
    "state", "not_permitted",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A Russian spreadsheet takes ; for the border of cells, whatever this file's is: a formula may begin behind it.
_BORDER = re.compile(r"""([;\t\r\n][\s"']*)([=+\-@])""")
# An exact number below zero begins like a formula and is none.
_NUMBER = re.compile(r"-?[0-9]+([./][0-9]+)?")


def rating_csv(rating: Mapping[str, Any]) -> bytes:
    """The rows of a rating, then those without a score with their state and the reason; UTF-8, comma, header.

    Every line names the procedures of the table that may not be used for scoring municipalities.
    """
    flagged = " ".join(one["procedure"] for one in rating["flags"])
    text = io.StringIO()
    out = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\r\n")
    out.writeheader()
    for row in (*rating["rows"], *rating["no_data"]):
        line = {"state": "scored", "not_permitted": flagged, **row, **row["municipality"]}
        out.writerow({key: safe_cell(line[key]) for key in COLUMNS if line.get(key) is not None})
    return text.getvalue().encode()


def safe_cell(value: Any) -> Any:
    """No text that a spreadsheet would run as a formula, also where it divides the line by semicolons or tabs."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    harmless = _BORDER.sub(r"\1'\2", value)
    return f"'{harmless}" if harmless.startswith(_FORMULA) else harmless
