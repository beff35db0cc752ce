"""A trend as open data: CSV with a line per series and year; the four kinds of value by their state, never by zero."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from services.scoring.domain.tables import decimals
from shared.texts import safe_cell

COLUMNS = (
    "id", "name", "oktmo", "group", "title", "period", "state", "basis", "of", "methodology",
    "points", "maximum", "share", "percent", "level", "rank", "reason", "changed", "not_permitted",
    "points_decimal", "share_decimal", "procedures", "procedures_of",
)  # fmt: skip


def trend_csv(trend: Mapping[str, Any]) -> bytes:
    """Every line of every series; `of` names what a line was made of, `changed` what stands before it.

    `not_permitted` names the procedures in it that may not be used for scoring municipalities; `procedures` says of
    how many procedures there were data, `procedures_of` how many applied.
    """
    flagged: dict[tuple[str, str], list[str]] = {}
    for one in trend["flags"]:
        flagged.setdefault((one["group"], one["period"]), []).append(one["procedure"])
    text = io.StringIO()
    out = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", lineterminator="\r\n")
    out.writeheader()
    for series in trend["series"]:
        for line in _lines(series):
            line["not_permitted"] = " ".join(flagged.get((line["group"], line["period"]), ()))
            out.writerow({key: safe_cell(line[key]) for key in COLUMNS if line.get(key) is not None})
    return text.getvalue().encode()


def _lines(series: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for line in series["lines"]:
        before = [one["words"] for one in series["breaks"] if one["before"] == line["period"]]
        of = [part["municipality"]["id"] for part in line["parts"]]
        told = {"group": series["group"], "title": series["title"], "of": "; ".join(of), "changed": "; ".join(before)}
        coverage = line["coverage"] or {}
        told |= {"procedures": coverage.get("procedures"), "procedures_of": coverage.get("of")}
        yield {**line, **line["municipality"], **told, **decimals(line)}
