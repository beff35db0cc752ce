"""The slope of some years: marks of each, letters where the methodology or the territory changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from services.portal.show.pictures.marks import mark_of, said
from shared.pictures import Break, Caption, slope

LETTERS = {"methodology": "М", "territory": "Т"}


def short(period: str) -> str:
    """A period under a column: `2022`, `2021/22`."""
    first, _, last = period.partition("-")
    return f"{first}/{last[2:]}" if last else first


def year_slope(series: Mapping[str, Any], name: str, title: str, *, noted: Sequence[Any] = ()) -> Markup:
    """The slope of one series of a trend; breaks `noted` elsewhere on the page keep their letter only."""
    lines = series["lines"]
    at = {line["period"]: number for number, line in enumerate(lines)}
    found = [
        Break(at[one["after"]], LETTERS[one["kind"]], "" if one in noted else one["words"]) for one in series["breaks"]
    ]
    told = [f"{line['period']} — {said(line)}" for line in lines]
    told += [f"между {one['after']} и {one['before']}: {one['words']}" for one in series["breaks"]]
    columns = [(short(line["period"]), mark_of(line)) for line in lines]
    caption = Caption(name, title, "; ".join(told))
    return Markup(slope(columns, caption, breaks=found))  # noqa: S704 - made and escaped by shared.pictures
