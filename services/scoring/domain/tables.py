"""A rating as open data: CSV with a line per municipality."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from shared.texts import safe_cell

COLUMNS = (
    "rank", "id", "name", "oktmo", "points", "maximum", "share", "percent", "level", "level_conflict", "reason",
    "state", "not_permitted",
)  # fmt: skip


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
