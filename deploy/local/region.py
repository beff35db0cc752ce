"""The region's public data of 2022 as bodies of API requests: municipalities, procedures, sources, results."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from deploy.local.roadmaps import read_roadmaps

DATA = Path(__file__).resolve().parents[2] / "data"
METHODOLOGY = "complex-analytics-2022"
PERIOD = "2022"
REGION = "74"
# The data show how things stood in 2022; the classifier of the codes (OKTMO, OK 033-2013) is in force since then.
CODES_SINCE = "2014-01-01"
OCCURRED_AT = "2022-12-30T12:00:00+05:00"
COMMENT = "Разбивка баллов группы по процедурам и показателям условная: опубликованы только суммы групп."
OPTIONAL = "project_500_plus"
GROUPS = ("conditions", "results", "processes")
INDICATOR_POINTS = 2
Body = dict[str, Any]
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Region:
    """Bodies for `POST /v1/municipalities/import` (items), `PUT /v1/procedures/{key}`, `PUT /v1/sources/{key}`,
    `POST /v1/results`, `PUT /v1/roadmaps/{key}`, and the methodology's YAML; in a fixed order.
    """

    municipalities: tuple[Body, ...]
    procedures: tuple[Body, ...]
    sources: tuple[Body, ...]
    results: tuple[Body, ...]
    methodology: str
    roadmaps: tuple[Body, ...] = ()


def read_region(folder: Path = DATA) -> Region:
    """The region from the folder of its data; raises OSError where a file is missing."""
    municipalities, procedures = rows(folder / "municipalities_chelyabinsk.csv"), rows(folder / "procedures.csv")
    ids = {row["oktmo"]: row["id"] for row in municipalities}
    return Region(
        municipalities=tuple(map(_municipality, municipalities)),
        procedures=tuple(map(_procedure, procedures)),
        sources=_sources(),
        results=tuple(results(rows(folder / "group_points_2022.csv"), procedures, ids)),
        methodology=(folder / "methodologies" / f"{METHODOLOGY}.yaml").read_text(encoding="utf-8"),
        roadmaps=read_roadmaps(folder),
    )


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(points: int, maxima: Sequence[int]) -> list[int]:
    """Whole points over parts in proportion to their maxima: largest remainder, ties in the given order.

    No part exceeds its maximum. Raises ValueError where the points are more than all maxima.
    """
    whole = sum(maxima)
    if not 0 <= points <= whole:
        raise ValueError(f"{points} points do not fit into {whole}")
    quotas = [Fraction(points * maximum, whole) for maximum in maxima]
    parts = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(maxima)), key=lambda index: parts[index] - quotas[index])
    for index in by_remainder[: points - sum(parts)]:
        parts[index] += 1
    return parts


def indicators(maximum: int) -> dict[str, int]:
    """The assumed indicators of a procedure: `i1`, `i2`, … of 2 points, the last of 1 where the maximum is odd."""
    count = -(-maximum // INDICATOR_POINTS)
    return {f"i{number + 1}": min(INDICATOR_POINTS, maximum - INDICATOR_POINTS * number) for number in range(count)}


def fill(points: int, maximum: int) -> dict[str, int]:
    """Points over the assumed indicators: each in turn to its maximum."""
    values: dict[str, int] = {}
    for key, most in indicators(maximum).items():
        values[key] = min(most, points)
        points -= values[key]
    return values


def results(points: Sequence[Row], procedures: Sequence[Row], ids: Mapping[str, str]) -> Iterator[Body]:
    """One body per municipality and procedure that applied; the points of a group are split as assumed."""
    for row in points:
        for group in GROUPS:
            applied = _applied(row, group, procedures)
            maxima = [int(one["assumed_maximum"]) for one in applied]
            parts = split(int(row[f"{group}_points"]), maxima)
            for procedure, part, maximum in zip(applied, parts, maxima, strict=True):
                yield _result(ids[row["oktmo"]], procedure["key"], fill(part, maximum))


def _applied(row: Row, group: str, procedures: Sequence[Row]) -> list[Row]:
    """The procedures of a group by code; where the published maximum is less, the optional one did not apply."""
    every = sorted((one for one in procedures if one["group"] == group), key=lambda one: int(one["code"]))
    whole = sum(int(one["assumed_maximum"]) for one in every)
    if int(row[f"{group}_max"]) == whole:
        return list(every)
    return [one for one in every if one["key"] != OPTIONAL]


def _result(municipality: str, procedure: str, values: Mapping[str, int]) -> Body:
    return {
        "procedure": procedure,
        "subject": {"municipality": municipality},
        "period": PERIOD,
        "values": dict(values),
        "source": METHODOLOGY,
        "occurred_at": OCCURRED_AT,
        "comment": COMMENT,
        "notify": False,
    }


def _municipality(row: Row) -> Body:
    named = {"name": row["name"], "kind": row["kind"], "oktmo": row["oktmo"]}
    return {
        "id": row["id"],
        "region": REGION,
        "history": [named | {"valid_from": CODES_SINCE, "valid_to": None}],
        "succession": [],
        "centre": row["centre"] or None,
        "population": int(row["population"]),
        "children": int(row["children"]),
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "tile_col": int(row["tile_col"]),
        "tile_row": int(row["tile_row"]),
    }


def _procedure(row: Row) -> Body:
    maxima = indicators(int(row["assumed_maximum"]))
    return {
        "key": row["key"],
        "code": int(row["code"]),
        "group": row["group"],
        "name": row["title"],
        "maximum": row["assumed_maximum"],
        "assumed": True,
        "indicators": [
            {"key": key, "name": f"Показатель {key[1:]} (условный)", "maximum": str(maximum)}
            for key, maximum in maxima.items()
        ],
        "subject": "either",
        "permitted_uses": row["permitted_uses"].split(";"),
        "act": row["act"] or None,
    }


def _sources() -> tuple[Body, ...]:
    named: dict[str, tuple[str, list[str], bool]] = {
        METHODOLOGY: ("Опубликованные баллы муниципалитетов за 2022 год", [], False),
        "gis-education": ("Региональная информационная система «Образование»", ["gis-education"], True),
        "demo": ("Демонстрационный источник", ["demo"], True),
        "portal": ("Портал: результаты, введённые вручную", [], True),
    }
    return tuple(
        {"key": key, "name": name, "procedures": "all", "clients": clients, "people": people}
        for key, (name, clients, people) in named.items()
    )
