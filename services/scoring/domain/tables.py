"""A rating as open data: CSV with a line per municipality."""

import csv
import io
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from services.scoring.domain.methodology import half_up
from shared.texts import safe_cell

COLUMNS = (
    "rank", "id", "name", "oktmo", "points", "maximum", "share", "percent", "level", "level_conflict", "reason",
    "state", "not_permitted", "points_decimal", "share_decimal",
)  # fmt: skip
PLACES = 6


def rating_csv(rating: Mapping[str, Any]) -> bytes:
    """The rows of a rating, then those without a score with their state and the reason; UTF-8, comma, header.

    Every line names the procedures of the table that may not be used for scoring municipalities.
    """
    flagged = " ".join(one["procedure"] for one in rating["flags"])
    text = io.StringIO()
    out = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\r\n")
    out.writeheader()
    for row in (*rating["rows"], *rating["no_data"]):
        line = {"state": "scored", "not_permitted": flagged, **row, **row["municipality"], **decimals(row)}
        out.writerow({key: safe_cell(line[key]) for key in COLUMNS if line.get(key) is not None})
    return text.getvalue().encode()


def decimals(row: Mapping[str, Any]) -> dict[str, str]:
    """Points and share of a row with six places, rounded half up; of one without a score none.

    Always so many: a spreadsheet takes the exact `1/9` for a date, a Russian one `7.5`, too.
    """
    told = {name: row[name] for name in ("points", "share") if row.get(name) is not None}
    return {f"{name}_decimal": _decimal(Fraction(exact)) for name, exact in told.items()}


def _decimal(number: Fraction) -> str:
    whole, rest = divmod(half_up(number * 10**PLACES), 10**PLACES)
    return f"{whole}.{rest:0{PLACES}}"
