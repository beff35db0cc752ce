"""What is computed over stored facts in a process of its own: a line that says what, then the facts as stored."""

from typing import BinaryIO

import orjson

from services.scoring.domain.clusters import clusters_of
from services.scoring.domain.signs.tables import Wanted, signs_of
from shared.mongo.raw import documents

PERCENT = 100
NAN = float("nan")


def group_schools(stream: BinaryIO) -> bytes:
    """Clusters of schools by the means of a year's procedures, in the other process."""
    told = orjson.loads(stream.readline())
    means: dict[str, dict[str, tuple[int, float]]] = {}
    for row in documents(stream):
        mean = (row.get("values") or {}).get("percent")
        held = means.setdefault(row["organization"], {})
        known = held.get(row["procedure"])
        if known is None or known[0] < row["revision"]:
            held[row["procedure"]] = (row["revision"], NAN if mean is None else float(mean) / PERCENT)
    rows = [
        (school, {name: mean for name, (_, mean) in held.items() if mean == mean})  # noqa: PLR0124 - not a number
        for school, held in means.items()
    ]
    return orjson.dumps(clusters_of(rows, k=told["k"]))


def group_units(data: bytes) -> bytes:
    """Clusters of units given with their numbers, in the other process."""
    told = orjson.loads(data)
    return orjson.dumps(clusters_of([(unit, values) for unit, values in told["rows"]], k=told["k"]))


def look_for_signs(stream: BinaryIO) -> bytes:
    """The signs of a year, in the other process."""
    told = orjson.loads(stream.readline())
    wanted = Wanted(told["year"], told["keys"], told["parameters"])
    return orjson.dumps(signs_of(wanted, documents(stream)))
